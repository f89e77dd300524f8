"""Reads journal lines again that a person has looked at, as they stand or repaired: a command is a row.

A leg that is in the ledger by then changes nothing; a line that still cannot be read gets its answer and stays open.
"""

from collections.abc import Callable

from ..errors import PeerMisbehaves
from ..ledger_ports import AgainLine, JournalEvent, Ledger
from ..observe.log import Log
from ..ports import Catalogue
from .import_journal import ImportJournal

TAKEN = "read again"


class ReadAgain:
    """One round takes all lines of this node that are asked for. `read`: a line's event; None: it means nothing."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        journal: ImportJournal,
        read: Callable[[AgainLine], JournalEvent | None],
        log: Log,
    ) -> None:
        self._ledger = ledger
        self._journal = journal
        self._read = read
        self._log = log

    async def run_once(self, catalogue: Catalogue | None) -> None:
        """Raises DatabaseAbsent: what is open then waits for the next round."""
        for line in await self._ledger.lines_to_read_again():
            fault = await self._take(line, catalogue)
            await self._ledger.answer_again(line.line_id, resolved=fault is None, answer=fault or TAKEN)
            self._log.info("line_read_again", line=line.line_id, asked_by=line.asked_by, fault=fault)

    async def _take(self, line: AgainLine, catalogue: Catalogue | None) -> str | None:
        try:
            event = self._read(line)
        except PeerMisbehaves as error:
            return str(error)
        if event is None:
            return "the line is no event of a leg"
        return await self._journal.read_again(event, catalogue)
