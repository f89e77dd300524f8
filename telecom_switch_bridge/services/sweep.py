"""Ends what nobody works on any more: reservations without a living call, legs whose end never reached the journal.

Nothing is ended on suspicion: Asterisk must be there to say which channels live, and the journal must be read to its
end after that was asked (charging.md 13, perf-facts "Crash of a bridge").
"""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from ..ledger_ports import Ledger, OpenLeg
from ..observe.log import Log
from ..observe.metrics import Metrics
from ..ports import Catalogue, Switch
from .import_journal import ImportJournal
from .settle_leg import LegEnd
from .switch_life import SwitchLife

ORPHAN_AGE_S = 60
"""Reservations younger than this may belong to a question that is just being answered (s)."""


class Sweep:
    """Runs at start, every half minute, and when Asterisk comes back."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        switch: Switch,
        journal: ImportJournal,
        journal_caught_up: Callable[[], Awaitable[bool]],
        life: SwitchLife,
        log: Log,
        metrics: Metrics,
    ) -> None:
        self._ledger = ledger
        self._switch = switch
        self._journal = journal
        self._journal_caught_up = journal_caught_up
        self._life = life
        self._log = log
        self._metrics = metrics
        self.suspects: frozenset[str] = frozenset()
        """Legs that were not among the living channels once: they may have been answered after Asterisk was asked."""

    async def run_once(self, now: datetime, catalogue: Catalogue | None) -> None:
        """One round, begun at `now`; raises SwitchAbsent and DatabaseAbsent: the next round goes on."""
        living = await self._switch.live_channels()
        if not await self._journal_caught_up():
            self._log.warning("sweep_skipped", reason="the journal is not read to its end")
            return
        await self._end_lost_legs(now, living.keys(), catalogue)
        await self._release_orphans(now, living.keys())

    async def _end_lost_legs(self, now: datetime, living: Collection[str], catalogue: Catalogue | None) -> None:
        legs = await self._ledger.load_open_legs()
        alive = [leg.leg_uniqueid for leg in legs if leg.leg_uniqueid in living]
        if alive:
            await self._ledger.mark_seen(alive, now)
        gone = {leg.leg_uniqueid: leg for leg in legs if leg.leg_uniqueid not in living}
        confirmed = [leg for uniqueid, leg in gone.items() if uniqueid in self.suspects]
        self.suspects = frozenset(gone) - {leg.leg_uniqueid for leg in confirmed}
        for leg in sorted(confirmed, key=lambda leg: leg.attempt is None):  # telephones before the leg that pays
            ended_at = self._last_life(leg)
            self._log.error("leg_lost", call_ref=leg.call_ref, leg=leg.leg_uniqueid, ended_at=ended_at.isoformat())
            await self._journal.end_lost(leg, ended_at, catalogue)

    def _last_life(self, leg: OpenLeg) -> datetime:
        """Last instant at which the leg surely lived: seen itself, or its Asterisk seen before it was restarted."""
        end = LegEnd(leg.leg_uniqueid, leg.linkedid, "", leg.answered_at, leg.answered_at, None)
        seen = [leg.answered_at, leg.seen_at]
        if self._life.restarted_after(end.started_at) and self._life.seen_before_restart is not None:
            seen.append(self._life.seen_before_restart)
        return max(seen)

    async def _release_orphans(self, now: datetime, living: Collection[str]) -> None:
        orphans = await self._ledger.orphans(now - timedelta(seconds=ORPHAN_AGE_S))
        dead = [call_ref for call_ref, channel in orphans.items() if channel not in living]
        if not dead:
            return
        released = await self._ledger.release(dead)
        self._metrics.count("bss_reservations_orphaned_total", released)
        self._log.warning("orphans_released", count=released, call_refs=",".join(dead[:10]))
