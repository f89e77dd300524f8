"""By what prices of decks become costs."""

from collections.abc import Hashable


class CarrierTerms:
    """A key that is compared by its values and hashed once."""

    __slots__ = ("_hash", "_values")

    def __init__(self, values: tuple[tuple[Hashable, ...], ...]) -> None:
        self._values, self._hash = values, hash(values)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, CarrierTerms) and self._values == other._values)

    def __hash__(self) -> int:
        return self._hash
