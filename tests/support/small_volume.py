"""A volume of its own for a node's journal, so small that a story can fill it. Needs root, as CI has."""

import os
import subprocess

from tests.support.asterisk import Asterisk

SIZE_MB = 4
PAGE = 4096
LINE = '"PADDING"' + ',""' * 11


class SmallVolume:
    """Mounted over the journal's folder while the node is down; what lay there is back after `close`."""

    def __init__(self, node: Asterisk) -> None:
        self._folder, self._journal = node.journal.parent, node.journal
        self._filler = self._folder / "filler"
        uid, gid = node.host.owner
        options = f"size={SIZE_MB}m,mode=750,uid={uid},gid={gid}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "journal", self._folder], check=True)
        self._journal.touch()
        os.chown(self._journal, uid, gid)

    def close(self) -> None:
        """Unmount; also what a node left open is gone."""
        subprocess.run(["umount", "-l", self._folder], check=True)

    def leave(self, free_mb: float) -> None:
        """Fill all but so much."""
        self.free()
        room = os.statvfs(self._folder)
        self._fill(room.f_bavail * room.f_frsize - round(free_mb * 1024 * 1024))

    def fill(self, room_for: int) -> None:
        """Leave so many bytes for the next record: the journal's last page is padded by a line that means nothing."""
        self.free()
        size = self._journal.stat().st_size
        wanted = (PAGE - room_for - size) % PAGE
        if wanted < len(LINE) + 4:
            wanted += PAGE
        padding = LINE + ',"' + "x" * (wanted - len(LINE) - 4) + '"\n'
        assert len(padding) == wanted
        with self._journal.open("a") as journal:
            journal.write(padding)
        room = os.statvfs(self._folder)
        self._fill(room.f_bavail * room.f_frsize)
        assert os.statvfs(self._folder).f_bavail == 0

    def free(self) -> None:
        """Make room again."""
        self._filler.unlink(missing_ok=True)

    def _fill(self, size: int) -> None:
        with self._filler.open("wb") as filler:
            filler.write(b"\0" * size)
