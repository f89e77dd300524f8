"""What a credit buys and what must be set aside: the same walk as `pricing`, so a charge never exceeds its reservation.

Rules: charging.md 9, 10 and 12. Amounts are what the account pays: gross, in its currency, by its charge rule.
"""

from datetime import datetime
from functools import lru_cache

from .charge import NO_TAX, ChargeRule, charge_of, charged
from .money import FACTOR_ONE, PPM
from .pricing import instant_s, price_from_second, price_remembered, timeless, walk
from .tariff import Tariff

MAX_WINDOW_S = 600
"""Longest time between authorisation and answer that a window may span (s)."""

Window = tuple[datetime, datetime]


@lru_cache(maxsize=65_536)
def is_free(tariff: Tariff) -> bool:
    """True when no call can cost anything: such calls need no headroom (charging.md 9)."""
    if tariff.max_cost_strategy == "free_after" and tariff.max_cost_micro == 0:
        return True
    fees = tariff.min_cost_micro or any(band.connect_fee_micro for band in tariff.bands)
    return not fees and not any(increment for steps in tariff.compiled.steps for *_, increment in steps)


def first_charge_micro(tariff: Tariff, at: datetime, rule: ChargeRule = NO_TAX) -> int:
    """Cost of connect fee and first increment at `at`: the least headroom of a chargeable call (charging.md 9).

    The first increment counts although grace or included seconds come before it; minimum time and cost count too.
    """
    shortest_s = tariff.included_s + 1
    if tariff.grace_mode == "subtract":
        shortest_s += tariff.grace_s
    elif tariff.grace_mode == "free_if_not_longer":
        shortest_s = max(shortest_s, tariff.grace_s + 1)
    return charge_of(price_remembered(tariff, at, shortest_s), rule).gross_micro


def affordable_seconds(
    tariff: Tariff, answered_at: datetime, credit_micro: int, max_s: int, rule: ChargeRule = NO_TAX
) -> int:
    """Largest whole d <= max_s such that no call of 1 to d seconds costs more than the credit; 0 if there is none.

    A `disconnect` limit counts as credit too. A negative credit buys nothing, not even a free call: see `is_free`.
    """
    return _affordable(tariff, instant_s(answered_at), credit_micro, max_s, rule)


def affordable_seconds_between(
    tariff: Tariff, starts_between: Window, credit_micro: int, max_s: int, rule: ChargeRule = NO_TAX
) -> int:
    """The same for a call that may be answered at any instant of the window (both ends included): the least of them."""
    starts = _distinct_starts(tariff, starts_between, max_s)
    return min(_affordable(tariff, start_s, credit_micro, max_s, rule) for start_s in starts)


def reservation_cost(tariff: Tariff, starts_between: Window, seconds: int, rule: ChargeRule = NO_TAX) -> int:
    """Most that a call of up to `seconds` can cost if answered at any instant of the window (both ends included)."""
    if tariff.compiled.calendar.only_band is not None:
        return charge_of(timeless(tariff, seconds), rule).gross_micro
    starts = _distinct_starts(tariff, starts_between, seconds)
    return max(charge_of(price_from_second(tariff, start_s, seconds), rule).gross_micro for start_s in starts)


def _distinct_starts(tariff: Tariff, starts_between: Window, seconds: int) -> range:
    """Seconds of answer to look at: all of the window, or its first when no band changes before the call can end."""
    first_s, last_s = instant_s(starts_between[0]), instant_s(starts_between[1])
    assert first_s <= last_s <= first_s + MAX_WINDOW_S, "the window is ordered and bounded"
    _, band_ends_s = tariff.compiled.calendar.at(first_s)
    looked_up_until_s = last_s + max(1, seconds, tariff.min_duration_s)
    return range(first_s, first_s + 1 if band_ends_s >= looked_up_until_s else last_s + 1)


def _affordable(tariff: Tariff, start_s: int, credit_micro: int, max_s: int, rule: ChargeRule) -> int:
    if credit_micro < 0 or max_s <= 0:
        return 0
    limit = _largest_numerator(tariff, credit_micro, rule)
    if tariff.max_cost_micro is not None:
        if tariff.max_cost_strategy == "disconnect":
            limit = min(limit, _largest_numerator(tariff, tariff.max_cost_micro, NO_TAX))
        elif limit >= tariff.max_cost_micro * tariff.compiled.denominator:
            return max_s  # the ceiling itself is affordable
    bought_s = _bought_seconds(tariff, start_s, limit, max(max_s, tariff.min_duration_s))
    if tariff.grace_mode == "subtract":
        bought_s += tariff.grace_s
    elif tariff.grace_mode == "free_if_not_longer":
        bought_s = max(bought_s, tariff.grace_s)
    return min(bought_s, max_s) if bought_s >= tariff.min_duration_s else 0


def _bought_seconds(tariff: Tariff, start_s: int, limit: int, wanted_s: int) -> int:
    """Seconds on the call's clock, after grace, that cost at most `limit` (numerator), up to `wanted_s`."""
    compiled = tariff.compiled
    left = limit - compiled.fees_micro[compiled.calendar.at(start_s)[0]] * compiled.denominator
    if left < 0 or limit < tariff.min_cost_micro * compiled.denominator:
        return 0
    for segment in walk(compiled, start_s, tariff.included_s, wanted_s):
        if segment.numerator > left:
            affordable_increments = left * segment.increments // segment.numerator
            return segment.from_s + affordable_increments * (segment.seconds // segment.increments)
        left -= segment.numerator
    return wanted_s


def _largest_numerator(tariff: Tariff, credit_micro: int, rule: ChargeRule) -> int:
    """Largest exact price (numerator) whose charge is at most the credit; found by halving between two bounds.

    A rounding moves the amount by less than a quantum, each tax and a conversion by half a micro-unit. Flat taxes are
    in neither bound, so the lower one is taken only if its charge is within the credit.
    """
    compiled, quantum = rule.compiled, tariff.compiled.rounding[3]
    added_ppm = sum(PPM * part.of_price // part.whole for part in compiled.parts if not part.contained)
    taxed_ppm, slack_micro = PPM + added_ppm, (quantum + 2) * (PPM + added_ppm)
    credit_ppm = (credit_micro + 2 + len(compiled.parts)) * FACTOR_ONE // rule.factor_e8 * PPM
    denominator = tariff.compiled.denominator * compiled.scale_down
    low = max(0, credit_ppm - 2 * slack_micro) * denominator // (compiled.scale_up * (taxed_ppm + len(compiled.parts)))
    high = (credit_ppm + PPM + slack_micro) * denominator // (compiled.scale_up * taxed_ppm) + 1
    low = low if charged(tariff, low, rule).gross_micro <= credit_micro else 0
    while high - low > 1:
        middle = (low + high) // 2
        if charged(tariff, middle, rule).gross_micro <= credit_micro:
            low = middle
        else:
            high = middle
    return low
