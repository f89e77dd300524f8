"""Reads a file that grows and is renamed at times, line by line, from a known position.

A file is known by its inode and its first line: inodes are used again. A line without an end waits: it is taken as cut
only when its file is finished, that is when a newer one stands at the path.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ..ledger_ports import JournalPosition
from . import files

CHUNK_BYTES = 131_072
"""Read at a time; also the longest line that waits for its end."""

FINGERPRINT_BYTES = 200
"""Of the first line, so much tells files apart: it holds a time in microseconds."""


class Line(NamedTuple):
    """A line without its end; `cut`: its end never came. `next_offset` is where the next one begins."""

    text: str
    offset: int
    next_offset: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of one file; `at_end`: there was nothing more to read."""

    file_id: str
    lines: tuple[Line, ...]
    at_end: bool

    @property
    def position(self) -> JournalPosition:
        """Where reading goes on after these lines."""
        return JournalPosition(self.file_id, self.lines[-1].next_offset)


class JournalTail:
    """Position is moved by `advance` only, after the lines were committed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._offset = 0
        self._committed_inode: int | None = None

    def resume(self, position: JournalPosition | None) -> bool:
        """Go on at a stored position; without one, or when its file is gone (False), read everything that is there."""
        self._close()
        if position is not None and self._go_to(position):
            return True
        oldest = next(iter(files.in_order(self._path)), None)
        if oldest is not None:
            self._file, self._offset = oldest.open("rb"), 0
        return position is None

    def _go_to(self, position: JournalPosition) -> bool:
        for candidate in files.in_order(self._path):
            file = candidate.open("rb")
            own = os.fstat(file.fileno())
            if own.st_size >= position.offset and _file_id(file) == position.file_id:
                self._file, self._offset, self._committed_inode = file, position.offset, own.st_ino
                return True
            file.close()
        return False

    def read(self) -> Chunk | None:
        """Next lines; None when there is no file yet. Moves on to the next file by itself when one is finished."""
        if self._file is None and not self._open_path():
            return None
        assert self._file is not None
        if os.fstat(self._file.fileno()).st_size < self._offset:
            self._offset = 0  # it was emptied in place
        successor = self._successor()  # before reading: what is read now is all of a file that has one
        raw = os.pread(self._file.fileno(), CHUNK_BYTES, self._offset)
        lines = self._whole_lines(raw)
        if lines:
            return Chunk(_file_id(self._file), lines, at_end=len(raw) < CHUNK_BYTES and successor is None)
        if raw and (successor is not None or len(raw) >= CHUNK_BYTES):
            cut = Line(raw.decode("utf-8", "replace"), self._offset, self._offset + len(raw), cut=True)
            return Chunk(_file_id(self._file), (cut,), at_end=False)
        if successor is not None:
            self._close()
            self._file, self._offset = successor.open("rb"), 0
            return self.read()
        return Chunk(_file_id(self._file), (), at_end=True)

    def advance(self, offset: int) -> None:
        """Lines up to there are committed."""
        assert self._file is not None
        self._offset = offset
        self._committed_inode = os.fstat(self._file.fileno()).st_ino

    def rotate(self, limit_bytes: int, now: datetime) -> Path | None:
        """Rename a journal that is over the limit and read to its end, but for what came just now: under load there
        always is some. Return its new name. Reading goes on in it until a newer file exists, so that neither this
        rest nor a record that is being written is missed."""
        if self._file is None:
            return None
        own = os.fstat(self._file.fileno())
        is_read = own.st_size - self._offset <= CHUNK_BYTES
        if own.st_size < limit_bytes or not is_read or not files.is_same_file(self._path, own):
            return None
        return files.rename_away(self._path, now)

    def delete_before(self, oldest: datetime) -> list[Path]:
        """Delete files renamed before that instant and read before the last commit; return them."""
        if self._committed_inode is None:
            return []
        return files.delete_before(self._path, oldest, self._committed_inode)

    def lag_bytes(self) -> int:
        """Bytes of the current file that are not read yet."""
        if self._file is None:
            return 0
        return max(0, os.fstat(self._file.fileno()).st_size - self._offset)

    def _whole_lines(self, raw: bytes) -> tuple[Line, ...]:
        lines: list[Line] = []
        begin = 0
        while (end := raw.find(b"\n", begin)) >= 0:
            text = raw[begin:end].decode("utf-8", "replace")
            lines.append(Line(text, self._offset + begin, self._offset + end + 1))
            begin = end + 1
        return tuple(lines)

    def _successor(self) -> Path | None:
        """File to read after this one is finished: the next in order; None while there is none."""
        assert self._file is not None
        own = os.fstat(self._file.fileno())
        if files.is_same_file(self._path, own):
            return None
        others = files.in_order(self._path)
        place = next((number for number, path in enumerate(others) if files.is_same_file(path, own)), None)
        if place is not None:
            return others[place + 1] if place + 1 < len(others) else None
        later = [path for path in others if path.stat().st_mtime_ns >= own.st_mtime_ns]  # ours was deleted
        return later[0] if later else None

    def _open_path(self) -> bool:
        try:
            self._file, self._offset = self._path.open("rb"), 0
        except FileNotFoundError:
            return False
        return True

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


def _file_id(file: BinaryIO) -> str:
    """Inode and the first line; an empty file's id changes with its first line, at offset 0 nothing depends on it."""
    first, end, _ = os.pread(file.fileno(), FINGERPRINT_BYTES, 0).partition(b"\n")
    is_whole = bool(end) or len(first) == FINGERPRINT_BYTES
    mark = sha256(first).hexdigest()[:16] if is_whole else "empty"
    return f"{os.fstat(file.fileno()).st_ino}-{mark}"
