"""The bridge's settings file and command line."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .files import write_atomic
from .paths import Layout


def toml_text(settings: Mapping[str, Any]) -> str:
    """Settings as TOML: plain values first, then one table for each mapping. Strings, whole numbers, booleans only."""
    lines = [f"{key} = {_value(value)}" for key, value in settings.items() if not isinstance(value, Mapping)]
    for key, table in settings.items():
        if isinstance(table, Mapping):
            lines += ["", f"[{key}]", *(f"{name} = {_value(value)}" for name, value in table.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(str(value), ensure_ascii=True)


def write_bridge_toml(path: Path, settings: Mapping[str, Any], owner: tuple[int, int] | None = None) -> Path:
    """Write a bridge's settings (they hold passwords: only its user reads them) and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o755)
    write_atomic(path, toml_text(settings), mode=0o600, owner=owner)
    return path


def bridge_argv(layout: Layout, toml: Path) -> list[str]:
    """The command line of a bridge, without the change of user."""
    return [str(layout.python), "-m", "telecom_switch_bridge", "run", "--config", str(toml)]
