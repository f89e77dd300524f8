"""The rule of FORMAT.md written a second time, slowly and with fractions: what the fast walk is held against."""

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from telecom_switch_bridge.core.rating import Band, Step, Tariff


def exact_cost(tariff: Tariff, answered_at: datetime, duration_s: int) -> Fraction:
    """Exact net cost (micro-units), one increment after the other."""
    if duration_s == 0:
        return Fraction(0)
    counted_s = max(duration_s, tariff.min_duration_s)
    if tariff.grace_mode == "free_if_not_longer" and counted_s <= tariff.grace_s:
        return Fraction(0)
    if tariff.grace_mode == "subtract":
        counted_s -= tariff.grace_s
        if counted_s <= 0:
            return Fraction(0)
    cost = Fraction(band_at(tariff, answered_at).connect_fee_micro)
    position_s = tariff.included_s
    while position_s < counted_s:
        step = step_at(band_at(tariff, answered_at + timedelta(seconds=position_s)), position_s)
        cost += Fraction(step.price_micro * step.increment_s, step.price_unit_s)
        position_s += step.increment_s
    cost = max(cost, Fraction(tariff.min_cost_micro))
    if tariff.max_cost_strategy == "free_after" and tariff.max_cost_micro is not None:
        cost = min(cost, Fraction(tariff.max_cost_micro))
    return cost


def band_at(tariff: Tariff, instant: datetime) -> Band:
    """Highest band whose local clock, weekday and date fit the instant."""
    local = instant.astimezone(ZoneInfo(tariff.timezone))
    day = (local.month, local.day)
    second = local.hour * 3600 + local.minute * 60 + local.second
    active = [
        band
        for band in tariff.bands
        if local.isoweekday() in band.days
        and band.from_s <= second < band.to_s
        and band.month_day in (None, (local.month, local.day))
        and (band.dates is None or {(0, *day), (local.year, *day)} & set(band.dates))
    ]
    return max(active, key=lambda band: band.weight)


def step_at(band: Band, position_s: int) -> Step:
    """Last step that has begun."""
    return max((step for step in band.steps if step.from_s <= position_s), key=lambda step: step.from_s)
