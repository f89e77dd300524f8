"""A wall clock that a story can set for the processes that it starts; the machine's own is never touched."""

import mmap
import os
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("set_clock.c")


class WallClock:
    """`environment` goes to a process; inside a private root the folder has another name, `seen_as`."""

    def __init__(self, folder: Path) -> None:
        self._library, self._file = folder / "set_clock.so", folder / "clock"
        subprocess.run(["gcc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", self._library, SOURCE], check=True)
        self._file.write_bytes(struct.pack("=q", 0))
        for file in (self._library, self._file):
            file.chmod(0o755)
        handle = os.open(self._file, os.O_RDWR)
        self._page = mmap.mmap(handle, 8)
        os.close(handle)

    def environment(self, seen_as: str | Path | None = None) -> dict[str, str]:
        """Variables that put a process under this clock."""
        folder = Path(seen_as) if seen_as else self._library.parent
        return {
            "LD_PRELOAD": str(folder / self._library.name),
            "BSS_CLOCK_FILE": str(folder / self._file.name),
        }

    def set(self, seconds: float) -> None:
        """Let the wall clock differ from the machine's by so much, at once."""
        self._page[:8] = struct.pack("=q", round(seconds * 1e9))
