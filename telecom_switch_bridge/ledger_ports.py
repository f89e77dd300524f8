"""The leg journal and the ledger of calls, as services see them. Instants are aware UTC."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from .ports import Json


@dataclass(frozen=True, slots=True)
class OpenLeg:
    """An answered leg whose end has not come. `transferred_by`: who sent its party elsewhere meanwhile, in words."""

    leg_uniqueid: str
    call_ref: str
    attempt: int | None
    linkedid: str
    channel: str
    userfield: str
    answered_at: datetime
    seen_at: datetime
    clock_offset_us: int = 0
    boot_id: str = ""
    transferred_by: str = ""

    @property
    def stamp(self) -> tuple[int, str]:
        """Which clock `answered_at` was read from (services/switch_clock.py)."""
        return self.clock_offset_us, self.boot_id


@dataclass(frozen=True, slots=True)
class DeadLeg:
    """An open leg of a node whose bridge is silent, and when it was last heard (database's clock)."""

    node: str
    heard_at: datetime
    leg: OpenLeg


@dataclass(frozen=True, slots=True)
class CallChannel:
    """The caller's channel of a call that holds something; `has_leg`: an answered leg of it is open."""

    call_ref: str
    channel_uniqueid: str
    has_leg: bool


@dataclass(frozen=True, slots=True)
class AgainLine:
    """A line set aside that a person wants to have read again, perhaps repaired."""

    line_id: int
    file_id: str
    line_offset: int
    line: str
    asked_by: int


@dataclass(frozen=True, slots=True)
class StoredReservation:
    """A reservation as it lies in the database; `frozen` None: the terms are those that are known."""

    call_ref: str
    channel_uniqueid: str
    granted_s: int
    frozen: Json | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class JournalPosition:
    """How far a journal file has been read (bytes)."""

    file_id: str
    offset: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A journal line that a person has to look at."""

    file_id: str
    offset: int
    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the sweep found and what it did. `kind`: one of FINDINGS; `seconds`: what it is about, if any."""

    kind: str
    call_ref: str | None = None
    leg_uniqueid: str | None = None
    channel: str | None = None
    seconds: float | None = None
    detail: str = ""


FINDINGS = (
    "orphan_reservation",
    "lost_leg",
    "lost_answer",
    "unpaid_channel",
    "beyond_grant",
    "clock_set",
    "journal_volume",
    "dead_node_leg",
)
"""Kinds of findings; lines set aside are found by the journal and kept with them (store/queries/set_aside.sql)."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as the switch names it."""

    uniqueid: str
    name: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """A telephone has sent `parties` elsewhere or connected them with each other.

    `heir`: the party that took the place of channel `replaced`, which was still dialling: it waits for the answer now.
    """

    parties: tuple[Channel, ...]
    heir: Channel | None = None
    replaced: str = ""


class JournalEvent(NamedTuple):
    """One line of the journal. `offset` is where it begins in file `file_id`; `line` is its text.

    `channel` of a transfer is that of the telephone that transferred. `pdd_ms` of an answered leg's HANGUP: time from
    the dialling to the first ringing or tone from there; None: not told.
    """

    kind: Literal["ANSWER", "HANGUP", "CHAN_END", "BLINDTRANSFER", "ATTENDEDTRANSFER"]
    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    userfield: str
    hangup_cause: int | None
    file_id: str
    offset: int
    line: str
    transfer: Transfer | None = None
    pdd_ms: int | None = None


@dataclass(frozen=True, slots=True)
class JournalBatch:
    """Events in the order of the journal, lines that could not be read, and where reading goes on afterwards."""

    events: tuple[JournalEvent, ...]
    unreadable: tuple[SetAside, ...]
    position: JournalPosition


NOTHING_KNOWN: Mapping[str, str] = {}


class LedgerTransaction(Protocol):
    """One transaction of the journal import; everything that it writes is committed or nothing.

    `repeated`: legs that were settled before; `released`: reservations that `release_ended` gave back. Both are known
    after the end of the block. What is written is not read within it.
    """

    repeated: int
    released: int

    async def reservations(
        self, call_refs: Sequence[str], known: Mapping[str, str] = NOTHING_KNOWN
    ) -> Mapping[str, StoredReservation]:
        """Reservations that still exist, by call_ref; `known`: calls whose terms are known, with the caller's channel
        that those terms were stored with. They come without terms while that channel is the same."""

    async def open_legs(self, leg_uniqueids: Sequence[str]) -> Mapping[str, OpenLeg]:
        """Open legs by uniqueid."""

    async def recorded(self, leg_uniqueids: Sequence[str]) -> Mapping[str, Json]:
        """Call records of legs that are settled already: uniqueid and what names the call."""

    async def recorded_calls(self, call_refs: Sequence[str]) -> Mapping[str, Json]:
        """Direction of each authorisation that has a call record, by call_ref."""

    async def add_open_legs(self, legs: Sequence[OpenLeg]) -> None:
        """Remember answered legs; known ones stay as they are."""

    async def note_transfer(self, leg_uniqueid: str, by: str, linkedid: str) -> None:
        """Write on an open leg who transferred it and of which call it is part; one that is not open is ignored."""

    async def move_caller(self, from_uniqueid: str, to: Channel, linkedid: str) -> None:
        """Reservations of one caller's channel belong to another channel from now on, and their legs to its call."""

    async def close_legs(self, leg_uniqueids: Sequence[str]) -> None:
        """Forget legs."""

    async def settle(self, legs: Sequence[Json]) -> None:
        """Charge legs, each once."""

    async def move_counts(self, moves: Mapping[str, tuple[str, str]]) -> None:
        """Calls, by call_ref, that have gone on from one trunk to another count there; unknown ones are ignored."""

    async def use_allowances(self, legs: Sequence[Json]) -> Sequence[Sequence[tuple[int, int]]]:
        """Take the included seconds of ended legs: (held, used) of each level asked for, in order. Before `settle`."""

    async def release_ended(self, channel_uniqueids: Sequence[str]) -> None:
        """Release reservations of callers that are gone and have no open leg."""

    async def set_aside(self, lines: Sequence[SetAside]) -> None:
        """Keep lines for a person; a known line stays as it is."""

    async def save_position(self, position: JournalPosition) -> None:
        """Remember how far the journal has been read."""


class Ledger(Protocol):
    """Opens transactions; raises DatabaseAbsent, or ValueError when the database refuses the data."""

    def transaction(self) -> AbstractAsyncContextManager[LedgerTransaction]:
        """A transaction that commits at the end of the block."""

    async def load_open_legs(self) -> Sequence[OpenLeg]:
        """All open legs of this node."""

    async def mark_seen(self, leg_uniqueids: Sequence[str], seen_at: datetime, stamp: tuple[int, str]) -> None:
        """Open legs that are alive at an instant."""

    async def orphans(self, older_than_s: float) -> Mapping[str, str]:
        """Reservations of this node, so old (s) by the database's clock, without an open leg: call_ref and caller's
        channel id."""

    async def call_channels(self) -> Sequence[CallChannel]:
        """Callers' channels of all calls of this node that hold something."""

    async def dead_legs(self, silent_s: float) -> Sequence[DeadLeg]:
        """Open legs of other nodes that have been silent for so long (s)."""

    async def dead_reservations(self, silent_s: float) -> Sequence[str]:
        """call_refs without an open leg of other nodes that have been silent for so long (s)."""

    async def lines_to_read_again(self) -> Sequence[AgainLine]:
        """Lines set aside on this node that a person wants to have read again."""

    async def answer_again(self, line_id: int, *, resolved: bool, answer: str) -> None:
        """Tell what came of it; a line that is resolved stays as it is."""

    async def note(self, findings: Sequence[Finding]) -> None:
        """Keep what a sweep found, for people."""

    async def release(self, call_refs: Sequence[str]) -> int:
        """Release reservations; how many there were."""
