"""What was worked out once, by what it depends on; a part of what never changes, which it leaves with."""

from collections.abc import Callable, Hashable
from typing import Any

MOST_KEPT = 32_768
"""Of some 1 kB each; with more, all are worked out again."""


class Kept:
    """Values by key."""

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Value of a key, made when it is not known."""
        found = self._values.get(key, self)  # which is no value
        if found is self:
            if len(self._values) >= MOST_KEPT:
                self._values.clear()
            found = self._values[key] = make()
        return found
