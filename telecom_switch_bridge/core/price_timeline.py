"""Prices of one prefix over time, with the gaps filled by what the next shorter prefix costs meanwhile."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

EVER_US = -(1 << 62)
FOREVER_US = 1 << 62

UNPRICED = -1

Timeline = tuple[tuple[int, int], ...]
"""(from_us, price) ascending, the first from EVER_US on; price is a place in a list of prices, or UNPRICED."""

NO_PRICE: Timeline = ((EVER_US, UNPRICED),)


class DatedPrice(NamedTuple):
    """A price that holds from `from_us` until before `to_us`."""

    from_us: int
    to_us: int
    price: int


def price_at(timeline: Timeline, at_us: int) -> int:
    """Price at an instant, or UNPRICED."""
    if len(timeline) == 1:
        return timeline[0][1]
    return timeline[bisect_right(timeline, at_us, key=lambda part: part[0]) - 1][1]


def resolved(rows: Sequence[DatedPrice], shorter: Timeline) -> Timeline:
    """Of several rows that hold the one that began last; of none what the shorter prefix costs."""
    edges = {EVER_US, *(row.from_us for row in rows), *(row.to_us for row in rows), *(part[0] for part in shorter)}
    parts = ((at_us, _in_force(rows, shorter, at_us)) for at_us in sorted(edges) if at_us < FOREVER_US)
    return tuple(next(same) for _, same in groupby(parts, key=lambda part: part[1]))


def _in_force(rows: Iterable[DatedPrice], shorter: Timeline, at_us: int) -> int:
    holding = [row for row in rows if row.from_us <= at_us < row.to_us]
    return max(holding).price if holding else price_at(shorter, at_us)
