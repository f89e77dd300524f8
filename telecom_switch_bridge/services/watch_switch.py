"""Watches what can spoil the journal behind everybody's back: the machine's clock, and the room on its volume."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

from ..errors import DatabaseAbsent
from ..ledger_ports import Finding, Ledger
from ..observe.log import Log
from ..observe.metrics import Metrics
from .switch_clock import SwitchClock


class Room(Protocol):
    """Free space of the journal's volume. `state`: ok, low, full or unknown, as it was looked at last."""

    @property
    def state(self) -> str:
        """One word."""

    @property
    def free_bytes(self) -> int:
        """Free space."""

    def look(self) -> bool:
        """Look again; whether the state has changed."""


class TellsTime(Protocol):
    """Keeps wall times that must follow the clock when it is set."""

    def clock_moved(self, step: timedelta) -> None:
        """The clock was set by so much."""


class WatchSwitch:
    """One round is cheap: two clocks and one look at a volume."""

    def __init__(
        self,
        *,
        clock: SwitchClock,
        room: Room,
        tell: Iterable[TellsTime],
        ledger: Ledger,
        log: Log,
        metrics: Metrics,
    ) -> None:
        self._clock = clock
        self._room = room
        self._tell = tuple(tell)
        self._ledger = ledger
        self._log = log
        self._metrics = metrics
        self._told_us = 0
        self._told_steps = 0
        self._untold: list[Finding] = []
        self._was_set = False

    async def run_once(self) -> bool:
        """Whether something has changed. What cannot be stored now is stored by a later round."""
        self.look_at_clock()
        changed = self._was_set | self._look_at_room()
        self._was_set = False
        if self._untold:
            try:
                await self._ledger.note(self._untold)
            except DatabaseAbsent:
                return changed
            self._untold = []
        return changed

    def alarms(self) -> list[str]:
        """What a person should look at, in words of ours: for the health page and the node's row."""
        alarms = [f"journal_volume_{self._room.state}"] if self._room.state != "ok" else []
        counted = {"clock_set": "bss_clock_steps_total", "lines_set_aside": "bss_journal_set_aside_total"}
        return alarms + [alarm for alarm, name in counted.items() if self._metrics.value(name)]

    def look_at_clock(self) -> None:
        """If the clock was set since the last look, tell all who keep wall times. To be done before keeping one."""
        self._clock.look()
        if self._clock.steps == self._told_steps:
            return
        step = timedelta(microseconds=self._clock.moved_us - self._told_us)
        self._metrics.count("bss_clock_steps_total", self._clock.steps - self._told_steps)
        self._told_us, self._told_steps = self._clock.moved_us, self._clock.steps
        for one in self._tell:
            one.clock_moved(step)
        self._log.error("clock_set", step_s=step.total_seconds())
        self._untold.append(Finding("clock_set", seconds=step.total_seconds()))
        self._was_set = True

    def _look_at_room(self) -> bool:
        before = self._room.state
        if not self._room.look():
            return False
        level = self._log.info if self._room.state == "ok" else self._log.error
        level("journal_volume", state=self._room.state, free_bytes=self._room.free_bytes)
        if not (before == "unknown" and self._room.state == "ok"):
            detail = f"{before} -> {self._room.state}, {self._room.free_bytes} bytes free"
            self._untold.append(Finding("journal_volume", detail=detail))
        return True
