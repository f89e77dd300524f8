"""Ends attempts at carriers that give no sign of life, so that the next carrier is tried soon.

Asterisk itself waits `timer_b` (pjsip.conf) for a first response, the same time for every trunk and telephone.
"""

import asyncio
from collections.abc import Awaitable, Callable

from ..errors import SwitchAbsent
from ..observe.log import Log
from ..observe.metrics import Metrics
from ..ports import Switch

TIMER_EXPIRED = 102
"""Cause of an attempt that got no response at all (Q.850: recovery on timer expiry): another carrier may do better."""

LONGEST_S = 60
"""Whoever asks for more (s) than any ringing lasts is not asked again."""

MAX_WATCHED = 5_000
"""Attempts watched at a time; Asterisk's own time counts for further ones."""

Sleep = Callable[[float], Awaitable[None]]


class GiveUpDead:
    """One task for each attempt, for some seconds."""

    def __init__(self, *, switch: Switch, log: Log, metrics: Metrics, sleep: Sleep = asyncio.sleep) -> None:
        self._switch = switch
        self._log = log
        self._metrics = metrics
        self._sleep = sleep
        self._watching: set[asyncio.Task[None]] = set()

    def attempt_began(self, channel: str, give_up_s: int) -> None:
        """A leg was dialled just now; look at it in so many seconds."""
        if not 0 < give_up_s <= LONGEST_S or len(self._watching) >= MAX_WATCHED:
            self._log.warning("attempt_not_watched", channel=channel, give_up_s=give_up_s, watched=len(self._watching))
            return
        task = asyncio.create_task(self._watch(channel, give_up_s))
        self._watching.add(task)
        task.add_done_callback(self._ended)

    def stop(self) -> None:
        """Watch nothing any more: Asterisk's own time counts."""
        for task in self._watching:
            task.cancel()

    async def _watch(self, channel: str, give_up_s: int) -> None:
        await self._sleep(give_up_s)
        try:
            if await self._switch.has_answered_back(channel):
                return
            await self._switch.hang_up(channel, TIMER_EXPIRED)
        except SwitchAbsent as error:
            self._log.warning("attempt_not_given_up", channel=channel, error=str(error))
            return
        self._metrics.count("bss_attempts_given_up_total")
        self._log.warning("attempt_given_up", channel=channel, after_s=give_up_s)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._watching.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._metrics.count("bss_task_failures_total")
            self._log.error("give_up_crashed", error=repr(fault))
