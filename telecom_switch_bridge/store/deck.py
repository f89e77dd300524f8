"""A carrier's deck of few rows, those that `explain` reads: prefix to row. Live calls have `packed_deck`."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..core.money import RoundingMethod
from ..core.prefix import PrefixTable
from ..core.rating import Rounding, Step, Tariff, TariffError, always
from ..values import Carrier

FOREVER_US = 1 << 62
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class DeckPrice(NamedTuple):
    """Price of one row; amounts in micro-units, `price_micro` per `price_unit_s` seconds."""

    connect_fee_micro: int
    price_micro: int
    price_unit_s: int
    first_increment_s: int
    next_increment_s: int
    included_s: int


class DeckRow(NamedTuple):
    """A row as the seam gives it; None = since ever, for ever."""

    prefix: str
    price: DeckPrice
    valid_from: datetime | None
    valid_to: datetime | None


class Deck:
    """Rows of one carrier, unchanging once built; several rows of a prefix differ in the time they are valid."""

    def __init__(self, rows: Iterable[DeckRow]) -> None:
        ordered = sorted(rows, key=lambda row: (row.prefix, microsecond(row.valid_from, -FOREVER_US)))
        first: dict[str, int] = {}
        for index, row in enumerate(ordered):
            first.setdefault(row.prefix, index)
        self._prefixes: PrefixTable[int] = PrefixTable(first)
        self._prices = np.array([row.price for row in ordered], dtype=np.int64).reshape(-1, len(DeckPrice._fields))
        self._from_us = np.array([microsecond(row.valid_from, -FOREVER_US) for row in ordered], dtype=np.int64)
        self._to_us = np.array([microsecond(row.valid_to, FOREVER_US) for row in ordered], dtype=np.int64)
        starts = [*first.values(), len(ordered)]
        self._ends = dict(pairwise(starts))

    def __len__(self) -> int:
        return len(self._from_us)

    @property
    def edges_us(self) -> set[int]:
        """When a price begins or ends to hold."""
        return {*self._from_us.tolist(), *self._to_us.tolist()} - {-FOREVER_US, FOREVER_US}

    def price(self, e164: str, at: datetime) -> DeckPrice | None:
        """Price of the longest prefix with a row that is valid at an instant; of several the one that began last."""
        found = self._find(e164, at)
        return self._price(found[1]) if found is not None else None

    def row(self, e164: str, at: datetime) -> DeckRow | None:
        """The whole row of that price, for `explain`."""
        found = self._find(e164, at)
        if found is None:
            return None
        prefix, index = found
        return DeckRow(prefix, self._price(index), _instant(self._from_us[index]), _instant(self._to_us[index]))

    def _price(self, index: int) -> DeckPrice:
        return DeckPrice(*self._prices[index].tolist())

    def _find(self, e164: str, at: datetime) -> tuple[str, int] | None:
        at_us = microsecond(at)
        for prefix, start in self._prefixes.matches(e164):
            for index in range(self._ends[start] - 1, start - 1, -1):
                if self._from_us[index] <= at_us < self._to_us[index]:
                    return prefix, index
        return None


def carrier_tariff(carrier: Carrier, price: DeckPrice) -> Tariff | None:
    """Deck price as a tariff by the carrier's rounding; None when the row cannot price a call."""
    return _tariff(price, carrier.timezone, carrier.rounding_method, carrier.rounding_decimals)


@lru_cache(maxsize=65_536)
def _tariff(price: DeckPrice, timezone: str, rounding_method: RoundingMethod, decimals: int) -> Tariff | None:
    """The first increment begins after the included seconds; those after it are `next_increment_s` long."""
    first_end_s = price.included_s + price.first_increment_s
    steps = [Step(0, price.price_micro, price.price_unit_s, price.first_increment_s)]
    if price.next_increment_s != price.first_increment_s:
        steps.append(Step(first_end_s, price.price_micro, price.price_unit_s, price.next_increment_s))
    try:
        return Tariff(
            timezone=timezone,
            bands=(always(price.connect_fee_micro, steps),),
            rounding=Rounding(rounding_method, decimals),
            included_s=price.included_s,
        )
    except TariffError:
        return None


def microsecond(instant: datetime | None, otherwise: int = 0) -> int:
    return otherwise if instant is None else (instant - EPOCH) // MICROSECOND


def _instant(microsecond: np.int64) -> datetime | None:
    return None if abs(microsecond) == FOREVER_US else EPOCH + int(microsecond) * MICROSECOND
