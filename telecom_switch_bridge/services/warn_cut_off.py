"""Tells the parties of a call that it will end soon: when no credit is left at some level, or the longest call is near.

The plan of the customer says to whom and how long before; it was frozen with the call. Nobody hears whose credit it is.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from ..dialplan_names import PROMPT_CUT_OFF
from ..errors import SwitchAbsent
from ..observe.log import Log
from ..observe.metrics import Metrics
from ..ports import Side, Switch, Whisperer
from .live_legs import CUT_MARGIN_S, LiveLeg, LiveLegs, Warned

ROUND_S = 0.5
"""Time between two rounds (s): a warning that falls due within it is started now and waits for its moment."""

NOT_BEFORE_S = 2.0
"""A call whose whole grant is shorter than the warning's time is warned so long after its answer (s): by then the
parties have said who they are."""

SENTENCE_S = 3.5
"""Length of the sentence (s): where less is left of the call, it would be cut itself and is not begun."""

REPEAT_S = 30
"""A warning counts for later moments too, up to so long after it (s): credit that comes in small parts moves the end
of a call again and again, and must not bring a warning each time. For a shorter warning: its own seconds."""

TRIES, TRY_AGAIN_S = 3, 1.0
"""Asterisk's ARI may be coming back just then."""

_NOTE = re.compile(r"(\d{1,6}(?:\.\d+)?)/(\d{1,4})")

Sleep = Callable[[float], Awaitable[None]]


class WarnCutOff:
    """One round looks at all live legs; what is due is spoken by tasks of its own, one a leg at a time."""

    def __init__(
        self,
        legs: LiveLegs,
        *,
        whisperer: Whisperer,
        switch: Switch,
        log: Log,
        metrics: Metrics,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._legs = legs
        self._whisperer = whisperer
        self._switch = switch
        self._log = log
        self._metrics = metrics
        self._sleep = sleep
        self._speaking: dict[str, asyncio.Task[None]] = {}

    async def run_once(self, now: datetime) -> None:
        """Begin the warnings that fall due until the next round."""
        for live in self._legs:
            now_s = live.elapsed_s(now)
            due = due_warning(live, now_s, within_s=ROUND_S)
            if due is None or live.leg.leg_uniqueid in self._speaking:
                continue
            task = asyncio.create_task(self._warn(live, due, now_s))
            self._speaking[live.leg.leg_uniqueid] = task
            task.add_done_callback(partial(self._ended, live.leg.leg_uniqueid))

    async def stop(self, grace_s: float) -> None:
        """Let what is being said come to its end, for so long at most."""
        tasks = list(self._speaking.values())
        if tasks:
            await asyncio.wait(tasks, timeout=grace_s)
            for task in tasks:
                task.cancel()

    def _ended(self, leg_uniqueid: str, task: asyncio.Task[None]) -> None:
        self._speaking.pop(leg_uniqueid, None)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._metrics.count("bss_task_failures_total")
            self._log.error("warning_crashed", leg=leg_uniqueid, error=repr(fault))

    async def _warn(self, live: LiveLeg, due: Warned, now_s: float) -> None:
        """Wait for the moment, see whether it still is one, and tell each party that is to hear it."""
        at_s = max(due.at_s, now_s)
        await self._sleep(at_s - now_s)
        if live.resumed:
            await self._look_up(live)
        if due_warning(live, at_s) != due:
            return  # extended meanwhile, or told before the bridge was restarted
        live.warned = Warned(at_s, due.before_s)
        assert live.terms.warning is not None
        await asyncio.gather(
            self._leave_note(live), *(self._tell(live, side, due.before_s) for side in live.terms.warning.sides)
        )

    async def _tell(self, live: LiveLeg, side: Side, before_s: int) -> None:
        said = {"call_ref": live.leg.call_ref, "side": side, "before_s": before_s, "granted_s": live.granted_s}
        try:
            is_heard = await self._whisper(self._legs.party(live, side))
        except SwitchAbsent as error:
            self._metrics.count("bss_warnings_failed_total", side=side)
            self._log.warning("cut_off_not_warned", **said, error=str(error))
            return
        if is_heard:  # else the call was over
            self._metrics.count("bss_warnings_played_total", side=side)
            self._log.info("cut_off_warned", **said)

    async def _whisper(self, channel_uniqueid: str | None) -> bool:
        if channel_uniqueid is None:
            raise SwitchAbsent("the party's channel is not known")
        for _ in range(TRIES - 1):
            try:
                return await self._whisperer.whisper(channel_uniqueid, PROMPT_CUT_OFF)
            except SwitchAbsent:
                await self._sleep(TRY_AGAIN_S)
        return await self._whisperer.whisper(channel_uniqueid, PROMPT_CUT_OFF)

    async def _leave_note(self, live: LiveLeg) -> None:
        """Say on the leg's channel what was told: a bridge that is started again in mid call does not repeat it."""
        assert live.warned is not None
        try:
            await self._switch.note(live.leg.channel, f"{live.warned.at_s:.1f}/{live.warned.before_s}")
        except SwitchAbsent as error:
            self._log.warning("warning_not_noted", call_ref=live.leg.call_ref, error=str(error))

    async def _look_up(self, live: LiveLeg) -> None:
        try:
            found = _NOTE.fullmatch(await self._switch.noted(live.leg.channel))
        except SwitchAbsent as error:
            self._log.warning("note_not_read", call_ref=live.leg.call_ref, error=str(error))
            return  # better told twice than not at all
        live.resumed = False
        if found and live.warned is None:
            live.warned = Warned(float(found[1]), int(found[2]))


def due_warning(live: LiveLeg, now_s: float, *, within_s: float = 0.0) -> Warned | None:
    """Warning of a leg that is due at a second of its call, or so soon after it, and not given; `at_s`: its moment.

    When several are due at once, the last of them stands for all.
    """
    warning = live.terms.warning
    if warning is None or not live.is_final:
        return None
    ends_s = live.granted_s - CUT_MARGIN_S
    for before_s in reversed(warning.before_s):
        at_s = max(ends_s - before_s, NOT_BEFORE_S)
        if at_s > now_s + within_s:
            continue
        too_late = ends_s - max(at_s, now_s) < SENTENCE_S
        return None if too_late or _is_given(live.warned, before_s, at_s) else Warned(at_s, before_s)
    return None


def _is_given(warned: Warned | None, before_s: int, at_s: float) -> bool:
    """True when a warning of these seconds before the end, or of fewer, was given at its moment or not long before."""
    return warned is not None and warned.before_s <= before_s and warned.at_s >= at_s - min(REPEAT_S, before_s)
