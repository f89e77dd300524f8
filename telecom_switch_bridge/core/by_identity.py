"""What was worked out from an object, found again by that very object: no comparing, no hashing of what is in it."""

from typing import Generic, TypeVar

Source = TypeVar("Source")
Found = TypeVar("Found")


class ByIdentity(Generic[Source, Found]):
    """Values by the objects that they were made from, which must not change; beyond `most` all are forgotten."""

    __slots__ = ("_known", "_most")

    def __init__(self, most: int) -> None:
        self._known: dict[int, tuple[Source, Found]] = {}
        self._most = most

    def get(self, source: Source) -> Found | None:
        """Value of an object; None when it is not known."""
        known = self._known.get(id(source))
        return None if known is None else known[1]

    def keep(self, source: Source, found: Found) -> Found:
        """Remember a value, and return it."""
        if len(self._known) >= self._most:
            self._known.clear()
        self._known[id(source)] = source, found  # holds the object, so that no other one can have its id
        return found
