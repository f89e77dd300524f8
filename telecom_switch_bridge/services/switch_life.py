"""Proof of life of this node's Asterisk, kept over restarts of both daemons: when it started and was last heard."""

from datetime import datetime, timedelta

from ..ports import Json

SAME_START = timedelta(seconds=5)
"""Asterisk tells its uptime in whole seconds: the same start, asked twice, may differ by about one."""


class SwitchLife:
    """`seen_before_restart`: last sign of life of the Asterisk that ran before the one that runs now."""

    def __init__(self) -> None:
        self.started_at: datetime | None = None
        self.seen_at: datetime | None = None
        self.seen_before_restart: datetime | None = None

    def seen(self, now: datetime) -> None:
        """Asterisk answered."""
        self.seen_at = now

    def connected(self, started_at: datetime, now: datetime) -> None:
        """The manager interface is there; `started_at` follows from the uptime that Asterisk says."""
        if self.started_at is None or started_at > self.started_at + SAME_START:
            self.seen_before_restart = self.seen_at
            self.started_at = started_at
        self.seen_at = now

    def clock_moved(self, step: timedelta) -> None:
        """The wall clock was set: what was seen is told in the new time (Asterisk tells its start in the old one)."""
        self.seen_at = self.seen_at + step if self.seen_at else None
        self.seen_before_restart = self.seen_before_restart + step if self.seen_before_restart else None

    def restarted_after(self, instant: datetime) -> bool:
        """True when the Asterisk that lived at an instant is not the one that runs now."""
        return self.started_at is not None and instant < self.started_at

    def to_json(self) -> Json:
        """For the node's row."""
        return {name: _text(getattr(self, name)) for name in ("started_at", "seen_at", "seen_before_restart")}

    def restore(self, stored: Json) -> None:
        """Take up what the last bridge of this node wrote; what is unreadable counts as unknown."""
        for name in ("started_at", "seen_at", "seen_before_restart"):
            value = stored.get(name)
            setattr(self, name, datetime.fromisoformat(value) if isinstance(value, str) else None)


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
