"""Prices of one call at every level: the customer, then each reseller above it (charging.md 4, 6, 7, 16).

Outbound calls are priced at every level or refused. A call that comes in costs a level only what its inbound plan
says: a level without such a plan, or whose plan has no price for the number, pays nothing for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache

from ..core.grant import is_free
from ..core.money import FACTOR_ONE, RoundingMethod
from ..core.price_walk import Place, PlanLevel, PlanPrice, PlanTerms, walk_prices
from ..core.rating import ChargeRule, Rounding, Tariff, TariffError
from ..ports import Catalogue, CutOffWarning, Direction, Level, Reason, Refused, Side
from ..values import ACTIVE, Account, Destination, Plan, Rate

MAX_LEVELS = 12
"""Longest chain of payers; the tenant tree is far flatter, a longer one is a loop."""

SIDES: dict[str | None, tuple[Side, ...]] = {
    "caller": ("caller",),
    "called": ("called",),
    "both": ("caller", "called"),
}
"""Parties by what a plan says; what is not here (nobody) is warned not at all."""


@dataclass(frozen=True, slots=True)
class LevelPrice:
    """What one account pays; `level`: its place in the chain, 0 = customer; `rate` None: the plan's default mark-up.

    `allowance_ids`: included minutes that count for the destination whose price it is.
    """

    level: int
    account: Account
    plan: Plan
    rate: Rate | None
    destination: Destination
    tariff: Tariff
    rule: ChargeRule
    allowance_ids: tuple[int, ...] = ()


class LevelPrices(tuple[LevelPrice, ...]):
    """A priced chain. Calls of one chain to one destination have the same: what follows from it is worked out once."""

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """As the levels that are frozen."""
        return levels_of(self)

    @cached_property
    def warning(self) -> CutOffWarning | None:
        """Warning before cut-off."""
        return warning_of(self)


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


def price_chain(catalogue: Catalogue, chain: tuple[Account, ...], e164: str, at: datetime) -> LevelPrices | Refused:
    """Price of a number for each payer, customer first; refused when one level has none: unrateable is never free."""
    payers = tuple([account.account_id for account in chain])
    places = tuple([one.destination_id for one in catalogue.destinations(e164)])

    def priced() -> LevelPrices | None:
        found = _price_chain(catalogue, chain, e164, at)
        return None if isinstance(found, Refused) else found

    kept: LevelPrices | None = catalogue.keep(("prices", payers, places, catalogue.era(at)), priced)
    return kept or _price_chain(catalogue, chain, e164, at)  # a refusal names the number


def _price_chain(catalogue: Catalogue, chain: tuple[Account, ...], e164: str, at: datetime) -> LevelPrices | Refused:
    plans: list[Plan] = []
    for account in chain:
        plan = _plan(catalogue, account, "outbound", at)
        if plan is None:
            return Refused(Reason.NO_RATE, f"account {account.number} has no outbound plan")
        if isinstance(plan, Refused):
            return plan
        plans.append(plan)
    return _walk(catalogue, chain, plans, e164, at, must_have_price=True)


def price_inbound(catalogue: Catalogue, chain: tuple[Account, ...], e164: str, at: datetime) -> LevelPrices | Refused:
    """Price of a call to our number `e164` for the payers that have one; refused when a plan is set up wrong."""
    plans: list[Plan | None] = []
    for account in chain:
        plan = _plan(catalogue, account, "inbound", at)
        if isinstance(plan, Refused):
            return plan
        plans.append(plan)
    return _walk(catalogue, chain, plans, e164, at, must_have_price=False) if any(plans) else LevelPrices()


def levels_of(prices: Sequence[LevelPrice]) -> tuple[Level, ...]:
    """Priced chain as the levels that are frozen."""
    return tuple(
        Level(
            level=price.level,
            account_id=price.account.account_id,
            company_id=price.account.company_id,
            plan_id=price.plan.plan_id,
            rate_id=price.rate.rate_id if price.rate else None,
            currency=price.account.currency,
            rule=price.rule,
            tariff=price.tariff,
            free=is_free(price.tariff),
            plan_currency=price.plan.currency if price.plan.currency != price.account.currency else "",
            allowance_ids=price.allowance_ids,
            spend_limited=price.account.spend_limited,
        )
        for price in prices
    )


def warning_of(prices: Sequence[LevelPrice]) -> CutOffWarning | None:
    """Warning before cut-off by the plan of the customer; what that leaves open, the plan one level up says."""
    plan = next((price.plan for price in prices if price.plan.warning_side is not None), None)
    sides = SIDES.get(plan.warning_side, ()) if plan is not None else ()
    if plan is None or not sides:
        return None
    before_s = tuple(seconds for seconds in (plan.warning_first_s, plan.warning_second_s) if seconds)
    return CutOffWarning(sides, before_s) if before_s else None


def _plan(catalogue: Catalogue, account: Account, direction: Direction, at: datetime) -> Plan | Refused | None:
    """Plan of an account at an instant; None when it has none, refused when it is not fit for the account."""
    plan_id = catalogue.plan_id_of(account, direction, at)
    if plan_id is None:
        return None
    plan = catalogue.plan(plan_id)
    if plan is None or plan.direction != direction:
        return Refused(Reason.NO_RATE, f"plan {plan_id} of account {account.number} is not one for {direction} calls")
    return plan


def _walk(
    catalogue: Catalogue,
    chain: Sequence[Account],
    plans: Sequence[Plan | None],
    e164: str,
    at: datetime,
    *,
    must_have_price: bool,
) -> LevelPrices | Refused:
    """Prices of a number, customer first. The rule is `core.price_walk`; here it meets accounts and refusals."""
    destinations = {one.destination_id: one for one in catalogue.destinations(e164)}
    places: list[Place] = [(one.destination_id, one.group_id) for one in destinations.values()]
    levels = _levels(catalogue, plans, at)
    if isinstance(levels, Refused):
        return levels
    walk: Iterator[PlanPrice | None] = walk_prices(levels, places, at)
    prices: list[LevelPrice] = []
    for level in reversed(range(len(chain))):
        account, plan = chain[level], plans[level]
        name = f"plan {plan.plan_id if plan else None} of account {account.number}"
        try:
            price = next(walk)
        except TariffError as error:
            return Refused(Reason.NO_RATE, f"{name}: {error}")
        if plan is not None and price is not None:
            rule = _rule(catalogue, account, plan, at)
            if isinstance(rule, Refused):
                return rule
            found = destinations[price.destination_id]
            included = catalogue.allowances(account.account_id, plan.plan_id, found)
            prices.append(LevelPrice(level, account, plan, price.rate, found, price.tariff, rule, included))
        elif must_have_price:
            return Refused(Reason.NO_RATE, f"{name} has no price for {e164}")
    return LevelPrices(reversed(prices))


def _levels(catalogue: Catalogue, plans: Sequence[Plan | None], at: datetime) -> list[PlanLevel | None] | Refused:
    """Plans from the top down, each with the factor from the currency of the one above it."""
    levels: list[PlanLevel | None] = []
    above: Plan | None = None
    for plan in reversed(plans):
        if plan is None:
            levels.append(None)
        else:
            marks_up = above is not None and plan.base == "parent"
            factor_e8 = _factor(catalogue, above.currency, plan.currency, at) if above and marks_up else FACTOR_ONE
            if isinstance(factor_e8, Refused):
                return factor_e8
            levels.append(PlanLevel(_terms(plan), catalogue.rates(plan.plan_id), factor_e8))
        above = plan
    return levels


def _rule(catalogue: Catalogue, account: Account, plan: Plan, at: datetime) -> ChargeRule | Refused:
    """Taxes of an account, and the factor from its plan's currency to its own."""
    if account.rule is None:
        return Refused(Reason.NO_RATE, f"taxes of account {account.number}: {account.tax_fault}")
    factor_e8 = _factor(catalogue, plan.currency, account.currency, at)
    return factor_e8 if isinstance(factor_e8, Refused) else _converting(account.rule, factor_e8)


