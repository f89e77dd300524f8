"""Reads a file that grows and is renamed at times, line by line, from a known position.

A file is known by its inode and its first line: inodes are used again. A line without an end waits: it is taken as cut
only when its file is finished, that is when a newer one stands at the path.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ..ledger_ports import JournalPosition

CHUNK_BYTES = 131_072
"""Read at a time; also the longest line that waits for its end."""

FINGERPRINT_BYTES = 200
"""Of the first line, so much tells files apart: it holds a time in microseconds."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; `cut`: its end never came. `next_offset` is where the next one begins."""

    text: str
    offset: int
    next_offset: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of one file; `at_end`: there is nothing more to read for now."""

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

    def resume(self, position: JournalPosition | None) -> bool:
        """Go on at a stored position; False when its file is gone: then everything that is there is read."""
        self._close()
        if position is None:
            return True
        for candidate in self._siblings():
            file = candidate.open("rb")
            size = os.fstat(file.fileno()).st_size
            if size >= position.offset and _file_id(file) == position.file_id:
                self._file, self._offset = file, position.offset
                return True
            file.close()
        oldest = next(iter(self._siblings()), None)
        if oldest is not None:
            self._file, self._offset = oldest.open("rb"), 0
        return False

    def read(self) -> Chunk | None:
        """Next lines; None when there is no file yet. Moves on to the next file by itself when one is finished."""
        if self._file is None and not self._open_path():
            return None
        assert self._file is not None
        if os.fstat(self._file.fileno()).st_size < self._offset:
            self._offset = 0  # it was emptied in place
        raw = os.pread(self._file.fileno(), CHUNK_BYTES, self._offset)
        lines = self._whole_lines(raw)
        if lines:
            return Chunk(_file_id(self._file), lines, at_end=len(raw) < CHUNK_BYTES)
        successor = self._successor()
        if raw and (successor is not None or len(raw) >= CHUNK_BYTES):
            cut = Line(raw.decode("utf-8", "replace"), self._offset, self._offset + len(raw), cut=True)
            return Chunk(_file_id(self._file), (cut,), at_end=False)
        if successor is not None:
            self._close()
            self._file, self._offset = successor.open("rb"), 0
            return self.read()
        return Chunk(_file_id(self._file), (), at_end=True)

    def advance(self, offset: int) -> None:
        """Lines up to there are done."""
        self._offset = offset

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
        """File to read after this one is finished: the oldest that was written after it; None while it is current."""
        assert self._file is not None
        own = os.fstat(self._file.fileno())
        if self._path.exists() and self._path.stat().st_ino == own.st_ino:
            return None
        later = [
            path for path in self._siblings() if (stat := path.stat()).st_ino != own.st_ino and _age(stat) >= _age(own)
        ]
        return later[0] if later else None

    def _siblings(self) -> list[Path]:
        """The journal and its renamed predecessors, oldest first."""
        found = [path for path in self._path.parent.glob(f"{self._path.name}*") if path.is_file() and _is_plain(path)]
        return sorted(found, key=lambda path: (_age(path.stat()), path == self._path))

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


def _age(stat: os.stat_result) -> int:
    return stat.st_mtime_ns


def _is_plain(path: Path) -> bool:
    return path.suffix not in {".gz", ".xz", ".zst", ".bz2"}
