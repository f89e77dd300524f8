"""What each level pays for a call, with where its price comes from."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ..core.allowance import countable_s, price_covered
from ..core.explain import explain_call, explain_tariff
from ..core.money import format_micro
from ..core.rating import charge_of
from ..ports import Direction
from ..services.price_chain import LevelPrice
from ..store.catalogue import LoadedCatalogue
from .rows import Known

Json = dict[str, Any]


def level_steps(known: Known, price: LevelPrice, direction: Direction, at: datetime, seconds: int) -> Json:
    """One level as plain values; amounts as decimal text. Its included seconds, if any, are taken as they are now."""
    left_s = known.included_s(price.account.account_id, price.allowance_ids)
    covers_s = min(left_s, countable_s(price.tariff, seconds))
    priced = price_covered(price.tariff, at, seconds, {0, covers_s})
    taxed = charge_of(priced, price.rule)
    return {
        "level": price.level,
        "account": price.account.number,
        "account_id": price.account.account_id,
        "company_id": price.account.company_id,
        "currency": price.account.currency,
        "plan": price.plan.name,
        "plan_id": price.plan.plan_id,
        "plan_since": plan_since(known.catalogue, price, direction, at),
        **({"included": {"left_s": left_s, "covers_s": covers_s}} if price.allowance_ids else {}),
        "rate_id": price.rate.rate_id if price.rate else None,
        "source": source(price),
        "destination": price.destination.name,
        "net": format_micro(taxed.net_micro),
        "tax": format_micro(taxed.tax_micro),
        "gross": format_micro(taxed.gross_micro),
        "billed_s": priced.billed_s,
        "tariff": explain_tariff(price.tariff),
        "steps": explain_call(priced, seconds, price.rule),
    }


def levels_steps(
    known: Known, prices: Sequence[LevelPrice], direction: Direction, at: datetime, seconds: int
) -> list[Json]:
    """All levels, the customer's first."""
    return [level_steps(known, price, direction, at, seconds) for price in prices]


def plan_since(catalogue: LoadedCatalogue, price: LevelPrice, direction: Direction, at: datetime) -> str:
    """From when until when the account has this plan, in words."""
    account_id = price.account.account_id
    for row in catalogue.account_plan_rows:
        if (row.account_id, row.direction) == (account_id, direction) and row.holds(at):
            return span(row.valid_from, row.valid_to)
    return span(None, None)


def source(price: LevelPrice) -> str:
    """Where the tariff comes from, in words: plan, rate with its version, mark-up."""
    plan, rate = price.plan, price.rate
    named = f"plan {plan.plan_id}" + (f" ({plan.name})" if plan.name else "")
    if rate is None:
        how, percent, amount = plan.default_method, plan.default_percent_micro, plan.default_absolute_micro
        return f"{named}, default mark-up {_by(how, percent, amount)} on the level above"
    target = "destination" if rate.destination_id is not None else "group"
    found = f"{named}, rate {rate.rate_id} of the {target}, valid {span(rate.valid_from, rate.valid_to)}"
    if rate.method == "fixed":
        return found
    return f"{found}: mark-up {_by(rate.method, rate.percent_micro, rate.absolute_micro)} on the level above"


def _by(method: str | None, percent_micro: int | None, absolute_micro: int | None) -> str:
    if method == "percent":
        return f"{format_micro(percent_micro or 0)} %"
    return f"{format_micro(absolute_micro or 0)} per minute"


def span(valid_from: datetime | None, valid_to: datetime | None) -> str:
    """A validity in words, UTC."""
    begun = "since ever" if valid_from is None else f"from {instant(valid_from)}"
    return begun if valid_to is None else f"{begun} until {instant(valid_to)}"


def instant(at: datetime) -> str:
    """An instant in UTC as people read it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
