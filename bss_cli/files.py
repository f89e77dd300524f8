"""Small file helpers: whole-or-not-at-all writes, JSON, hashes of folders."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .errors import BssError

IGNORED_FOLDERS = {"__pycache__", ".git", "node_modules"}


def write_atomic(path: Path, text: str, mode: int = 0o644, owner: tuple[int, int] | None = None) -> None:
    """Replace a file as a whole; a reader sees the old or the new text, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary = Path(name)
        temporary.chmod(mode)
        if owner is not None and os.geteuid() == 0:
            os.chown(name, *owner)
        temporary.replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, value: Any, mode: int = 0o644, owner: tuple[int, int] | None = None) -> None:
    write_atomic(path, json.dumps(value, indent=1) + "\n", mode, owner)


def read_json(path: Path, default: Any = None) -> Any:
    """The value in a JSON file; `default` when the file is absent; a BssError when it is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return default
    except ValueError as error:
        raise BssError(f"{path} is not valid JSON ({error}).", "mend it, or delete it to have it made anew") from error


def tree_files(paths: Iterable[Path]) -> list[Path]:
    """All files at or below the paths, sorted, without caches."""
    found: list[Path] = []
    for path in paths:
        if path.is_file():
            found.append(path)
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if name not in IGNORED_FOLDERS)
            found.extend(Path(folder) / name for name in names if not name.endswith(".pyc"))
    return sorted(found)


def tree_hash(*paths: Path) -> str:
    """Hash of the names and contents of everything below the paths; a missing path counts as empty."""
    digest = hashlib.sha256()
    for path in tree_files(paths):
        digest.update(str(path).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def text_hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
