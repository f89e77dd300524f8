"""Which price each level of a chain pays for a call: one rule for live calls and for every page that shows a price.

A plan prices destinations or groups itself, or marks up what its own company pays one level up (charging.md 4 and 16).
Levels are priced from the top down, so that every mark-up stands on its parent's price and never on a rounded charge.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from .markup import Overrides, converted, marked_up
from .money import FACTOR_ONE
from .tariff import Band, GraceMode, MaxCostStrategy, Rounding, Tariff

Place = tuple[int, int | None]
"""Where a call goes: destination and its group, as ids."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a plan says for all its prices; `marks_up`: its company's own price is the base; `rounding` None: too."""

    timezone: str
    marks_up: bool
    default_method: str | None
    default_percent_micro: int
    default_absolute_micro: int
    rounding: Rounding | None


@dataclass(frozen=True, slots=True)
class Rate:
    """Price of a destination or group in a plan, from `valid_from` until before `valid_to`; fixed ones have bands."""

    rate_id: int
    plan_id: int
    destination_id: int | None
    group_id: int | None
    method: str
    percent_micro: int | None
    absolute_micro: int | None
    bands: tuple[Band, ...]
    included_s: int
    min_duration_s: int
    grace_s: int
    grace_mode: GraceMode | None
    min_cost_micro: int
    max_cost_micro: int | None
    max_cost_strategy: MaxCostStrategy | None
    valid_from: datetime | None
    valid_to: datetime | None

    def is_valid(self, at: datetime) -> bool:
        """True when the rate is in force at an instant."""
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at < self.valid_to)


class RateBook:
    """All rates of one plan."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._rates: dict[tuple[int | None, int | None], list[Rate]] = {}
        for rate in sorted(rates, key=lambda rate: (rate.valid_from or LONG_AGO, rate.rate_id), reverse=True):
            self._rates.setdefault((rate.destination_id, rate.group_id), []).append(rate)

    def in_force(self, place: Place, at: datetime) -> Rate | None:
        """Rate of the destination, else of its group; of several the one that began last."""
        destination_id, group_id = place
        for target in ((destination_id, None), (None, group_id)):
            for rate in self._rates.get(target, ()):
                if rate.is_valid(at):
                    return rate
        return None


NO_RATES = RateBook(())


@dataclass(frozen=True, slots=True)
class PlanLevel:
    """A plan on the way down the chain. `factor_e8`: units of its currency for one of the plan's above it."""

    terms: PlanTerms
    rates: RateBook
    factor_e8: int = FACTOR_ONE


@dataclass(frozen=True, slots=True)
class PlanPrice:
    """Price at one level; `rate` None: the plan's default mark-up. `destination_id`: whose prefix decided."""

    destination_id: int
    rate: Rate | None
    tariff: Tariff


def walk_prices(
    levels: Iterable[PlanLevel | None], places: Sequence[Place], at: datetime
) -> Iterator[PlanPrice | None]:
    """Price at each level, top first, at an instant; `places`: those of the number, longest prefix first.

    None where a level has no plan (None) or no price, and so where a level below marks such a one up. Raises
    TariffError when the price of the level that is asked for would be out of range.
    """
    price: PlanPrice | None = None
    for level in levels:
        parent = _in_its_currency(price, level) if level is not None and level.terms.marks_up else None
        price = _find_price(level, places, at, parent) if level is not None else None
        yield price


def _in_its_currency(price: PlanPrice | None, level: PlanLevel) -> PlanPrice | None:
    """The price above a plan in the plan's own currency."""
    if price is None or level.factor_e8 == FACTOR_ONE:
        return price
    return replace(price, tariff=converted(price.tariff, level.factor_e8))


def fixed_tariff(rate: Rate, timezone: str, rounding: Rounding) -> Tariff:
    """Tariff of a rate with a price of its own. Raises TariffError."""
    return Tariff(
        timezone=timezone,
        bands=rate.bands,
        rounding=rounding,
        included_s=rate.included_s,
        min_duration_s=rate.min_duration_s,
        grace_s=rate.grace_s,
        grace_mode=rate.grace_mode,
        min_cost_micro=rate.min_cost_micro,
        max_cost_micro=rate.max_cost_micro,
        max_cost_strategy=rate.max_cost_strategy,
    )


def _find_price(level: PlanLevel, places: Sequence[Place], at: datetime, parent: PlanPrice | None) -> PlanPrice | None:
    """Longest prefix first: the plan's own rate, or the default mark-up where the parent's price begins."""
    for place in places:
        rate = level.rates.in_force(place, at)
        if rate is not None:
            tariff = _rated(level.terms, rate, parent)
        elif parent is not None and parent.destination_id == place[0]:
            tariff = _by_default(level.terms, parent.tariff)
        else:
            continue
        if tariff is not None:
            return PlanPrice(place[0], rate, tariff)
    return None


def _rated(plan: PlanTerms, rate: Rate, parent: PlanPrice | None) -> Tariff | None:
    """Tariff of a plan's own rate; None when it marks up a price that is not there."""
    if rate.method == "fixed":
        rounding = plan.rounding or (parent.tariff.rounding if parent else Rounding())
        return _known_fixed(rate, plan.timezone, rounding)
    if parent is None:
        return None
    percent_micro = rate.percent_micro or 0 if rate.method == "percent" else 0
    absolute_micro = rate.absolute_micro or 0 if rate.method == "absolute" else 0
    return _known_marked_up(parent.tariff, percent_micro, absolute_micro, _overrides(plan, rate))


def _by_default(plan: PlanTerms, parent: Tariff) -> Tariff | None:
    """Parent's tariff with the plan's default mark-up; None when the plan has no default."""
    if plan.default_method == "percent":
        return _known_marked_up(parent, plan.default_percent_micro, 0, Overrides(rounding=plan.rounding))
    if plan.default_method == "absolute":
        return _known_marked_up(parent, 0, plan.default_absolute_micro, Overrides(rounding=plan.rounding))
    return None


def _overrides(plan: PlanTerms, rate: Rate) -> Overrides:
    """Terms that the child sets itself; 0 in a mark-up rate means "as the parent"."""
    return Overrides(
        rounding=plan.rounding,
        included_s=rate.included_s or None,
        min_duration_s=rate.min_duration_s or None,
        grace=(rate.grace_s, rate.grace_mode) if rate.grace_s else None,
        min_cost_micro=rate.min_cost_micro or None,
        max_cost=(rate.max_cost_micro, rate.max_cost_strategy) if rate.max_cost_micro is not None else None,
    )


@lru_cache(maxsize=65_536)
def _known_marked_up(parent: Tariff, percent_micro: int, absolute_micro: int, overrides: Overrides) -> Tariff:
    return marked_up(parent, percent_micro=percent_micro, absolute_micro=absolute_micro, overrides=overrides)


_known_fixed = lru_cache(maxsize=65_536)(fixed_tariff)
