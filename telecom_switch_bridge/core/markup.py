"""Mark-up: a plan that sells at its parent's prices plus something (charging.md 4).

The mark-up is on prices (each fee and each step price, then half-up at 6 decimals), never on a rounded charge. Bands,
increments, included seconds, minimum, maximum, grace and rounding are the parent's unless the plan sets them.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from .money import PERCENT_MICRO, convert_micro, round_ratio
from .tariff import ALWAYS, Band, GraceMode, MaxCostStrategy, Rounding, Step, Tariff, hours_text

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Overrides:
    """Terms that a plan sets itself; None = as the parent's plan. A grace or a maximum is set as a pair."""

    rounding: Rounding | None = None
    included_s: int | None = None
    min_duration_s: int | None = None
    grace: tuple[int, GraceMode | None] | None = None
    min_cost_micro: int | None = None
    max_cost: tuple[int | None, MaxCostStrategy | None] | None = None


INHERIT = Overrides()


def marked_up(
    parent: Tariff,
    *,
    percent_micro: int = 0,
    absolute_micro: int = 0,
    overrides: Overrides = INHERIT,
) -> Tariff:
    """Tariff of the child plan: parent's prices plus a percentage, plus an amount per minute.

    `percent_micro`: percent in 1/1,000,000 of 1 % (20 % = 20_000_000), on fees and prices. `absolute_micro`:
    micro-units per minute on each step price, scaled to its price unit; fees stay. Raises TariffError when a result is
    out of range, for example a price below zero by a negative mark-up.
    """
    bands = tuple(_band(band, percent_micro, absolute_micro) for band in parent.bands)
    return replace(parent, bands=bands, **_own_terms(overrides))


@lru_cache(maxsize=65_536)
def converted(tariff: Tariff, factor_e8: int) -> Tariff:
    """Tariff in another currency: each fee, price and limit times a factor of 8 decimals, half-up at 6 decimals.

    A plan that marks up prices of another currency stands on these. Raises TariffError when one is out of range.
    """
    limit_micro = tariff.max_cost_micro
    return replace(
        tariff,
        bands=tuple(_band_in_currency(band, factor_e8) for band in tariff.bands),
        min_cost_micro=convert_micro(tariff.min_cost_micro, factor_e8),
        max_cost_micro=None if limit_micro is None else convert_micro(limit_micro, factor_e8),
    )


def _band_in_currency(band: Band, factor_e8: int) -> Band:
    steps = (replace(step, price_micro=convert_micro(step.price_micro, factor_e8)) for step in band.steps)
    return replace(band, connect_fee_micro=convert_micro(band.connect_fee_micro, factor_e8), steps=tuple(steps))


def _band(band: Band, percent_micro: int, absolute_micro: int) -> Band:
    return replace(
        band,
        name=_public_name(band),
        connect_fee_micro=_plus_percent(band.connect_fee_micro, percent_micro),
        steps=tuple(_step(step, percent_micro, absolute_micro) for step in band.steps),
    )


def _public_name(band: Band) -> str:
    """Its hours: what a provider calls them is for its own customers, not for those of its resellers."""
    return band.name if band.name == ALWAYS else hours_text(band)


def _step(step: Step, percent_micro: int, absolute_micro: int) -> Step:
    """Exact sum of price, percentage and amount per price unit, rounded once."""
    numerator = (
        step.price_micro * (PERCENT_MICRO + percent_micro) * MINUTE_S
        + absolute_micro * step.price_unit_s * PERCENT_MICRO
    )
    return replace(step, price_micro=round_ratio(numerator, PERCENT_MICRO * MINUTE_S, "half_up"))


def _plus_percent(amount_micro: int, percent_micro: int) -> int:
    return round_ratio(amount_micro * (PERCENT_MICRO + percent_micro), PERCENT_MICRO, "half_up")


def _own_terms(overrides: Overrides) -> dict[str, Any]:
    own: dict[str, Any] = {
        name: getattr(overrides, name)
        for name in ("rounding", "included_s", "min_duration_s", "min_cost_micro")
        if getattr(overrides, name) is not None
    }
    if overrides.grace is not None:
        own["grace_s"], own["grace_mode"] = overrides.grace
    if overrides.max_cost is not None:
        own["max_cost_micro"], own["max_cost_strategy"] = overrides.max_cost
    return own
