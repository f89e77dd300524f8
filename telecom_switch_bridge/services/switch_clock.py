"""The wall clock as the journal tells time, and what happens when a person or NTP sets it while calls run.

Journal times are wall clock; the kernel's clock since boot is never set. Their difference, the *offset*, is constant
until somebody sets the wall clock (slewing by NTP moves both alike). An answered leg keeps the offset that held when it
was answered; the end of the leg is carried back into that clock, so that its duration is the time that has passed.

What cannot be told: a wall time of the journal that two offsets fit, that is one written shortly before the clock was
set back and read only after it (the bridge was away); and one of an offset that no bridge has seen, when the clock was
set twice while none ran. The newest offset is taken then, and what cannot be by the clock since boot is not believed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..ports import Json

STEP_US = 50_000
"""Smaller moves (µs) are noise of reading two clocks; NTP daemons set a clock from 128 ms on and slew below."""

MAX_EPOCHS = 8
"""Offsets that are remembered: a clock that is set more often than that within a call is beyond repair."""

SLACK_US = 1_000_000
"""A line may be dated so much before the look that saw its offset first, or after the last one that saw it (µs)."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
US = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks at one instant: µs since 1970 and since the boot that `boot_id` names."""

    wall_us: int
    boot_us: int
    boot_id: str


@dataclass(slots=True)
class _Epoch:
    """An offset and the time since boot during which it was seen to hold."""

    offset_us: int
    first_us: int
    last_us: int


class SwitchClock:
    """Looks at the clocks of this machine, which are Asterisk's too. `moved_us`: sum of all steps seen so far."""

    def __init__(self, read: Callable[[], Reading]) -> None:
        self._read = read
        self._boot_id = ""
        self._epochs: list[_Epoch] = []
        self.moved_us = 0
        self.steps = 0

    def look(self) -> int:
        """See whether the wall clock was set since the last look; by how much (µs, positive: forward), else 0."""
        now = self._read()
        offset_us = now.wall_us - now.boot_us
        if now.boot_id != self._boot_id:
            self._boot_id, self._epochs = now.boot_id, []
        if not self._epochs:
            self._epochs.append(_Epoch(offset_us, 0, now.boot_us))
            return 0
        step_us = self._add(offset_us, now.boot_us)
        del self._epochs[:-MAX_EPOCHS]
        return step_us

    def _add(self, offset_us: int, boot_us: int) -> int:
        """An offset was seen after the known ones; by how much it differs."""
        newest = self._epochs[-1]
        step_us = offset_us - newest.offset_us
        if abs(step_us) < STEP_US:
            newest.last_us = boot_us
            return 0
        self._epochs.append(_Epoch(offset_us, newest.last_us, boot_us))
        self.moved_us += step_us
        self.steps += 1
        return step_us

    def stamp(self, at: datetime) -> tuple[int, str]:
        """Offset that held at a wall time of the journal, and the boot that it belongs to."""
        at_us = _us(at)
        for epoch in reversed(self._epochs):
            if epoch.first_us - SLACK_US <= at_us - epoch.offset_us <= epoch.last_us + SLACK_US:
                return epoch.offset_us, self._boot_id
        return (self._epochs[-1].offset_us if self._epochs else 0), self._boot_id

    @property
    def newest(self) -> tuple[int, str]:
        """The stamp of what is told in the clock that held at the last look."""
        return (self._epochs[-1].offset_us if self._epochs else 0), self._boot_id

    def can_be(self, begun_at: datetime, ended_at: datetime, stamp: tuple[int, str]) -> bool:
        """Whether what began then can have ended then, both told in the clock of a stamp: not before it began, and not
        in the future. A clock that nobody was seen to set is believed."""
        offset_us, boot_id = stamp
        if boot_id != self._boot_id or len(self._epochs) == 1:
            return True
        over = _us(ended_at) - offset_us <= self._read().boot_us + SLACK_US
        return over and (begun_at - ended_at) // US <= SLACK_US

    def moved(self, stamp: tuple[int, str], at: datetime | None = None) -> timedelta:
        """How far the clock was set between an instant with that stamp and a later wall time (None: now)."""
        offset_us, boot_id = stamp
        if boot_id != self._boot_id or not self._epochs:
            return timedelta()  # the machine was started again in between, or the stamp is of an older release
        now_us = self._epochs[-1].offset_us if at is None else self.stamp(at)[0]
        return (now_us - offset_us) * US if abs(now_us - offset_us) >= STEP_US else timedelta()

    def to_json(self) -> Json:
        """For the node's row, so that a step while no bridge ran is seen by the next one."""
        epochs = [[epoch.offset_us, epoch.first_us, epoch.last_us] for epoch in self._epochs]
        return {"boot_id": self._boot_id, "epochs": epochs}

    def restore(self, stored: object) -> None:
        """Take up what the last bridge of this node saw, before what this one has seen until now; what is unreadable
        counts as unknown."""
        if not isinstance(stored, dict) or not isinstance(stored.get("epochs"), list):
            return
        rows = [row for row in stored["epochs"] if isinstance(row, list) and len(row) == len(_Epoch.__slots__)]
        boot_id, own = str(stored.get("boot_id")), self._epochs
        if not rows or not all(isinstance(value, int) for row in rows for value in row):
            return
        if own and boot_id != self._boot_id:
            return
        self._boot_id, self._epochs, self.moved_us, self.steps = boot_id, [_Epoch(*row) for row in rows], 0, 0
        for epoch in own:
            self._add(epoch.offset_us, epoch.last_us)
        del self._epochs[:-MAX_EPOCHS]


def _us(at: datetime) -> int:
    return (at - EPOCH) // US
