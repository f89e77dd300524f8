"""The journal's files: the one that Asterisk writes, and those that were renamed away from it.

Asterisk opens the file for every record, one record at a time, and closes it again: a record goes either into the
renamed file, or into a new one that appears after it. So a renamed file is whole as soon as a newer one exists.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

STAMP = "%Y%m%dT%H%M%S%fZ"
_STAMPED = re.compile(r"-(\d{8}T\d{12}Z)$")


def in_order(path: Path) -> list[Path]:
    """All files of a journal, oldest first, the one at `path` last.

    Ours go by the stamp in their name, which always grows; files renamed by others (`legs.csv.1`) by their last write.
    """
    found = {*path.parent.glob(f"{path.stem}-*{path.suffix}"), *path.parent.glob(f"{path.name}.*")}
    keyed = []
    for file in found:
        if file.suffix in {".gz", ".xz", ".zst", ".bz2"}:
            continue
        when = stamp_of(file) if file.suffix == path.suffix else _written_at(file)
        if when is not None:
            keyed.append((when, file.name, file))
    renamed = [file for _when, _name, file in sorted(keyed)]
    return [*renamed, path] if path.is_file() else renamed


def stamp_of(file: Path) -> datetime | None:
    """When a file was renamed by us; None when it was not."""
    match = _STAMPED.search(file.stem)
    if match is None:
        return None
    try:
        return datetime.strptime(match.group(1), STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def rename_away(path: Path, now: datetime) -> Path:
    """Give the journal a name of its own, later than all before even if the clock went back; return it."""
    stamps = [stamp for file in in_order(path) if (stamp := stamp_of(file)) is not None]
    stamp = max([now, *(known + timedelta(microseconds=1) for known in stamps)])
    target = path.with_name(f"{path.stem}-{stamp.strftime(STAMP)}{path.suffix}")
    path.rename(target)
    return target


def delete_before(path: Path, oldest: datetime, read_inode: int) -> list[Path]:
    """Delete files that we renamed before `oldest`; never the one with that inode, which a stored position names, nor
    one after it. Return what was deleted."""
    deleted: list[Path] = []
    candidates = in_order(path)
    inodes = [file.stat().st_ino for file in candidates]
    if read_inode not in inodes:
        return deleted
    for file in candidates[: inodes.index(read_inode)]:
        stamp = stamp_of(file)
        if stamp is not None and stamp < oldest:
            file.unlink()
            deleted.append(file)
    return deleted


def is_same_file(path: Path, own: os.stat_result) -> bool:
    """Whether the file at that path is this one."""
    try:
        return path.stat().st_ino == own.st_ino
    except FileNotFoundError:
        return False


def _written_at(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
