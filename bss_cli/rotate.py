"""Log rotation by copy and truncate: writers append, so they need not be told."""

import glob
import gzip
import shutil
from pathlib import Path

LARGEST_BYTES = 20 * 1024 * 1024
KEPT = 5


def rotate_logs(patterns: list[str], largest: int = LARGEST_BYTES, kept: int = KEPT) -> list[Path]:
    """Rotate every matching file above `largest` bytes; keep `kept` packed ones each. Returns what was rotated."""
    found = {Path(name) for pattern in patterns for name in glob.glob(pattern)}  # noqa: PTH207 - patterns are absolute
    rotated = [path for path in sorted(found) if path.is_file() and path.stat().st_size > largest]
    for path in rotated:
        rotate(path, kept)
    return rotated


def rotate(path: Path, kept: int = KEPT) -> None:
    """Move FILE.1.gz to FILE.2.gz and so on, pack the file into FILE.1.gz, empty it.

    Lines written between the copy and the emptying are lost: logs only, never journals.
    """
    _numbered(path, kept).unlink(missing_ok=True)
    for number in range(kept - 1, 0, -1):
        if _numbered(path, number).exists():
            _numbered(path, number).rename(_numbered(path, number + 1))
    with path.open("rb") as source, gzip.open(_numbered(path, 1), "wb") as packed:
        shutil.copyfileobj(source, packed)
    with path.open("r+b") as file:
        file.truncate(0)


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}.gz")