def _factor(catalogue: Catalogue, from_currency: str, to_currency: str, at: datetime) -> int | Refused:
    factor_e8 = catalogue.factor_e8(from_currency, to_currency, at)
    if factor_e8 is None:
        day = at.date().isoformat()
        return Refused(Reason.NO_RATE, f"no rate of exchange from {from_currency} to {to_currency} on {day}")
    return factor_e8


@lru_cache(maxsize=4096)
def _converting(rule: ChargeRule, factor_e8: int) -> ChargeRule:
    return rule if rule.factor_e8 == factor_e8 else replace(rule, factor_e8=factor_e8)


@lru_cache(maxsize=4096)
def _terms(plan: Plan) -> PlanTerms:
    return PlanTerms(
        timezone=plan.timezone,
        marks_up=plan.base == "parent",
        default_method=plan.default_method,
        default_percent_micro=plan.default_percent_micro or 0,
        default_absolute_micro=plan.default_absolute_micro or 0,
        rounding=_rounding(plan),
    )


def _rounding(plan: Plan) -> Rounding | None:
    if plan.rounding_method is None or plan.rounding_decimals is None:
        return None
    method: RoundingMethod = plan.rounding_method  # type: ignore[assignment]  # Tariff checks it
    return Rounding(method, plan.rounding_decimals)
