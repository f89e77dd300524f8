"""A carrier's deck of up to millions of rows: sorted prefixes, each with a number of few different price timelines.

Same answers as `deck.Deck`, which is for the few rows that `explain` reads. Measured by `./bss bench lcr`.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime

import numpy as np
import numpy.typing as npt

from ..core.packed_prefixes import NONE, PackedPrefixes, packed_all
from ..core.price_timeline import EVER_US, FOREVER_US, NO_PRICE, UNPRICED, DatedPrice, Timeline, price_at, resolved
from .deck import DeckPrice, microsecond

PRICE_FIELDS = DeckPrice._fields
ROWS = np.dtype([(name, np.int64) for name in ("prefix", "length", *PRICE_FIELDS, "from_us", "to_us")])
"""A row of a deck: decimal prefix and its length, price, validity (EVER_US, FOREVER_US: open)."""

Rows = npt.NDArray[np.void]

MOST_KEPT = 64
"""Sets of costs that are kept, as in `deck_index`."""

UNKNOWN = 0
"""Number of the timeline that never has a price; a prefix that is not there has it."""


class PackedDeck:
    """Rows of one carrier and direction, unchanging once built. `terms`: each prefix's number of a timeline.

    `edges_us`: when a price begins or ends to hold.
    """

    __slots__ = ("_costs", "_rows", "edges_us", "prefixes", "prices", "terms", "timelines")

    def __init__(self, rows: Rows) -> None:
        keys = packed_all(rows["prefix"], rows["length"])
        order = np.lexsort((rows["from_us"], keys))
        rows, keys = rows[order], keys[order]
        first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, dtype=np.intp)
        self._rows = len(rows)
        self.prefixes = PackedPrefixes(keys[first], rows["length"][first].astype(np.int8))
        self.prices, price_of = _distinct(rows)
        terms, self.timelines = _timelines(rows, first, price_of, self.prefixes)
        self.terms = array("H" if len(self.timelines) <= 1 << 16 else "I", terms.tolist())
        self.edges_us = sorted({part[0] for timeline in self.timelines for part in timeline} - {EVER_US})
        self._costs: dict[object, tuple[int, int, list[int | None]]] = {}

    def __len__(self) -> int:
        return self._rows

    def price(self, e164: str, at: datetime) -> DeckPrice | None:
        """Price of the longest prefix that has one at an instant; of several the one that began last."""
        place = self.prefixes.longest(e164)
        if place == NONE:
            return None
        found = price_at(self.timelines[self.terms[place]], microsecond(at))
        return self.prices[found] if found != UNPRICED else None

    def costs(
        self, key: object, cost_of: Callable[[DeckPrice], int | None], at_us: int
    ) -> tuple[int, int, list[int | None]]:
        """What something costs by each timeline, and from when until before when that holds (us).

        `cost_of` is worked out once for each price and `key`.
        """
        known = self._costs.get(key)
        if known is not None and known[0] <= at_us < known[1]:
            return known
        if len(self._costs) >= MOST_KEPT:
            self._costs.clear()
        by_price = [cost_of(price) for price in self.prices]
        places = (price_at(timeline, at_us) for timeline in self.timelines)
        table = [by_price[place] if place != UNPRICED else None for place in places]
        edge = bisect_right(self.edges_us, at_us)
        since_us = self.edges_us[edge - 1] if edge else EVER_US
        until_us = self.edges_us[edge] if edge < len(self.edges_us) else FOREVER_US
        self._costs[key] = since_us, until_us, table
        return self._costs[key]


def _distinct(rows: Rows) -> tuple[tuple[DeckPrice, ...], npt.NDArray[np.int64]]:
    """Different prices, and for each row which one it has."""
    codes = np.zeros(len(rows), dtype=np.int64)
    for name in PRICE_FIELDS:  # a column at a time: rows as a whole take ten times as long to sort
        values, numbers = np.unique(rows[name], return_inverse=True)
        if len(values) > 1:
            codes = np.unique(codes * len(values) + numbers, return_inverse=True)[1]
    _, one_each, inverse = np.unique(codes, return_index=True, return_inverse=True)
    found = zip(*(rows[name][one_each].tolist() for name in PRICE_FIELDS), strict=True)
    return tuple(DeckPrice(*price) for price in found), inverse.astype(np.int64)


def _timelines(
    rows: Rows, first: npt.NDArray[np.intp], price_of: npt.NDArray[np.int64], prefixes: PackedPrefixes
) -> tuple[npt.NDArray[np.int64], tuple[Timeline, ...]]:
    """Number of the timeline of each prefix, and the timelines. Most prefixes have one row that always holds."""
    numbers: dict[Timeline, int] = {NO_PRICE: UNKNOWN}
    last = np.r_[first[1:], len(rows)].astype(np.intp) if len(first) else first
    plain = (last - first == 1) & (rows["from_us"][first] == EVER_US) & (rows["to_us"][first] == FOREVER_US)
    always = np.array([numbers.setdefault(((EVER_US, int(one)),), len(numbers)) for one in np.unique(price_of)])
    terms = always[price_of[first]] if len(first) else np.zeros(0, dtype=np.int64)
    timelines = list(numbers)
    known: dict[tuple[tuple[DatedPrice, ...], int], int] = {}
    for place in np.flatnonzero(~plain).tolist():  # ascending: a shorter prefix comes before what begins with it
        dated = tuple(
            DatedPrice(int(rows["from_us"][row]), int(rows["to_us"][row]), int(price_of[row]))
            for row in range(first[place], last[place])
        )
        parent = prefixes.parent(place)
        shorter = int(terms[parent]) if parent != NONE else UNKNOWN
        if (dated, shorter) not in known:
            timeline = resolved(dated, timelines[shorter])
            number = known[dated, shorter] = numbers.setdefault(timeline, len(numbers))
            timelines += [timeline] if number == len(timelines) else []
        terms[place] = known[dated, shorter]
    return terms, tuple(timelines)


def rows_of(copied: bytes) -> Rows:
    """Rows of `COPY (...) TO STDOUT (FORMAT binary)` of bigint columns without nulls, in the order of ROWS.

    Every record is then as long: a count of fields (2 bytes), and for each its length (4) and its value (8).
    """
    header, trailer = 19, 2  # signature, flags, extension length; a count of -1 at the end
    fields: list[tuple[str, object]] = [("_count", ">i2")]
    for name in ROWS.names or ():
        fields += [(f"_{name}", ">i4"), (name, ">i8")]
    record = np.dtype(fields)
    body = memoryview(copied)[header:-trailer]
    assert len(body) % record.itemsize == 0, "not the records that were asked for"
    raw = np.frombuffer(body, dtype=record)
    rows = np.empty(len(raw), dtype=ROWS)
    for name in ROWS.names or ():
        rows[name] = raw[name]
    return rows


def rows_from(prices: Iterable[tuple[str, DeckPrice, datetime | None, datetime | None]]) -> Rows:
    """Rows from plain values."""
    return np.array(
        [
            (int(prefix), len(prefix), *price, microsecond(begins, EVER_US), microsecond(ends, FOREVER_US))
            for prefix, price, begins, ends in prices
        ],
        dtype=ROWS,
    )
