"""Prices of one call at every level: the customer, then each reseller above it (charging.md 4, 6, 16).

A plan prices destinations or groups itself, or marks up what its own company pays one level up. The chain is priced
from the top down, so that every mark-up stands on its parent's price and never on a rounded charge.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from ..core.markup import Overrides, marked_up
from ..core.money import RoundingMethod
from ..core.rating import Rounding, Tariff, TariffError
from ..ports import Catalogue, Reason, Refused
from ..values import ACTIVE, Account, Destination, Plan, Rate

MAX_LEVELS = 12
"""Longest chain of payers; the tenant tree is far flatter, a longer one is a loop."""


@dataclass(frozen=True, slots=True)
class LevelPrice:
    """What one account pays; `rate` None: the plan's default mark-up."""

    account: Account
    plan: Plan
    rate: Rate | None
    destination: Destination
    tariff: Tariff


def chain_of(catalogue: Catalogue, account: Account) -> tuple[Account, ...] | Refused:
    """Payers of a call, customer first; refused when one of them is not active."""
    chain = [account]
    while chain[-1].parent_account_id is not None:
        parent = catalogue.account(chain[-1].parent_account_id)
        if parent is None or len(chain) >= MAX_LEVELS:
            return Refused(Reason.UNAVAILABLE, f"chain of account {account.number} has no end")
        chain.append(parent)
    for payer in chain:
        if payer.state != ACTIVE:
            return Refused(Reason.SUSPENDED, f"account {payer.number} is {payer.state}")
    return tuple(chain)


def price_chain(
    catalogue: Catalogue, chain: tuple[Account, ...], e164: str, at: datetime
) -> tuple[LevelPrice, ...] | Refused:
    """Price of a number for each payer, customer first; refused when one level has none: unrateable is never free."""
    prices: list[LevelPrice] = []
    for account in reversed(chain):
        price = _price_level(catalogue, account, e164, at, prices[-1] if prices else None)
        if isinstance(price, Refused):
            return price
        prices.append(price)
    return tuple(reversed(prices))


def _price_level(
    catalogue: Catalogue, account: Account, e164: str, at: datetime, parent: LevelPrice | None
) -> LevelPrice | Refused:
    plan = catalogue.plan(account.plan_id) if account.plan_id is not None else None
    if plan is None or plan.direction != "outbound":
        return Refused(Reason.NO_RATE, f"account {account.number} has no outbound plan")
    if plan.currency != account.currency:
        return Refused(Reason.NO_RATE, f"plan {plan.plan_id} is not in the currency of account {account.number}")
    if plan.base != "parent":
        parent = None
    try:
        return _find_price(catalogue, account, plan, e164, at, parent) or Refused(
            Reason.NO_RATE, f"plan {plan.plan_id} of account {account.number} has no price for {e164}"
        )
    except TariffError as error:
        return Refused(Reason.NO_RATE, f"plan {plan.plan_id} of account {account.number}: {error}")


def _find_price(  # noqa: PLR0917  one step of the walk
    catalogue: Catalogue, account: Account, plan: Plan, e164: str, at: datetime, parent: LevelPrice | None
) -> LevelPrice | None:
    """Longest prefix first: the plan's own rate, or the default mark-up where the parent's price begins."""
    for destination in catalogue.destinations(e164):
        rate = catalogue.rate(plan.plan_id, destination, at)
        if rate is not None:
            tariff = _rated(plan, rate, parent)
        elif parent is not None and parent.destination == destination:
            tariff = _by_default(plan, parent.tariff)
        else:
            continue
        if tariff is not None:
            return LevelPrice(account, plan, rate, destination, tariff)
    return None


def _rated(plan: Plan, rate: Rate, parent: LevelPrice | None) -> Tariff | None:
    """Tariff of a plan's own rate; None when it marks up a price that is not there, or has no price."""
    if rate.method == "fixed":
        rounding = _rounding(plan) or (parent.tariff.rounding if parent else Rounding())
        return _fixed(rate, plan.timezone, rounding)
    if parent is None:
        return None
    percent_micro = rate.percent_micro or 0 if rate.method == "percent" else 0
    absolute_micro = rate.absolute_micro or 0 if rate.method == "absolute" else 0
    return _marked_up(parent.tariff, percent_micro, absolute_micro, _overrides(plan, rate))


def _by_default(plan: Plan, parent: Tariff) -> Tariff | None:
    """Parent's tariff with the plan's default mark-up; None when the plan has no default."""
    if plan.default_method == "percent":
        return _marked_up(parent, plan.default_percent_micro or 0, 0, Overrides(rounding=_rounding(plan)))
    if plan.default_method == "absolute":
        return _marked_up(parent, 0, plan.default_absolute_micro or 0, Overrides(rounding=_rounding(plan)))
    return None


def _overrides(plan: Plan, rate: Rate) -> Overrides:
    """Terms that the child sets itself; 0 in a mark-up rate means "as the parent"."""
    return Overrides(
        rounding=_rounding(plan),
        included_s=rate.included_s or None,
        min_duration_s=rate.min_duration_s or None,
        grace=(rate.grace_s, rate.grace_mode) if rate.grace_s else None,
        min_cost_micro=rate.min_cost_micro or None,
        max_cost=(rate.max_cost_micro, rate.max_cost_strategy) if rate.max_cost_micro is not None else None,
    )


def _rounding(plan: Plan) -> Rounding | None:
    if plan.rounding_method is None or plan.rounding_decimals is None:
        return None
    method: RoundingMethod = plan.rounding_method  # type: ignore[assignment]  # Tariff checks it
    return Rounding(method, plan.rounding_decimals)


@lru_cache(maxsize=65_536)
def _marked_up(parent: Tariff, percent_micro: int, absolute_micro: int, overrides: Overrides) -> Tariff:
    return marked_up(parent, percent_micro=percent_micro, absolute_micro=absolute_micro, overrides=overrides)


@lru_cache(maxsize=65_536)
def _fixed(rate: Rate, timezone: str, rounding: Rounding) -> Tariff:
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
