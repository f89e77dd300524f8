"""Answered legs of this node that cost somebody money: what was granted, and what Asterisk has been told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..ledger_ports import OpenLeg
from ..ports import MAX_CALL_S, CallTerms, Side
from .leg_mark import caller_uniqueid, outbound_ref

CUT_MARGIN_S = 0.25
"""Asterisk ends a leg this much before its grant, so that rounding its seconds up stays within the grant."""

LOCAL, SECOND_HALF = "Local/", ";2"
"""How Asterisk names the two halves of a channel that leads into the dialplan: `Local/...;1` is dialled."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning that was given: second of the call (s), and which of the plan's it was, by its seconds before."""

    at_s: float
    before_s: int


@dataclass(slots=True)
class LiveLeg:
    """One leg; `applied_s` is the grant that Asterisk knows of, None after a restart of the bridge.

    `is_last`: the last try bought nothing, so the call ends with its grant unless credit comes. `resumed`: watched
    since a restart, so what its parties were told before has to be looked up. `tell_again_at`: when the limit has to be
    set anew, because the dialplan had to move it. `held_s`: included seconds that its levels hold; None: not asked yet.
    """

    leg: OpenLeg
    terms: CallTerms
    granted_s: int
    applied_s: int | None
    retry_at: datetime | None = None
    is_last: bool = False
    warned: Warned | None = None
    resumed: bool = False
    tell_again_at: datetime | None = None

    held_s: tuple[int, ...] | None = None
    moved: timedelta = timedelta()
    """How far the clock was set since the answer: that much of the difference of two wall times has not passed."""

    @property
    def is_final(self) -> bool:
        """True when, as things are, the call ends with its grant."""
        return self.is_last or self.granted_s >= MAX_CALL_S

    def is_told(self, now: datetime) -> bool:
        """Whether Asterisk's limit is the grant, as far as we know."""
        due = self.tell_again_at is not None and now >= self.tell_again_at
        return self.applied_s == self.granted_s and not due

    def elapsed_s(self, now: datetime) -> float:
        """Seconds since the answer."""
        return (now - self.leg.answered_at - self.moved).total_seconds()

    def remaining_s(self, now: datetime) -> float:
        """Seconds of the grant that are left."""
        return self.granted_s - self.elapsed_s(now)


class LiveLegs:
    """Registry by leg uniqueid; filled by the journal, emptied by it and by the sweeper."""

    def __init__(self) -> None:
        self._legs: dict[str, LiveLeg] = {}
        self._channels: dict[str, str] = {}
        self._phones: dict[str, OpenLeg] = {}
        self._calls_of_phones: dict[str, str] = {}
        self._paid_by: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._legs)

    def __iter__(self) -> Iterator[LiveLeg]:
        return iter(list(self._legs.values()))

    def add(self, live: LiveLeg) -> None:
        """Watch a leg; one that is watched already keeps what is known of it."""
        if live.leg.leg_uniqueid not in self._legs:
            self._legs[live.leg.leg_uniqueid] = live
            for level in live.terms.payers:
                self._paid_by[level.account_id] = self.paid_by(level.account_id) + 1
        self._channels[live.leg.channel] = live.leg.leg_uniqueid

    def paid_by(self, account_id: int) -> int:
        """How many of the legs an account pays, at whatever level."""
        return self._paid_by.get(account_id, 0)

    def add_phone(self, leg: OpenLeg) -> None:
        """The telephone that answered a carrier's call which costs somebody money: it has a limit of its own.

        So has the first half of a ring group's branch; the second one bears its mark, but the branch's leg bounds it.
        """
        if leg.channel.startswith(LOCAL) and leg.channel.endswith(SECOND_HALF):
            return
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

    def party(self, live: LiveLeg, side: Side) -> str | None:
        """Uniqueid of the channel at which the caller or the called party of a charged leg is; None: not known."""
        if live.leg.attempt is not None:
            return live.leg.leg_uniqueid if side == "called" else caller_uniqueid(live.leg.call_ref)
        if side == "caller":
            return live.leg.leg_uniqueid
        phone = self._phones.get(live.leg.call_ref) or self._outbound_leg(live.leg.call_ref)
        return phone.leg_uniqueid if phone is not None else None

    def _outbound_leg(self, arriving_ref: str) -> OpenLeg | None:
        """Charged leg on which a call that came in goes on outside."""
        call_ref = outbound_ref(arriving_ref)
        legs = (live.leg for live in self._legs.values())
        return next((leg for leg in legs if leg.call_ref == call_ref and leg.attempt is not None), None)

    def clock_moved(self, step: timedelta) -> None:
        """The wall clock was set: Asterisk's timeouts are wall clock too, so every leg's limit is told anew."""
        for live in self._legs.values():
            live.moved += step
            live.applied_s = live.retry_at = None

    def tell_again(self, leg_uniqueid: str, at: datetime) -> None:
        """Set the leg's limit anew at an instant: its party was transferred and is in the dialplan until then."""
        live = self._legs.get(leg_uniqueid)
        if live is not None:
            live.tell_again_at = at

    def remove(self, leg_uniqueid: str) -> None:
        """Stop watching; a leg that is not watched is ignored."""
        live = self._legs.pop(leg_uniqueid, None)
        if live is not None:
            self._channels.pop(live.leg.channel, None)
            for level in live.terms.payers:
                self._paid_by[level.account_id] -= 1
                if not self._paid_by[level.account_id]:
                    del self._paid_by[level.account_id]
        call_ref = self._calls_of_phones.pop(leg_uniqueid, None)
        if call_ref is not None:
            self._phones.pop(call_ref, None)
