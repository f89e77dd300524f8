"""Every statement of the bridge, one a file, parameters only; the first line of each says what it is for."""

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """Text of `queries/<name>.sql`."""
    return (files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
