"""Ended legs take their included seconds out of the allowances, and pay only for the rest (charging.md 18).

A leg may use more than it had set aside: what is left when it is settled, so that nobody pays while minutes are left.
Its price is never higher than with the seconds that it had set aside, so it keeps to the money that was set aside, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ..core.allowance import countable_s, price_covered
from ..core.by_identity import ByIdentity
from ..core.charge import lines_of
from ..core.pricing import PricedCall
from ..core.rating import Charged, charge_of, price_call, rule_to_json, tariff_to_json
from ..ports import Json, Level
from .frozen_terms import MOST_LEVELS

_known_levels = ByIdentity[Level, Json](MOST_LEVELS)


@dataclass(frozen=True, slots=True)
class Priced:
    """What the charges of a leg are made from: its levels, when it was answered and the seconds that are charged."""

    levels: tuple[Level, ...]
    answered_at: datetime
    answered_s: int


class UseAllowances(Protocol):
    """The part of a ledger's transaction that is needed here."""

    async def use_allowances(self, legs: Sequence[Json]) -> Sequence[Sequence[tuple[int, int]]]:
        """Held and used seconds of each level that is asked for; 0 and 0 when the leg was settled before."""


class Ended(Protocol):
    """A settlement, as far as its charges go."""

    @property
    def leg(self) -> Json: ...

    @property
    def priced(self) -> Priced | None: ...


async def use_allowances(settlements: Sequence[Ended], transaction: UseAllowances) -> None:
    """Take the seconds of all legs for which included minutes count, and write their charges anew."""
    legs = [(one, one.priced) for one in settlements if one.priced is not None and _wanted(one.priced)]
    if not legs:
        return
    answers = await transaction.use_allowances([_request(one.leg, priced) for one, priced in legs])
    for (one, priced), used in zip(legs, answers, strict=True):
        places = iter(used)
        one.leg["charges"] = [
            covered_charge(level, priced, next(places) if level.allowance_ids else (0, 0)) for level in priced.levels
        ]


def charges(priced: Priced) -> list[Json]:
    """What each level pays when nothing is covered."""
    return [charge(level, price_call(level.tariff, priced.answered_at, priced.answered_s)) for level in priced.levels]


def covered_charge(level: Level, priced: Priced, seconds: tuple[int, int]) -> Json:
    """What a level pays with (held, used) included seconds; its terms keep both, for whoever prices the call anew."""
    held_s, used_s = seconds
    found = price_covered(level.tariff, priced.answered_at, priced.answered_s, {0, held_s, used_s})
    one = charge(level, found)
    if used_s:
        one["terms"] = {**one["terms"], "included_s": used_s}
        if 0 < held_s < used_s:
            one["terms"]["held_s"] = held_s
    return one


def charge(level: Level, priced: PricedCall) -> Json:
    """Charge of a level in the form of `telecom_call_settle`."""
    taxed = charge_of(priced, level.rule)
    return {
        "level": level.level,
        "account_id": level.account_id,
        "company_id": level.company_id,
        "plan_id": level.plan_id,
        "currency": level.currency,
        "billed_s": priced.billed_s,
        "net_micro": taxed.net_micro,
        "tax_micro": taxed.tax_micro,
        "gross_micro": taxed.gross_micro,
        "terms": _charge_terms(level, priced, taxed),
    }


def _charge_terms(level: Level, priced: PricedCall, taxed: Charged) -> Json:
    """Versions of the prices, what they come to in the plan's currency if that is another, what each tax took."""
    terms = _level_terms(level)
    if level.plan_currency:
        terms = terms | {"plan_currency": level.plan_currency, "plan_amount_micro": priced.cost_micro}
    return terms | {"tax_lines": lines_of(level.rule, taxed)} if taxed.parts else terms


def _level_terms(level: Level) -> Json:
    """What all charges of a level say, not to be changed; level objects come again as in `frozen_terms`."""
    known = _known_levels.get(level)
    if known is not None:
        return known
    terms: Json = {"rate_id": level.rate_id, **rule_to_json(level.rule), "tariff": tariff_to_json(level.tariff)}
    return _known_levels.keep(level, terms)


def _wanted(priced: Priced) -> bool:
    return bool(priced.answered_s) and any(level.allowance_ids for level in priced.levels)


def _request(leg: Json, priced: Priced) -> Json:
    return {
        "leg_uniqueid": leg["leg_uniqueid"],
        "direction": leg["direction"],
        "call_ref": leg["call_ref"],
        "answered_at": priced.answered_at.isoformat(),
        "reference": leg["e164"] or leg["dialled"],
        "uses": [
            {
                "account": level.account_id,
                "allowances": list(level.allowance_ids),
                "seconds": countable_s(level.tariff, priced.answered_s),
            }
            for level in priced.levels
            if level.allowance_ids
        ],
    }
