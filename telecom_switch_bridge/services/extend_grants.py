"""Keeps answered calls going: a new slice of seconds is set aside before the old one is used up (charging.md 10).

Asterisk ends the leg by itself at the grant that it was told last: a dead bridge ends calls and gives no time away.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from ..allowance_ports import NO_INCLUDED, Included
from ..core.grant import affordable_seconds, reservation_cost
from ..errors import DatabaseAbsent, SwitchAbsent
from ..observe.log import Log
from ..ports import MAX_CALL_S, ExtendOutcome, Level, Reservations, Switch
from .cover import amounts_held, are_guarded, covers_of, least_micro, with_cover
from .live_legs import CUT_MARGIN_S, LiveLeg, LiveLegs
from .size_grant import Window, longest_s

RETRY_S = 5
"""After a purse was empty or the database away (s): a top-up in mid call is found within this time."""

WARNING_SLACK_S = RETRY_S + 1
"""Before the first warning a call is extended, or known to be at its end (s): a failed try is repeated once by then."""

LEAST_SLICE_S = 10
"""When running calls share what is left, none is extended by less (s), if that much is left (charging.md 10)."""

MAX_ASKS = 3
"""Times that other calls of the same allowance may come in between one question."""

OTHER_SLACK_S = 2
"""The timeout at the call's other end is a fallback and comes after that of the charged leg (s)."""


class ExtendGrants:
    """One round looks at all live legs; extensions of a round run together and share the database's batches."""

    def __init__(
        self,
        legs: LiveLegs,
        *,
        reservations: Reservations,
        switch: Switch,
        log: Log,
        slice_s: int,
        extend_below_s: int,
    ) -> None:
        self._legs = legs
        self._reservations = reservations
        self._switch = switch
        self._log = log
        self._slice_s = slice_s
        self._extend_below_s = extend_below_s

    async def run_once(self, now: datetime) -> None:
        """Extend what is due, and tell Asterisk what it does not know yet."""
        due = [live for live in self._legs if self._is_due(live, now)]
        await asyncio.gather(*(self._extend(live, now) for live in due))
        late = [live for live in self._legs if not live.is_told(now)]
        await asyncio.gather(*(self._apply(live, now) for live in late))

    def _is_due(self, live: LiveLeg, now: datetime) -> bool:
        if not live.terms.payers or live.granted_s >= MAX_CALL_S:
            return False
        if live.retry_at is not None and now < live.retry_at:
            return False
        return 0 < live.remaining_s(now) < self._below_s(live)

    def _below_s(self, live: LiveLeg) -> int:
        """Remaining seconds at which the next slice is asked for: before a warning would have to be given."""
        warning = live.terms.warning
        return max(self._extend_below_s, warning.before_s[0] + WARNING_SLACK_S) if warning else self._extend_below_s

    async def _extend(self, live: LiveLeg, now: datetime) -> None:
        live.retry_at = now + timedelta(seconds=RETRY_S)
        window = (live.leg.answered_at, live.leg.answered_at)
        wanted_s = longest_s(live.terms.payers, window, min(live.granted_s + self._slice_s, MAX_CALL_S))
        try:
            granted_s = await self._take(live, window, wanted_s)
        except DatabaseAbsent as error:
            live.is_last = True  # nobody can say otherwise
            self._log.warning("extend_failed", call_ref=live.leg.call_ref, error=str(error))
            return
        live.is_last = granted_s <= live.granted_s
        if not live.is_last:
            live.granted_s, live.retry_at = granted_s, None
            self._log.info("grant_extended", call_ref=live.leg.call_ref, granted_s=granted_s)
        else:
            self._log.info("grant_is_last", call_ref=live.leg.call_ref, granted_s=live.granted_s)

    async def _take(self, live: LiveLeg, window: Window, wanted_s: int) -> int:
        """Seconds granted in all after asking for `wanted_s`, then once for a fair part of what is left."""
        if wanted_s <= live.granted_s:
            return live.granted_s
        sharers = [self._legs.paid_by(level.account_id) for level in live.terms.payers]
        outcome = await self._ask(live, window, wanted_s, sharers)
        if outcome.outcome == "short":
            wanted_s = _fair_s(live, window, outcome, wanted_s)
            if wanted_s > live.granted_s:
                outcome = await self._ask(live, window, wanted_s, included=outcome.included)
        return wanted_s if outcome.outcome == "extended" else live.granted_s  # else short, or settled meanwhile

    async def _ask(
        self,
        live: LiveLeg,
        window: Window,
        wanted_s: int,
        sharers: Sequence[int] | None = None,
        included: Included = NO_INCLUDED,
    ) -> ExtendOutcome:
        """Ask for a total; again when there are fewer included seconds than it needs, the rest then being money."""
        payers, call_ref = live.terms.payers, live.leg.call_ref
        if not are_guarded(payers):
            return await self._reservations.extend(call_ref, _costs(payers, window, wanted_s), wanted_s, sharers)
        known = included if included.most_s else Included(live.held_s or ())
        outcome = ExtendOutcome("short")
        for _ in range(MAX_ASKS):
            amounts = amounts_held(payers, window, wanted_s, known)
            covers = covers_of(payers, window, wanted_s, known)
            least = least_micro(payers, window, live.granted_s + 1, known)
            outcome = await self._reservations.extend(call_ref, amounts, wanted_s, sharers, covers, least_micro=least)
            known = outcome.included
            live.held_s = known.held_s or live.held_s
            if outcome.outcome != "partly":
                break
        return outcome

    async def _apply(self, live: LiveLeg, now: datetime) -> None:
        """Move the absolute timeouts of the leg and of the call's other end to the grant."""
        granted_s = live.granted_s
        remaining_s = live.remaining_s(now) - CUT_MARGIN_S
        if remaining_s <= 0:
            return
        try:
            found = await self._switch.set_absolute_timeout(live.leg.channel, remaining_s)
            other = self._legs.other_channel(live)
            if found and other is not None:
                await self._switch.set_absolute_timeout(other, remaining_s + OTHER_SLACK_S)
        except SwitchAbsent as error:
            self._log.warning("timeout_not_moved", call_ref=live.leg.call_ref, error=str(error))
            return
        live.applied_s, live.tell_again_at = granted_s, None  # a channel that is gone needs no timeout


