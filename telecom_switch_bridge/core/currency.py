"""Dated currency rates: by which factor an amount of one currency is held against one of another (charging.md 5)."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from .money import FACTOR_ONE, round_ratio

SINCE_EVER = datetime(1, 1, 1, tzinfo=UTC)
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CurrencyRate:
    """From `valid_from` on, `rate_e12` / 10^12 units of the currency are worth one unit of the owner's."""

    currency: str
    valid_from: datetime | None
    rate_e12: int


def factor_between(here_e12: int, there_e12: int) -> int:
    """Factor (8 decimals, half-up) from one currency to another by what one unit of a third is in each of them."""
    return round_ratio(there_e12 * FACTOR_ONE, here_e12, "half_up")


class CurrencyRates:
    """All rates by date, unchanging."""

    __slots__ = ("_changes", "_rates")

    def __init__(self, rows: Iterable[CurrencyRate]) -> None:
        ordered = sorted(rows, key=lambda row: row.valid_from or SINCE_EVER)
        self._rates: dict[str, list[tuple[datetime, int]]] = {}
        for row in ordered:
            self._rates.setdefault(row.currency, []).append((row.valid_from or SINCE_EVER, row.rate_e12))
        self._changes = sorted({row.valid_from for row in ordered if row.valid_from is not None})

    def factor_e8(self, currency: str, into: str, at: datetime) -> int | None:
        """Units of `into` for one of `currency` at an instant, 8 decimals half-up; None when no rate is known, or it
        is too small to be told from nothing."""
        if currency == into:
            return FACTOR_ONE
        here, there = self._rate_e12(currency, at), self._rate_e12(into, at)
        return (factor_between(here, there) or None) if here and there else None

    def changes_before(self, at: datetime) -> int:
        """How many times rates have changed: factors are the same while it is."""
        return bisect_right(self._changes, at)

    def unchanged_around(self, at: datetime) -> tuple[datetime, datetime]:
        """From when until before when factors are what they are at an instant."""
        place = self.changes_before(at)
        until = self._changes[place] if place < len(self._changes) else FOR_EVER
        return (self._changes[place - 1] if place else SINCE_EVER), until

    def _rate_e12(self, currency: str, at: datetime) -> int | None:
        rates = self._rates.get(currency, ())
        place = bisect_right(rates, at, key=lambda rate: rate[0])
        return rates[place - 1][1] if place else None
