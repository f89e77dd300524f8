"""The ledger of calls: settlements, open legs and the position in the journal, in one transaction."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from ..ledger_ports import (
    NOTHING_KNOWN,
    AgainLine,
    CallChannel,
    Channel,
    DeadLeg,
    Finding,
    JournalPosition,
    LedgerTransaction,
    OpenLeg,
    SetAside,
    StoredReservation,
)
from ..ports import Json
from .database import Database
from .price_terms import PriceTerms
from .queries import query

DAY = timedelta(days=1)

MAX_LINE_CHARS = 4000
"""Of a line that is set aside, so much is kept."""


class StoredLedger:
    """Port `Ledger` of one node."""

    def __init__(self, database: Database, *, node: str, terms: PriceTerms) -> None:
        self._database = database
        self._node = node
        self._terms = terms

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[LedgerTransaction]:
        """Commit at the end of the block; DatabaseAbsent, or ValueError when PostgreSQL refuses the data."""
        try:
            async with self._database.connection() as connection:
                transaction = _Transaction(connection, self._node, self._terms)
                try:
                    yield transaction
                    await transaction.commit()
                except BaseException:
                    await transaction.abandon()
                    raise
        except asyncpg.PostgresError as error:
            raise ValueError(f"{type(error).__name__}: {error}") from error

    async def load_open_legs(self) -> Sequence[OpenLeg]:
        """All open legs of this node."""
        return [_open_leg(row) for row in await self._database.fetch(query("open_legs_of_node"), self._node)]

    async def mark_seen(self, leg_uniqueids: Sequence[str], seen_at: datetime, stamp: tuple[int, str]) -> None:
        """Open legs that are alive at an instant of the clock of a stamp."""
        await self._database.fetch(query("mark_seen"), list(leg_uniqueids), seen_at, *stamp)

    async def orphans(self, older_than_s: float) -> Mapping[str, str]:
        """Reservations of this node without an open leg: call_ref and its caller's channel id."""
        rows = await self._database.fetch(query("orphans"), self._node, older_than_s)
        return {row["call_ref"]: row["channel_uniqueid"] for row in rows}

    async def call_channels(self) -> Sequence[CallChannel]:
        """Callers' channels of all calls of this node that hold something."""
        return [CallChannel(**row) for row in await self._database.fetch(query("call_channels"), self._node)]

    async def note(self, findings: Sequence[Finding]) -> None:
        """Keep what a sweep found."""
        async with self._database.connection() as connection:
            await connection.executemany(
                query("note_finding"),
                [
                    (self._node, one.kind, one.call_ref, one.leg_uniqueid, one.channel, one.seconds, one.detail)
                    for one in findings
                ],
            )

    async def dead_legs(self, silent_s: float) -> Sequence[DeadLeg]:
        """Open legs of nodes that have been silent for so long."""
        found = []
        for row in await self._database.fetch(query("dead_legs"), self._node, silent_s):
            values = dict(row)
            node, heard_at = values.pop("node"), values.pop("heartbeat_at")
            found.append(DeadLeg(node, heard_at, _open_leg(values)))
        return found

    async def dead_reservations(self, silent_s: float) -> Sequence[str]:
        """call_refs without an open leg of nodes that have been silent for so long."""
        rows = await self._database.fetch(query("dead_reservations"), self._node, silent_s)
        return [row["call_ref"] for row in rows]

    async def lines_to_read_again(self) -> Sequence[AgainLine]:
        """Lines set aside on this node that a person wants to have read again."""
        return [AgainLine(**row) for row in await self._database.fetch(query("again_lines"), self._node)]

    async def answer_again(self, line_id: int, *, resolved: bool, answer: str) -> None:
        """Tell what came of it."""
        await self._database.fetch(query("again_done"), line_id, resolved, answer)

    async def release(self, call_refs: Sequence[str]) -> int:
        """Release reservations; how many there were."""
        rows = await self._database.fetch(query("release"), list(call_refs))
        return int(rows[0][0])

    async def load_position(self) -> JournalPosition | None:
        """Where the last bridge of this node stopped reading."""
        rows = await self._database.fetch(query("load_position"), self._node)
        return JournalPosition(rows[0]["file_id"], rows[0]["read_offset"]) if rows else None


