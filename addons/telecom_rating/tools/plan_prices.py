"""Rates as people enter them, made into the plain values of the price walk that live calls take too.

The walk itself is `telecom_switch_bridge.core.price_walk`. Amounts in 1/1,000,000 unit.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise

from telecom_switch_bridge.core.markup import MINUTE_S
from telecom_switch_bridge.core.rating import Band, Step, always


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """A price of its own, per minute. A second price begins at `second_price_from_s` on the call's clock; 0: none."""

    connect_fee_micro: int
    price_micro: int
    second_price_from_s: int
    second_price_micro: int
    first_increment_s: int
    next_increment_s: int
    included_s: int


@dataclass(frozen=True, slots=True)
class BandPrice:
    """Price in a band, per minute; included seconds and the second of the second price are the rate's."""

    connect_fee_micro: int
    price_micro: int
    second_price_micro: int
    first_increment_s: int
    next_increment_s: int


@dataclass(frozen=True, slots=True)
class BandHours:
    """A time of a band: ISO weekdays, seconds of the local day, dates (year 0: every year; None: all), weight."""

    band_id: int | None
    name: str
    days: tuple[int, ...]
    from_s: int
    to_s: int
    dates: tuple[tuple[int, int, int], ...] | None
    weight: int

    @classmethod
    def of(cls, values):
        """Make one of its values in order, with lists for tuples."""
        band_id, name, days, from_s, to_s, dates, weight = values
        days_of = None if dates is None else tuple(map(tuple, dates))
        return cls(band_id, name, tuple(days), from_s, to_s, days_of, weight)

    def band(self, price):
        """Return the band of a fixed price."""
        when = (self.days, self.from_s, self.to_s, self.weight, None)
        return Band(self.name, *when, price.connect_fee_micro, tuple(_steps(price)), self.dates)


def fixed_bands(price: FixedPrice, hours: Sequence[BandHours] = (), prices=None) -> tuple[Band, ...]:
    """Return a band at all hours, and one for each time of `hours`; `prices`: by band, the rate's own where missing."""
    base = replace(always(price.connect_fee_micro, _steps(price)), weight=0)
    return (base, *(time.band(_in_band(price, (prices or {}).get(time.band_id))) for time in hours))


def _in_band(price: FixedPrice, other: BandPrice | None) -> FixedPrice:
    return replace(price, **asdict(other)) if other else price


def _steps(price: FixedPrice) -> Sequence[Step]:
    """A step begins with the call, after the first increment, and where the second price begins.

    The first increment follows the included seconds; both marks are on the call's clock.
    """
    first_end_s = price.included_s + price.first_increment_s
    second_s = price.second_price_from_s
    starts = sorted({0, first_end_s, *([second_s] if second_s else [])})
    steps = [
        Step(
            from_s=start_s,
            price_micro=price.second_price_micro if second_s and start_s >= second_s else price.price_micro,
            price_unit_s=MINUTE_S,
            increment_s=price.first_increment_s if start_s < first_end_s else price.next_increment_s,
        )
        for start_s in starts
    ]
    changes = [step for before, step in pairwise(steps) if replace(step, from_s=before.from_s) != before]
    return [steps[0], *changes]
