"""Included minutes: the first seconds of a call that an allowance pays for, and what the rest costs (charging.md 18).

An allowance covers the beginning of a call: seconds that would cost something, counted on the clock by which the call
is charged (after grace, from the tariff's own included seconds on). What comes after them has the normal price of that
moment of the call. Connect fee and least price belong to the first second: where that is covered, they are too.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from .pricing import PricedCall, charged_seconds, instant_s, price_from_second
from .tariff import Tariff


def countable_s(tariff: Tariff, duration_s: int) -> int:
    """Seconds of a call of `duration_s` that an allowance can pay for: those that would be charged."""
    return max(0, charged_seconds(tariff, duration_s) - tariff.included_s)


@lru_cache(maxsize=65_536)
def covered(tariff: Tariff, covered_s: int) -> Tariff:
    """Terms of a call whose first `covered_s` countable seconds an allowance pays for."""
    if not covered_s:
        return tariff
    return replace(
        tariff,
        included_s=tariff.included_s + covered_s,
        min_cost_micro=0,
        bands=tuple(replace(band, connect_fee_micro=0) for band in tariff.bands),
    )


def price_covered(tariff: Tariff, answered_at: datetime, duration_s: int, covers_s: Iterable[int]) -> PricedCall:
    """Price of a call of which any of `covers_s` countable seconds may be covered: the lowest of them.

    More covered seconds cost less, except where increments of odd lengths meet an edge of the tariff: there included
    minutes make a call no dearer than the cover that it was authorised with, so the charge keeps to its reservation.
    """
    return price_covered_from_second(tariff, instant_s(answered_at), duration_s, covers_s)


def price_covered_from_second(tariff: Tariff, start_s: int, duration_s: int, covers_s: Iterable[int]) -> PricedCall:
    """`price_covered` of a call answered in second `start_s` (since 1970, UTC)."""
    prices = (price_from_second(covered(tariff, covered_s), start_s, duration_s) for covered_s in covers_s)
    return min(prices, key=lambda priced: priced.numerator)  # all over the same denominator
