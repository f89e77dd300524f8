"""Would every level have the money, and for how long: the grant that a call would be given (charging.md 9, 10)."""

from collections.abc import Mapping
from typing import Any

from ..core.money import format_micro
from ..core.rating import first_charge_micro
from ..ports import CallTerms, Level, Reason, Refused
from ..services.size_grant import Window, amounts_micro, answer_window, bought_s, first_grant_s
from .rows import Wallet

Json = dict[str, Any]


def credit_steps(terms: CallTerms, wallets: Mapping[int, Wallet], grant_s: int) -> tuple[Json, Refused | None]:
    """Grant and what each payer sets aside for it, by the services that do so; or why it would be refused."""
    payers, window = terms.payers, answer_window(terms)
    if not payers:
        return {"granted_s": None, "levels": []}, None
    missing = [level.account_id for level in payers if level.account_id not in wallets]
    if missing:
        return {"granted_s": 0, "levels": []}, Refused(Reason.NO_CREDIT, f"account {missing[0]} has no wallet")
    headrooms = [wallets[level.account_id].headroom_micro for level in payers]
    wanted_s = seconds = first_grant_s(payers, window, grant_s)
    asked = amounts_micro(payers, window, seconds)
    if any(headroom < amount for headroom, amount in zip(headrooms, asked, strict=True)):
        seconds = bought_s(payers, window, headrooms, seconds)
    levels = [_level(level, wallets[level.account_id], window, seconds) for level in payers]
    refused = None
    if seconds < 1:
        poor = next(one for one in levels if not one["enough"])
        refused = Refused(
            Reason.NO_CREDIT, f"account {poor['account_id']} has {poor['headroom']}, needs {poor['needs']}"
        )
    return {"wanted_s": wanted_s, "granted_s": seconds, "levels": levels}, refused


def _level(level: Level, wallet: Wallet, window: Window, seconds: int) -> Json:
    """One payer: what it has, what the first charge needs, what is set aside."""
    needs_micro = first_charge_micro(level.tariff, window[0], level.rule)
    aside_micro = amounts_micro([level], window, seconds)[0] if seconds else 0
    return {
        "account_id": level.account_id,
        "currency": level.currency,
        "balance": format_micro(wallet.balance_micro),
        "credit_limit": format_micro(wallet.credit_limit_micro),
        "reserved": format_micro(wallet.reserved_micro),
        "headroom": format_micro(wallet.headroom_micro),
        "needs": format_micro(needs_micro),
        "sets_aside": format_micro(aside_micro),
        "enough": bought_s([level], window, [wallet.headroom_micro], max(1, seconds)) >= 1,
    }
