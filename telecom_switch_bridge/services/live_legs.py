"""Answered legs of this node that cost somebody money: what was granted, and what Asterisk has been told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..ledger_ports import OpenLeg
from ..ports import CallTerms

CUT_MARGIN_S = 0.25
"""Asterisk ends a leg this much before its grant, so that rounding its seconds up stays within the grant."""


@dataclass(slots=True)
class LiveLeg:
    """One leg; `applied_s` is the grant that Asterisk knows of, None after a restart of the bridge."""

    leg: OpenLeg
    terms: CallTerms
    granted_s: int
    applied_s: int | None
    retry_at: datetime | None = None

    def remaining_s(self, now: datetime) -> float:
        """Seconds of the grant that are left."""
        return self.granted_s - (now - self.leg.answered_at).total_seconds()


class LiveLegs:
    """Registry by leg uniqueid; filled by the journal, emptied by it and by the sweeper."""

    def __init__(self) -> None:
        self._legs: dict[str, LiveLeg] = {}
        self._channels: dict[str, str] = {}
        self._phones: dict[str, OpenLeg] = {}
        self._calls_of_phones: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._legs)

    def __iter__(self) -> Iterator[LiveLeg]:
        return iter(list(self._legs.values()))

    def add(self, live: LiveLeg) -> None:
        """Watch a leg; one that is watched already keeps what is known of it."""
        self._legs.setdefault(live.leg.leg_uniqueid, live)
        self._channels[live.leg.channel] = live.leg.leg_uniqueid

    def add_phone(self, leg: OpenLeg) -> None:
        """The telephone that answered a carrier's call which costs somebody money: it has a limit of its own."""
        self._phones[leg.call_ref] = leg
        self._calls_of_phones[leg.leg_uniqueid] = leg.call_ref

    def other_channel(self, live: LiveLeg) -> str | None:
        """Channel at the other end of a charged leg, whose limit has to move with the leg's.

        Asterisk ends a carrier's call by the limit of the telephone, until the bridge has set that of the charged leg.
        None: there is no such channel, or it is a charged leg too and has a limit by its own grant.
        """
        if live.leg.attempt is None:
            phone = self._phones.get(live.leg.call_ref)
            return phone.channel if phone is not None else None
        caller = live.terms.caller_channel
        return None if caller in self._channels else caller

    def remove(self, leg_uniqueid: str) -> None:
        """Stop watching; a leg that is not watched is ignored."""
        live = self._legs.pop(leg_uniqueid, None)
        if live is not None:
            self._channels.pop(live.leg.channel, None)
        call_ref = self._calls_of_phones.pop(leg_uniqueid, None)
        if call_ref is not None:
            self._phones.pop(call_ref, None)
