"""Proof of life of this node's Asterisk, kept over restarts of both daemons: when it started and was last heard."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..ports import Json

MAX_LIVES = 16
"""Starts that are remembered: the legs of an older one were ended by the sweep long ago."""


@dataclass(slots=True)
class Life:
    """One run of Asterisk. `start` is its start in Asterisk's own words, by which it is known again; the times are told
    in the clock that holds now."""

    start: str
    began_at: datetime
    seen_at: datetime


class SwitchLife:
    """`lives`: the runs of Asterisk that were heard of, the one that runs now last."""

    def __init__(self) -> None:
        self.lives: list[Life] = []

    def seen(self, now: datetime) -> None:
        """Asterisk answered."""
        if self.lives:
            self.lives[-1].seen_at = now

    def connected(self, start: str, began_at: datetime, now: datetime) -> None:
        """The manager interface is there; `began_at` follows from the uptime, which is told in whole seconds: it may be
        late, so that a leg of the first second of a run counts as one of the run before."""
        if not self.lives or start != self.lives[-1].start:
            self.lives = [*self.lives, Life(start, began_at, now)][-MAX_LIVES:]
        else:
            self.lives[-1].seen_at = now

    def clock_moved(self, step: timedelta) -> None:
        """The wall clock was set: what was seen is told in the new time (Asterisk tells its start in the old one)."""
        for life in self.lives:
            life.began_at += step
            life.seen_at += step

    def last_seen(self, instant: datetime) -> datetime | None:
        """Last sign of life of the Asterisk that ran at an instant; None while it runs, or when nothing is known of it.

        It is the run of that instant that counts, not the one before the latest start: Asterisk may have been started
        twice before the sweep could look.
        """
        if not self.lives or self.lives[-1].began_at <= instant:
            return None
        return next((life.seen_at for life in reversed(self.lives) if life.began_at <= instant), None)

    def to_json(self) -> Json:
        """For the node's row."""
        return {
            "lives": [
                {"start": life.start, "began_at": life.began_at.isoformat(), "seen_at": life.seen_at.isoformat()}
                for life in self.lives
            ]
        }

    def restore(self, stored: Json) -> None:
        """Take up what the last bridge of this node wrote; what is unreadable counts as unknown."""
        lives = stored.get("lives")
        try:
            self.lives = [
                Life(
                    life["start"],
                    datetime.fromisoformat(life["began_at"]),
                    datetime.fromisoformat(life["seen_at"]),
                )
                for life in (lives if isinstance(lives, list) else [])
            ]
        except (TypeError, KeyError, ValueError):
            self.lives = []