class _Transaction:
    """Port `LedgerTransaction` on one connection: what is written is gathered, and sent at the end as one statement.

    Its locks are then held by the server's work only, never while an answer waits for its turn here.
    """

    def __init__(self, connection: asyncpg.Connection, node: str, terms: PriceTerms) -> None:
        self._connection = connection
        self._node = node
        self._terms = terms
        self._taken: dict[str, Any] = {}
        self._open: asyncpg.transaction.Transaction | None = None
        self.repeated = self.released = 0

    async def reservations(
        self, call_refs: Sequence[str], known: Mapping[str, str] = NOTHING_KNOWN
    ) -> Mapping[str, StoredReservation]:
        values = (list(call_refs), list(known), list(known.values()))
        rows = await self._connection.fetch(query("reservations"), *values)
        return {row["call_ref"]: StoredReservation(*row) for row in rows}

    async def open_legs(self, leg_uniqueids: Sequence[str]) -> Mapping[str, OpenLeg]:
        rows = await self._connection.fetch(query("open_legs"), list(leg_uniqueids))
        return {row["leg_uniqueid"]: _open_leg(row) for row in rows}

    async def recorded(self, leg_uniqueids: Sequence[str]) -> Mapping[str, Json]:
        starts = [_id_second(uniqueid) for uniqueid in leg_uniqueids]
        rows = await self._connection.fetch(query("recorded"), list(leg_uniqueids), min(starts), max(starts))
        return {row["leg_uniqueid"]: dict(row) for row in rows}

    async def recorded_calls(self, call_refs: Sequence[str]) -> Mapping[str, Json]:
        starts = [_id_second(call_ref.rpartition("-")[0]) for call_ref in call_refs]
        rows = await self._connection.fetch(
            query("recorded_calls"), list(call_refs), min(starts) - DAY, max(starts) + DAY
        )
        return {row["call_ref"]: dict(row) for row in rows}

    async def add_open_legs(self, legs: Sequence[OpenLeg]) -> None:
        self._taken["opened"] = [
            {
                "leg_uniqueid": leg.leg_uniqueid,
                "call_ref": leg.call_ref,
                "attempt": leg.attempt,
                "linkedid": leg.linkedid,
                "channel": leg.channel,
                "userfield": leg.userfield,
                "answered_at": leg.answered_at.isoformat(),
                "seen_at": leg.seen_at.isoformat(),
                "clock_offset_us": leg.clock_offset_us,
                "boot_id": leg.boot_id,
                "transferred_by": leg.transferred_by,
            }
            for leg in legs
        ]

    async def note_transfer(self, leg_uniqueid: str, by: str, linkedid: str) -> None:
        self._also("transferred", {"leg_uniqueid": leg_uniqueid, "by": by, "linkedid": linkedid})

    async def move_caller(self, from_uniqueid: str, to: Channel, linkedid: str) -> None:
        heir = {"replaced": from_uniqueid, "uniqueid": to.uniqueid, "name": to.name, "linkedid": linkedid}
        self._also("heirs", heir)

    async def close_legs(self, leg_uniqueids: Sequence[str]) -> None:
        self._taken["closed"] = list(leg_uniqueids)

    async def settle(self, legs: Sequence[Json]) -> None:
        self._taken["legs"] = await self._terms.legs(self._connection, legs)

    async def use_allowances(self, legs: Sequence[Json]) -> Sequence[Sequence[tuple[int, int]]]:
        """Their locks are held until the commit: the seconds decide what is settled then."""
        if self._open is None:
            self._open = self._connection.transaction()
            await self._open.start()
        answers = await self._connection.fetchval(query("use_allowances"), list(legs))
        return [[(held_s, used_s) for held_s, used_s in leg] for leg in answers]

    async def release_ended(self, channel_uniqueids: Sequence[str]) -> None:
        self._taken["ended"] = list(channel_uniqueids)

    async def move_counts(self, moves: Mapping[str, tuple[str, str]]) -> None:
        self._taken["moves"] = [(call_ref, *names) for call_ref, names in moves.items()]

    async def set_aside(self, lines: Sequence[SetAside]) -> None:
        for line in lines:
            text, reason = _storable(line.line), _storable(line.reason)
            self._also("aside", {"file_id": line.file_id, "line_offset": line.offset, "line": text, "reason": reason})

    async def save_position(self, position: JournalPosition) -> None:
        self._taken["position"] = {"file_id": position.file_id, "offset": position.offset}

    async def commit(self) -> None:
        """Send everything that was asked for, in one statement; nothing when nothing was."""
        if self._taken:
            answer = await self._connection.fetchval(query("take_journal"), {**self._taken, "node": self._node})
            self.repeated, self.released = answer["repeated"], answer["released"]
        if self._open is not None:
            await self._open.commit()
            self._open = None

    async def abandon(self) -> None:
        """Take back what was done before the end; a connection that is gone has done so by itself."""
        opened, self._open = self._open, None
        if opened is not None:
            self._terms.forget()
        if opened is not None and not self._connection.is_closed():
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await opened.rollback()

    def _also(self, part: str, one: Json) -> None:
        self._taken.setdefault(part, []).append(one)


def _open_leg(row: Mapping[str, object]) -> OpenLeg:
    return OpenLeg(**{key: "" if value is None and key != "attempt" else value for key, value in row.items()})  # type: ignore[arg-type]


def _id_second(uniqueid: str) -> datetime:
    """Second in a channel's unique id; ids of another form are as old as can be."""
    digits = uniqueid.rpartition("-")[2].partition(".")[0]
    return datetime.fromtimestamp(int(digits) if digits.isdecimal() else 0, UTC)


def _storable(line: str) -> str:
    """PostgreSQL's text holds no NUL."""
    return line.replace("\x00", "\\0")[:MAX_LINE_CHARS]
