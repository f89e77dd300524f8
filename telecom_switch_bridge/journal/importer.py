"""Moves the leg journal into the ledger: reads what is new, has it committed, then moves on."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..config import RotationSettings
from ..errors import DatabaseAbsent, PeerMisbehaves
from ..ledger_ports import AgainLine, JournalBatch, JournalEvent, JournalPosition, SetAside
from ..observe.log import Log
from ..ports import Catalogue
from ..services.import_journal import ImportJournal
from .parse import parse_line, split_broken
from .tail import Chunk, JournalTail, Line

POLL_S = 0.1
"""How often the file is looked at when nothing was new (s): an answered leg is known within this time."""

GATHER_S = 0.05
"""Pause after the last batch (s): lines that come meanwhile share a transaction, which costs as much as ten calls.

Whoever has not read to the end has enough lines for the next one, and makes none: calls would end faster than they are
charged, however idle everybody is.
"""

RETRY_S = 1.0

MAX_BATCH_LINES = 1024
"""Lines of one transaction: about 200 answered calls, as many as are authorised together."""

HOUSE_EVERY_S = 3600.0
"""How often old files are looked for; also the pause after a rotation that failed (s)."""


class JournalImporter:
    """Reads one node's journal. `at_end` and `lag_bytes` are for health and the sweeper."""

    def __init__(
        self,
        path: Path,
        service: ImportJournal,
        *,
        catalogue: Callable[[], Catalogue | None],
        log: Log,
        rotation: RotationSettings | None = None,
    ) -> None:
        self._tail = JournalTail(path)
        self._rotation = rotation or RotationSettings()
        self._service = service
        self._catalogue = catalogue
        self._log = log
        self._reads = self._last_read_to_end = 0
        self._stop = False
        self._rotate_after = self._delete_after = 0.0
        self.at_end = False

    def resume(self, position: JournalPosition | None) -> None:
        """Begin where the last bridge of this node stopped."""
        if not self._tail.resume(position):
            self._log.error("journal_file_gone", file=position.file_id if position else None)

    @property
    def lag_bytes(self) -> int:
        """Bytes that are not in the ledger yet."""
        return self._tail.lag_bytes()

    def stop(self) -> None:
        """Return from `run` after the batch in work."""
        self._stop = True

    async def run(self) -> None:
        """Import until stopped; a database that is away is waited for, nothing is lost meanwhile."""
        while not self._stop:
            try:
                moved = await self.import_once()
            except DatabaseAbsent as error:
                self._log.warning("journal_waits", error=str(error))
                await asyncio.sleep(RETRY_S)
                continue
            await asyncio.sleep(self._pause_s(moved))

    def _pause_s(self, moved: bool) -> float:
        if not moved:
            return POLL_S
        return GATHER_S if self._last_read_to_end == self._reads else 0

    async def import_once(self) -> bool:
        """Commit what is read at a time; False when nothing was new."""
        self._reads += 1
        chunk = self._tail.read()
        lines = chunk.lines if chunk else ()
        self.at_end = not lines
        for begin in range(0, len(lines), MAX_BATCH_LINES):
            assert chunk is not None
            part = Chunk(chunk.file_id, lines[begin : begin + MAX_BATCH_LINES], chunk.at_end)
            await self._commit(part)
            self._tail.advance(part.position.offset)
        if chunk is None or chunk.at_end:  # lines that came meanwhile do not count: under load there always are some
            self._last_read_to_end = self._reads
            self._keep_house(time.monotonic(), datetime.now(UTC))
        return bool(lines)

    async def caught_up(self, timeout_s: float = 5.0) -> bool:
        """Wait until everything that is in the file now is in the ledger; False when that takes too long."""
        wanted = self._reads + 1
        try:
            async with asyncio.timeout(timeout_s):
                while self._last_read_to_end < wanted:
                    await asyncio.sleep(POLL_S / 2)
        except TimeoutError:
            return False
        return True

    def _keep_house(self, clock_s: float, now: datetime) -> None:
        """Once read to the end: rename the file when it is long, delete old ones. A failure waits, calls go on."""
        try:
            if clock_s >= self._rotate_after:
                renamed = self._tail.rotate(self._rotation.rotate_bytes, now)
                if renamed is not None:
                    self._log.info("journal_rotated", file=renamed.name)
            if clock_s >= self._delete_after:
                self._delete_after = clock_s + HOUSE_EVERY_S
                for file in self._tail.delete_before(now - timedelta(days=self._rotation.keep_days)):
                    self._log.info("journal_deleted", file=file.name)
        except OSError as error:
            self._rotate_after = self._delete_after = clock_s + HOUSE_EVERY_S
            self._log.error("journal_rotation_failed", error=str(error))

    async def _commit(self, chunk: Chunk) -> None:
        try:
            await self._service.take(self._batch(chunk), self._catalogue())
        except ValueError as error:
            if len(chunk.lines) == 1:
                await self._service.put_by(self._batch(chunk), f"refused by the ledger: {error}"[:500])
                return
            self._log.warning("journal_batch_refused", lines=len(chunk.lines), error=str(error))
            for line in chunk.lines:  # one of them is the reason: the others must not wait for it
                await self._commit(Chunk(chunk.file_id, (line,), chunk.at_end))

    def _batch(self, chunk: Chunk) -> JournalBatch:
        events: list[JournalEvent] = []
        unreadable: list[SetAside] = []
        for line in chunk.lines:
            try:
                event = _event(chunk.file_id, line)
            except PeerMisbehaves as error:
                whole, broken = _pieces(chunk.file_id, line, str(error))
                events += whole
                unreadable += broken
                continue
            if event is not None:
                events.append(event)
        return JournalBatch(tuple(events), tuple(unreadable), chunk.position)


def read_line(line: AgainLine) -> JournalEvent | None:
    """Event of a line that was set aside once; None when it means nothing, PeerMisbehaves when it cannot be read."""
    return _event(line.file_id, Line(line.line, line.line_offset, line.line_offset))


def _pieces(file_id: str, line: Line, fault: str) -> tuple[list[JournalEvent], list[SetAside]]:
    """Events of a line that cannot be read as one, and what of it is broken: a volume that was full leaves half a
    record, or one without its line end, and the next record follows on the same line."""
    parts = None if line.cut else split_broken(line.text)
    if parts is None:
        return [], [SetAside(file_id, line.offset, line.text, fault)]
    head, tail = parts
    begin = line.offset + len(head.encode("utf-8"))
    events, aside = [_event(file_id, Line(tail, begin, line.next_offset))], []
    try:
        events.insert(0, _event(file_id, Line(head, line.offset, begin)))
    except PeerMisbehaves as error:
        aside.append(SetAside(file_id, line.offset, head, str(error)))
    return [event for event in events if event is not None], aside


def _event(file_id: str, line: Line) -> JournalEvent | None:
    if line.cut:
        raise PeerMisbehaves("the line has no end")
    return parse_line(line.text, file_id, line.offset)