def _fair_s(live: LiveLeg, window: Window, outcome: ExtendOutcome, wanted_s: int) -> int:
    """Total of seconds to ask for when credit is short: this call's share, but not less than the least slice.

    So calls of one purse end at about the same time, and the last credit is not cut into pieces that help nobody.
    """
    payers = with_cover(live.terms.payers, outcome.included)
    shared_s = _affordable(payers, window, outcome.share_micro, wanted_s)
    least_micro = _costs(payers, window, live.granted_s + LEAST_SLICE_S)
    least_s = _affordable(payers, window, least_micro, wanted_s)  # goes on to the end of the increments
    return _affordable(payers, window, outcome.headroom_micro, max(shared_s, least_s))


def _costs(payers: tuple[Level, ...], window: Window, seconds: int) -> tuple[int, ...]:
    return tuple(reservation_cost(level.tariff, window, seconds, level.rule) for level in payers)


def _affordable(payers: tuple[Level, ...], window: Window, credits_micro: tuple[int, ...], wanted_s: int) -> int:
    """Largest total of seconds that every level can pay from what its call may hold at most."""
    for level, credit_micro in zip(payers, credits_micro, strict=True):
        credit_micro = max(credit_micro, 0)  # noqa: PLW2901  what costs nothing is paid from an overdrawn purse too
        wanted_s = min(wanted_s, affordable_seconds(level.tariff, window[0], credit_micro, wanted_s, level.rule))
    return wanted_s
