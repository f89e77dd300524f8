"""Would every level have the money, and for how long: the grant that a call would be given (charging.md 9, 10)."""

from collections.abc import Sequence
from typing import Any

from ..core.allowance import countable_s
from ..core.money import format_micro
from ..core.rating import first_charge_micro
from ..ports import CallTerms, Level, Reason, Refused
from ..services.authorise_call import SPEND_RULES
from ..services.cover import amount_micro
from ..services.size_grant import Window, answer_window, bought_s, first_grant_s
from .rows import Known, SpendRoom

Json = dict[str, Any]


def credit_steps(terms: CallTerms, known: Known, grant_s: int) -> tuple[Json, Refused | None]:
    """Grant and what each payer sets aside for it, by the services that do so; or why it would be refused."""
    payers, window, wallets = terms.payers, answer_window(terms), known.wallets or {}
    if not payers:
        return {"granted_s": None, "levels": []}, None
    missing = [level.account_id for level in payers if level.account_id not in wallets]
    if missing:
        return {"granted_s": 0, "levels": []}, Refused(Reason.NO_CREDIT, f"account {missing[0]} has no wallet")
    headrooms = [known.headroom_micro(level.account_id) for level in payers]
    wanted_s = seconds = first_grant_s(payers, window, grant_s)
    included_s = [known.included_s(level.account_id, level.allowance_ids) for level in payers]
    asked = _asides(payers, window, seconds, included_s)
    if any(headroom < amount and amount for headroom, amount in zip(headrooms, asked, strict=True)):
        seconds = bought_s(payers, window, headrooms, seconds, included_s)
    levels = [_level(level, known, window, seconds, left_s) for level, left_s in zip(payers, included_s, strict=True)]
    refused = None
    if seconds < 1:
        poor = next(one for one in levels if not one["enough"])
        reason = Reason.NO_CREDIT if poor["limit"] is None else Reason.SPEND_LIMIT
        refused = Refused(reason, f"account {poor['account_id']} {_lacks(poor)}")
    return {"wanted_s": wanted_s, "granted_s": seconds, "levels": levels}, refused


def _asides(payers: Sequence[Level], window: Window, seconds: int, included_s: Sequence[int]) -> list[int]:
    return [
        amount_micro(level, window, seconds, min(left_s, countable_s(level.tariff, seconds)))
        for level, left_s in zip(payers, included_s, strict=True)
    ]


def _level(level: Level, known: Known, window: Window, seconds: int, included_s: int) -> Json:
    """One payer: what it has, what the first charge needs, what is set aside. `limit`, `rule`: what leaves less."""
    wallet, account_id = (known.wallets or {})[level.account_id], level.account_id
    room = known.rooms.get(account_id)
    tighter = room if room is not None and room.micro < wallet.headroom_micro else None
    needs_micro = 0 if included_s else first_charge_micro(level.tariff, window[0], level.rule)
    aside_micro = _asides([level], window, seconds, [included_s])[0] if seconds else 0
    return {
        "account_id": level.account_id,
        "currency": level.currency,
        "balance": format_micro(wallet.balance_micro),
        "credit_limit": format_micro(wallet.credit_limit_micro),
        "reserved": format_micro(wallet.reserved_micro),
        "headroom": format_micro(wallet.headroom_micro),
        "needs": format_micro(needs_micro),
        "sets_aside": format_micro(aside_micro),
        "room": format_micro(tighter.micro) if tighter else None,
        "limit": _words(tighter) if tighter else None,
        "rule": tighter.rule if tighter else None,
        "enough": bought_s([level], window, [known.headroom_micro(account_id)], max(1, seconds), [included_s]) >= 1,
    }


def _lacks(poor: Json) -> str:
    """What a payer lacks; of a locked one no amount, for nobody is let through by one."""
    if poor["rule"] == "locked":
        return f"is {poor['limit']}"
    has = poor["headroom"] if poor["limit"] is None else f"{poor['room']} left ({poor['limit']})"
    return f"has {has}, needs {poor['needs']}"


def _words(room: SpendRoom) -> str:
    """Which limit it is; of a locked account also what locked it."""
    words = SPEND_RULES[room.rule]
    if room.locked_by is None:
        return words
    by = SPEND_RULES[room.locked_by]
    return f"{words}: {by}" if room.locked_name is None else f"{words}: fraud rule {room.locked_name} ({by})"
