"""The price of a destination in a rate plan: its own, its group's, or the provider's price marked up.

The same walk as the bridge's for a live call (charging.md 4 and 16), on plain values: levels from the top of the chain
down, destinations by prefix, longest first. Amounts in 1/1,000,000 unit; percents in 1/1,000,000 of 1 %.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from telecom_switch_bridge.core.markup import MINUTE_S, Overrides, marked_up
from telecom_switch_bridge.core.rating import Rounding, Step, Tariff, TariffError, always

DestinationKey = tuple[int, int]
"""Destination and its group, as ids."""

RateKey = tuple[str, int]
"""("destination" or "group", id)."""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a plan says for all its prices; `rounding` None: as the provider's plan."""

    timezone: str
    marks_up: bool
    default_method: str
    default_percent_micro: int
    default_absolute_micro: int
    rounding: Rounding | None


@dataclass(frozen=True, slots=True)
class RateTerms:
    """One rate; prices per minute. 0 stands for "not set", in a mark-up for "as the provider's"."""

    rate_id: int
    method: str
    percent_micro: int
    absolute_micro: int
    connect_fee_micro: int
    price_micro: int
    second_price_from_s: int
    second_price_micro: int
    first_increment_s: int
    next_increment_s: int
    included_s: int
    min_duration_s: int
    grace_s: int
    grace_mode: str | None
    min_cost_micro: int


@dataclass(frozen=True, slots=True)
class LevelRates:
    """A plan and its rates in force at one instant."""

    terms: PlanTerms
    rates: Mapping[RateKey, RateTerms]


@dataclass(frozen=True, slots=True)
class LevelPrice:
    """Price at one level; `rate` None: the plan's default mark-up. `destination_id`: whose prefix decided."""

    destination_id: int
    rate: RateTerms | None
    tariff: Tariff


def chain_prices(levels: Sequence[LevelRates], destinations: Sequence[DestinationKey]) -> list[LevelPrice | None]:
    """Price at each level, top first; None where a level, and so every level below that marks it up, has none.

    Raises TariffError when a mark-up leads out of the range of prices.
    """
    prices: list[LevelPrice | None] = []
    for level in levels:
        parent = prices[-1] if prices and level.terms.marks_up else None
        prices.append(_find_price(level, destinations, parent))
    return prices


def fixed_tariff(rate: RateTerms, timezone: str, rounding: Rounding) -> Tariff:
    """Tariff of a rate with a price of its own, in force all day and week. Raises TariffError."""
    return Tariff(
        timezone=timezone,
        bands=(always(rate.connect_fee_micro, _steps(rate)),),
        rounding=rounding,
        included_s=rate.included_s,
        min_duration_s=rate.min_duration_s,
        grace_s=rate.grace_s,
        grace_mode=rate.grace_mode,
        min_cost_micro=rate.min_cost_micro,
    )


def _find_price(
    level: LevelRates, destinations: Sequence[DestinationKey], parent: LevelPrice | None
) -> LevelPrice | None:
    """Longest prefix first: the plan's own rate, or the default mark-up where the provider's price begins."""
    for destination_id, group_id in destinations:
        rate = level.rates.get(("destination", destination_id)) or level.rates.get(("group", group_id))
        if rate is not None:
            tariff = _rated(level.terms, rate, parent)
        elif parent is not None and parent.destination_id == destination_id:
            tariff = _by_default(level.terms, parent.tariff)
        else:
            continue
        if tariff is not None:
            return LevelPrice(destination_id, rate, tariff)
    return None


def _rated(terms: PlanTerms, rate: RateTerms, parent: LevelPrice | None) -> Tariff | None:
    if rate.method == "fixed":
        rounding = terms.rounding or (parent.tariff.rounding if parent else Rounding())
        return fixed_tariff(rate, terms.timezone, rounding)
    if parent is None:
        return None
    own = Overrides(
        rounding=terms.rounding,
        included_s=rate.included_s or None,
        min_duration_s=rate.min_duration_s or None,
        grace=(rate.grace_s, rate.grace_mode) if rate.grace_s else None,
        min_cost_micro=rate.min_cost_micro or None,
    )
    if rate.method == "percent":
        return marked_up(parent.tariff, percent_micro=rate.percent_micro, overrides=own)
    return marked_up(parent.tariff, absolute_micro=rate.absolute_micro, overrides=own)


def _by_default(terms: PlanTerms, parent: Tariff) -> Tariff | None:
    own = Overrides(rounding=terms.rounding)
    if terms.default_method == "percent":
        return marked_up(parent, percent_micro=terms.default_percent_micro, overrides=own)
    if terms.default_method == "absolute":
        return marked_up(parent, absolute_micro=terms.default_absolute_micro, overrides=own)
    return None


def _steps(rate: RateTerms) -> list[Step]:
    """A step begins with the call, after the first increment, and where the second price begins.

    The first increment follows the included seconds; both marks are on the call's clock.
    """
    first_end_s = rate.included_s + rate.first_increment_s
    second_s = rate.second_price_from_s
    starts = sorted({0, first_end_s, *([second_s] if second_s else [])})
    steps = [
        Step(
            from_s=start_s,
            price_micro=rate.second_price_micro if second_s and start_s >= second_s else rate.price_micro,
            price_unit_s=MINUTE_S,
            increment_s=rate.first_increment_s if start_s < first_end_s else rate.next_increment_s,
        )
        for start_s in starts
    ]
    changes = [step for before, step in pairwise(steps) if replace(step, from_s=before.from_s) != before]
    return [steps[0], *changes]


__all__ = [
    "LevelPrice",
    "LevelRates",
    "PlanTerms",
    "RateTerms",
    "TariffError",
    "chain_prices",
    "fixed_tariff",
]
