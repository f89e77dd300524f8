"""Fakes of the ports, with the rules of the real ones and nothing else."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from telecom_switch_bridge.allowance_ports import Covers
from telecom_switch_bridge.errors import DatabaseAbsent, SwitchAbsent
from telecom_switch_bridge.ledger_ports import (
    NOTHING_KNOWN,
    AgainLine,
    CallChannel,
    Channel,
    DeadLeg,
    Finding,
    JournalPosition,
    OpenLeg,
    SetAside,
    StoredReservation,
)
from telecom_switch_bridge.ports import Counted, ExtendOutcome, Living, Reservation, ReserveOutcome

from .world import NOW


class FakeReservations:
    """Wallets by account: headroom before anything is held; calls count on what they were held to."""

    def __init__(self, headroom: Mapping[int, int], *, away: bool = False) -> None:
        self.headroom = dict(headroom)
        self.held: dict[str, Reservation] = {}
        self.asked: list[Reservation] = []
        self.away = away

    async def reserve(self, wanted: Reservation) -> ReserveOutcome:
        if self.away:
            raise DatabaseAbsent("away")
        self.asked.append(wanted)
        if wanted.call_ref in self.held:
            stored = self.held[wanted.call_ref]
            return ReserveOutcome("repeated", stored.granted_s, stored.frozen)
        kept = [place for place, trunk in enumerate(wanted.trunks) if not self.is_full(trunk)]
        full = [one.name for one in wanted.counted_on if self.is_full(one)]
        if wanted.trunks and not kept:
            full = full or [one.name for one in wanted.trunks]
        if full:
            return ReserveOutcome("full", full=tuple(full))
        free = [self.free(account_id) for account_id in wanted.account_ids]
        if any(amount > max(credit, 0) for amount, credit in zip(wanted.amounts_micro, free, strict=True)):
            return ReserveOutcome("short", headroom_micro=tuple(free))
        trunks = tuple(wanted.trunks[place] for place in kept)
        self.held[wanted.call_ref] = replace(wanted, trunks=trunks)
        routes = tuple(kept) if len(kept) < len(wanted.trunks) else None
        return ReserveOutcome("taken", wanted.granted_s, routes=routes)

    def is_full(self, counted: Counted) -> bool:
        names = [one.name for held in self.held.values() for one in (*held.counted_on, *held.trunks[:1])]
        return counted.most is not None and names.count(counted.name) >= counted.most

    async def extend(
        self,
        call_ref: str,
        amounts_micro: Sequence[int],
        granted_s: int,
        sharers: Sequence[int] | None = None,
        covers: Covers = (),
        *,
        least_micro: Sequence[int] = (),
    ) -> ExtendOutcome:
        assert not covers, "FakeAllowances has included seconds"
        if self.away:
            raise DatabaseAbsent("away")
        if call_ref not in self.held:
            return ExtendOutcome("gone")
        held = self.held[call_ref]
        most = [self.free(a) + own for a, own in zip(held.account_ids, held.amounts_micro, strict=True)]
        sharing = zip(held.account_ids, held.amounts_micro, sharers or [1] * len(most), strict=True)
        shares = [self.free(a) // sharer + own for a, own, sharer in sharing]
        if any(amount > share for amount, share in zip(amounts_micro, shares, strict=True)):
            return ExtendOutcome("short", tuple(most), tuple(shares))
        self.held[call_ref] = replace(held, amounts_micro=tuple(amounts_micro), granted_s=granted_s)
        return ExtendOutcome("extended")

    def free(self, account_id: int) -> int:
        held = sum(
            amount
            for one in self.held.values()
            for account, amount in zip(one.account_ids, one.amounts_micro, strict=True)
            if account == account_id
        )
        return self.headroom[account_id] - held


class FakeSwitch:
    """Living channels by uniqueid, and the timeouts that were set. `links`: linkedids that are not the uniqueid;
    `marks`: userfields by channel name; `ringing`: uniqueids that are not answered."""

    def __init__(self, channels: Mapping[str, str] | None = None, *, away: bool = False) -> None:
        self.channels = dict(channels or {})
        self.links: dict[str, str] = {}
        self.ringing: set[str] = set()
        self.marks: dict[str, str] = {}
        self.timeouts: dict[str, float] = {}
        self.hung_up: list[str] = []
        self.causes: dict[str, int] = {}
        self.answered_back: set[str] = set()
        self.notes: dict[str, str] = {}
        self.away = away

    async def set_absolute_timeout(self, channel: str, seconds: float) -> bool:
        if self.away:
            raise SwitchAbsent("away")
        self.timeouts[channel] = seconds
        return True

    async def live_channels(self) -> Mapping[str, str]:
        if self.away:
            raise SwitchAbsent("away")
        return self.channels

    async def note(self, channel: str, text: str) -> None:
        if self.away:
            raise SwitchAbsent("away")
        self.notes[channel] = text

    async def noted(self, channel: str) -> str:
        if self.away:
            raise SwitchAbsent("away")
        return self.notes.get(channel, "")

    async def living(self) -> Sequence[Living]:
        return [
            Living(uniqueid, name, self.links.get(uniqueid, uniqueid), uniqueid not in self.ringing)
            for uniqueid, name in (await self.live_channels()).items()
        ]

    async def userfield(self, channel: str) -> str:
        return self.marks.get(channel, "")

    async def has_answered_back(self, channel: str) -> bool:
        if self.away:
            raise SwitchAbsent("away")
        return channel not in self.channels.values() or channel in self.answered_back

    async def hang_up(self, channel: str, cause: int = 16) -> None:
        if self.away:
            raise SwitchAbsent("away")
        self.hung_up.append(channel)
        self.causes[channel] = cause
        self.channels = {uniqueid: name for uniqueid, name in self.channels.items() if name != channel}


class FakeWhisperer:
    """What was said to whom; a channel that is not among `channels` is gone."""

    def __init__(self, *channels: str, away: bool = False) -> None:
        self.channels = channels
        self.said: list[tuple[str, str]] = []
        self.away = away

    async def whisper(self, channel_uniqueid: str, prompt: str) -> bool:
        if self.away:
            raise SwitchAbsent("away")
        if channel_uniqueid not in self.channels:
            return False
        self.said.append((channel_uniqueid, prompt))
        return True


class FakeLedger:
    """One transaction at a time; a transaction that fails leaves everything as it was."""

    def __init__(self) -> None:
        self.stored: dict[str, StoredReservation] = {}
        self.legs: dict[str, OpenLeg] = {}
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.aside: list[SetAside] = []
        self.position: JournalPosition | None = None
        self.given_back: list[str] = []
        self.repeated = self.released = 0
        self.moved: dict[str, tuple[str, str]] = {}
        self.refuses: set[str] = set()
        self.findings: list[Finding] = []
        self.dead: list[DeadLeg] = []
        self.dead_calls: list[str] = []
        self.again: list[AgainLine] = []
        self.answers: dict[int, tuple[bool, str]] = {}
        self.clock = NOW
        self.away = False

    def reserve(self, wanted: Reservation) -> None:
        self.stored[wanted.call_ref] = StoredReservation(
            wanted.call_ref, wanted.channel_uniqueid, wanted.granted_s, wanted.frozen, NOW
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["FakeLedger"]:
        if self.away:
            raise DatabaseAbsent("away")
        names = ("stored", "legs", "records", "aside", "given_back", "moved")
        before = {name: getattr(self, name).copy() for name in names}
        position, self.repeated, self.released = self.position, 0, 0
        try:
            yield self
        except BaseException:
            for name, value in before.items():
                setattr(self, name, value)
            self.position = position
            raise

    async def reservations(
        self, call_refs: Sequence[str], known: Mapping[str, str] = NOTHING_KNOWN
    ) -> Mapping[str, StoredReservation]:
        found = {ref: self.stored[ref] for ref in call_refs if ref in self.stored}
        return {
            ref: replace(one, frozen=None) if known.get(ref) == one.channel_uniqueid else one
            for ref, one in found.items()
        }

    async def open_legs(self, leg_uniqueids: Sequence[str]) -> Mapping[str, OpenLeg]:
        return {uid: self.legs[uid] for uid in leg_uniqueids if uid in self.legs}

    async def recorded(self, leg_uniqueids: Sequence[str]) -> Mapping[str, Any]:
        return {uid: record for (uid, _), record in self.records.items() if uid in leg_uniqueids}

    async def recorded_calls(self, call_refs: Sequence[str]) -> Mapping[str, Any]:
        return {one["call_ref"]: one for one in self.records.values() if one["call_ref"] in call_refs}

    async def add_open_legs(self, legs: Sequence[OpenLeg]) -> None:
        for leg in legs:
            self.legs.setdefault(leg.leg_uniqueid, leg)

    async def note_transfer(self, leg_uniqueid: str, by: str, linkedid: str) -> None:
        if leg_uniqueid in self.legs:
            leg = self.legs[leg_uniqueid]
            notes = ", ".join(note for note in (leg.transferred_by, by) if note)
            self.legs[leg_uniqueid] = replace(leg, transferred_by=notes, linkedid=linkedid)

    async def move_caller(self, from_uniqueid: str, to: Channel, linkedid: str) -> None:
        for ref, one in self.stored.items():
            if one.channel_uniqueid == from_uniqueid:
                frozen = {**one.frozen, "caller_channel": to.name, "linkedid": linkedid}
                self.stored[ref] = replace(one, channel_uniqueid=to.uniqueid, frozen=frozen)

    async def close_legs(self, leg_uniqueids: Sequence[str]) -> None:
        for uid in leg_uniqueids:
            self.legs.pop(uid, None)

    async def settle(self, legs: Sequence[dict[str, Any]]) -> None:
        for leg in legs:
            if leg["leg_uniqueid"] in self.refuses:
                raise ValueError("refused by a constraint")
            key = (leg["leg_uniqueid"], leg["direction"])
            self.repeated += key in self.records
            if key not in self.records:
                self.records[key] = leg
                if leg["release"]:
                    self.stored.pop(leg["call_ref"], None)

    async def release_ended(self, channel_uniqueids: Sequence[str]) -> None:
        open_calls = {leg.call_ref for leg in self.legs.values()}
        ended = [
            ref
            for ref, one in self.stored.items()
            if one.channel_uniqueid in channel_uniqueids and ref not in open_calls
        ]
        self.released = await self.release(ended)

    async def move_counts(self, moves: Mapping[str, tuple[str, str]]) -> None:
        self.moved.update(moves)

    async def set_aside(self, lines: Sequence[SetAside]) -> None:
        self.aside += lines

    async def save_position(self, position: JournalPosition) -> None:
        self.position = position

    async def load_open_legs(self) -> Sequence[OpenLeg]:
        return list(self.legs.values())

    async def mark_seen(self, leg_uniqueids: Sequence[str], seen_at: datetime, stamp: tuple[int, str]) -> None:
        for uid in leg_uniqueids:
            leg = self.legs[uid]
            moved = timedelta(microseconds=stamp[0] - leg.clock_offset_us) if stamp[1] == leg.boot_id else timedelta()
            self.legs[uid] = replace(leg, seen_at=seen_at - moved)

    async def call_channels(self) -> Sequence[CallChannel]:
        open_calls = {leg.call_ref for leg in self.legs.values()}
        return [CallChannel(ref, one.channel_uniqueid, ref in open_calls) for ref, one in self.stored.items()]

    async def note(self, findings: Sequence[Finding]) -> None:
        if self.away:
            raise DatabaseAbsent("away")
        self.findings += findings

    async def dead_legs(self, silent_s: float) -> Sequence[DeadLeg]:
        return [one for one in self.dead if (self.clock - one.heard_at).total_seconds() > silent_s]

    async def dead_reservations(self, silent_s: float) -> Sequence[str]:
        return self.dead_calls

    async def lines_to_read_again(self) -> Sequence[AgainLine]:
        return [line for line in self.again if line.line_id not in self.answers]

    async def answer_again(self, line_id: int, *, resolved: bool, answer: str) -> None:
        self.answers[line_id] = (resolved, answer)

    async def orphans(self, older_than_s: float) -> Mapping[str, str]:
        open_calls = {leg.call_ref for leg in self.legs.values()}
        return {
            ref: one.channel_uniqueid
            for ref, one in self.stored.items()
            if ref not in open_calls and (self.clock - one.created_at).total_seconds() > older_than_s
        }

    async def release(self, call_refs: Sequence[str]) -> int:
        gone = [ref for ref in call_refs if self.stored.pop(ref, None)]
        self.given_back += gone
        return len(gone)
