"""Seconds and money of a grant: what a time costs at each level, and what time each level's credit buys.

Both come from the function that later rates the call, so the charge never exceeds what was set aside (charging.md 10).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from ..core.allowance import covered
from ..core.grant import affordable_seconds_between
from ..core.rating import ChargeRule, Tariff, first_charge_micro, reservation_cost
from ..ports import MAX_CALL_S, CallTerms, Level

Window = tuple[datetime, datetime]

SETUP_SLACK_S = 10
"""Between authorisation and answer besides ringing (s): signalling, and the dialplan's own steps."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

UNLIMITED_MICRO = 10**17
"""More than any account holds: asks how long a call may last by the tariff's own limit."""


def answer_window(terms: CallTerms) -> Window:
    """Instants between which the call can be answered: every attempt may ring in turn, or as the terms say."""
    ringing_s = terms.ringing.wait_s
    if ringing_s is None:
        ringing_s = terms.ring_s * max(1, len(terms.routes))
    return terms.authorised_at, terms.authorised_at + timedelta(seconds=ringing_s + SETUP_SLACK_S)


def first_grant_s(payers: Sequence[Level], window: Window, default_s: int) -> int:
    """Seconds to ask for: the default, but whole first increments, and no more than a tariff's own limit."""
    wanted_s = max([default_s, *[_first_increment_s(level.tariff) for level in payers]])
    return longest_s(payers, window, min(wanted_s, MAX_CALL_S))


def longest_s(payers: Sequence[Level], window: Window, wanted_s: int) -> int:
    """`wanted_s` cut where a tariff ends calls itself (max_cost with `disconnect`)."""
    limited = [level for level in payers if level.tariff.max_cost_strategy == "disconnect"]
    if not limited:
        return wanted_s
    return bought_s(limited, window, [UNLIMITED_MICRO] * len(limited), wanted_s)


def amounts_micro(payers: Sequence[Level], window: Window, seconds: int) -> tuple[int, ...]:
    """What each level sets aside for a call of up to `seconds`; never less than fee and first increment (rule 9)."""
    return tuple([_amount_micro(level.tariff, level.rule, window, seconds) for level in payers])


def _amount_micro(tariff: Tariff, rule: ChargeRule, window: Window, seconds: int) -> int:
    if tariff.compiled.calendar.only_band is not None:
        return _amount_at_any_hour(tariff, rule, seconds)
    return max(reservation_cost(tariff, window, seconds, rule), first_charge_micro(tariff, window[0], rule))


@lru_cache(maxsize=65_536)
def _amount_at_any_hour(tariff: Tariff, rule: ChargeRule, seconds: int) -> int:
    """The same for a tariff with one price at all hours: what it comes to at one instant, it does at all."""
    return max(reservation_cost(tariff, (EPOCH, EPOCH), seconds, rule), first_charge_micro(tariff, EPOCH, rule))


def bought_s(
    payers: Sequence[Level], window: Window, credits_micro: Sequence[int], wanted_s: int, covers_s: Sequence[int] = ()
) -> int:
    """Largest number of seconds, at most `wanted_s`, that every level can pay from its credit; 0 if there is none.

    `covers_s`: included seconds that each level has for the call; they need no credit at all.
    """
    for level, credit_micro, covered_s in zip(payers, credits_micro, covers_s or [0] * len(payers), strict=True):
        tariff = covered(level.tariff, covered_s)
        if covered_s:
            credit_micro = max(credit_micro, 0)  # noqa: PLW2901  a purse that is overdrawn has included seconds still
        elif credit_micro < first_charge_micro(tariff, window[0], level.rule):
            return 0
        wanted_s = min(wanted_s, affordable_seconds_between(tariff, window, credit_micro, wanted_s, level.rule))
    return wanted_s


@lru_cache(maxsize=65_536)
def _first_increment_s(tariff: Tariff) -> int:
    """Seconds until the first increment is used up, in the band where that takes longest."""
    in_force = (
        max((step for step in band.steps if step.from_s <= tariff.included_s), key=lambda step: step.from_s)
        for band in tariff.bands
    )
    return tariff.included_s + max(step.increment_s for step in in_force)
