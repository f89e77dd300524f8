"""Ends what nobody works on any more: reservations without a living call, legs whose end never reached the journal.

Nothing is ended on suspicion: Asterisk must be there to say which channels live, the journal must be read to its end
after that was asked, and what looks dead must look so in two rounds (charging.md 13, perf-facts "Crash of a bridge").
Everything that is found is kept as a finding for people.
"""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from ..ledger_ports import Finding, Ledger, OpenLeg
from ..observe.log import Log
from ..observe.metrics import Metrics
from ..ports import Catalogue, Switch
from .find_unpaid import FindUnpaid
from .import_journal import ImportJournal
from .live_legs import LiveLegs
from .switch_clock import SwitchClock
from .switch_life import SwitchLife

ORPHAN_AGE_S = 60.0
"""Reservations younger than this may belong to a question that is just being answered (s, the database's clock)."""

SEEN_SAVED_EVERY = timedelta(seconds=5)
"""So often at most is written which legs live; in between it is known here: rounds may follow each other quickly."""

DEAD_NODE_S = 3600.0
"""A node that was silent for so long (s) will not settle its legs itself: all of its grants have ended long ago."""


class Sweep:
    """Runs at start, every half minute, when Asterisk comes back, and every second while the journal may lose lines."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        switch: Switch,
        journal: ImportJournal,
        journal_caught_up: Callable[[], Awaitable[bool]],
        life: SwitchLife,
        clock: SwitchClock,
        live: LiveLegs,
        log: Log,
        metrics: Metrics,
    ) -> None:
        self._ledger = ledger
        self._switch = switch
        self._journal = journal
        self._journal_caught_up = journal_caught_up
        self._life = life
        self._clock = clock
        self._unpaid = FindUnpaid(
            ledger=ledger, switch=switch, journal=journal, live=live, clock=clock, log=log, metrics=metrics
        )
        self._log = log
        self._metrics = metrics
        self._seen: dict[str, datetime] = {}
        self._saved_at: datetime | None = None
        self._orphans: frozenset[str] = frozenset()
        self.suspects: frozenset[str] = frozenset()
        """Legs that were not among the living channels once: they may have been answered after Asterisk was asked."""

    @property
    def is_unsure(self) -> bool:
        """Something is to be looked at again soon."""
        return bool(self.suspects or self._orphans or self._unpaid.suspects)

    async def run_once(self, now: datetime, catalogue: Catalogue | None) -> None:
        """One round, begun at `now`; raises SwitchAbsent and DatabaseAbsent: the next round goes on."""
        living = {one.uniqueid: one for one in await self._switch.living()}
        if not await self._journal_caught_up():
            self._log.warning("sweep_skipped", reason="the journal is not read to its end")
            return
        legs = await self._end_lost_legs(now, living.keys(), catalogue)
        await self._release_orphans(living.keys())
        await self._unpaid.look(now, living, legs)
        await self._end_dead_nodes(catalogue)

    def clock_moved(self, step: timedelta) -> None:
        """The wall clock was set: what was seen is told in the new time."""
        self._seen = {uniqueid: at + step for uniqueid, at in self._seen.items()}
        self._saved_at = None
        self._unpaid.clock_moved(step)

    async def _end_lost_legs(
        self, now: datetime, living: Collection[str], catalogue: Catalogue | None
    ) -> dict[str, OpenLeg]:
        """End legs that are gone in two rounds; return those that live."""
        legs = {leg.leg_uniqueid: leg for leg in await self._ledger.load_open_legs()}
        alive = {uniqueid: leg for uniqueid, leg in legs.items() if uniqueid in living}
        await self._mark_seen(alive, now)
        gone = {uniqueid: leg for uniqueid, leg in legs.items() if uniqueid not in living}
        confirmed = [leg for uniqueid, leg in gone.items() if uniqueid in self.suspects]
        self.suspects = frozenset(gone) - {leg.leg_uniqueid for leg in confirmed}
        for leg in sorted(confirmed, key=lambda leg: leg.attempt is None):  # telephones before the leg that pays
            ended_at = self._last_life(leg)
            self._log.error("leg_lost", call_ref=leg.call_ref, leg=leg.leg_uniqueid, ended_at=ended_at.isoformat())
            await self._journal.end_lost(leg, ended_at, catalogue)
            lived_s = (ended_at - leg.answered_at - self._clock.moved(leg.stamp)).total_seconds()
            finding = Finding("lost_leg", leg.call_ref, leg.leg_uniqueid, leg.channel, lived_s)
            await self._ledger.note([finding])
        self._seen = {uniqueid: self._seen[uniqueid] for uniqueid in {*alive, *self.suspects} & self._seen.keys()}
        return alive

    async def _mark_seen(self, alive: Collection[str], now: datetime) -> None:
        self._seen |= dict.fromkeys(alive, now)
        if alive and (self._saved_at is None or abs(now - self._saved_at) >= SEEN_SAVED_EVERY):
            await self._ledger.mark_seen(list(alive), now, self._clock.newest)
            self._saved_at = now

    def _last_life(self, leg: OpenLeg) -> datetime:
        """Last instant at which the leg surely lived: seen itself, or its Asterisk seen before it was restarted."""
        moved = self._clock.moved(leg.stamp)
        answered_at = leg.answered_at + moved
        seen = [answered_at, leg.seen_at + moved, self._seen.get(leg.leg_uniqueid, answered_at)]
        heard_at = self._life.last_seen(answered_at)
        if heard_at is not None:
            seen.append(heard_at)
        return max(seen)

    async def _release_orphans(self, living: Collection[str]) -> None:
        orphans = await self._ledger.orphans(ORPHAN_AGE_S)
        dead = frozenset(call_ref for call_ref, channel in orphans.items() if channel not in living)
        confirmed, self._orphans = sorted(dead & self._orphans), dead - self._orphans
        if not confirmed:
            return
        released = await self._ledger.release(confirmed)
        self._metrics.count("bss_reservations_orphaned_total", released)
        self._log.warning("orphans_released", count=released, call_refs=",".join(confirmed[:10]))
        await self._ledger.note([Finding("orphan_reservation", call_ref) for call_ref in confirmed])

    async def _end_dead_nodes(self, catalogue: Catalogue | None) -> None:
        """Legs and reservations of nodes that are long dead hold their customers' money: end them as that node's own
        sweep would, at its last heartbeat and never after the grant. A bridge that does come back finds it done."""
        for dead in await self._ledger.dead_legs(DEAD_NODE_S):
            leg = dead.leg
            ended_at = max(max(leg.answered_at, leg.seen_at) + self._clock.moved(leg.stamp), dead.heard_at)
            self._log.error("dead_node_leg", node=dead.node, call_ref=leg.call_ref, leg=leg.leg_uniqueid)
            await self._journal.end_lost(leg, ended_at, catalogue, node=dead.node)
            detail = f"node {dead.node} was last heard {dead.heard_at.isoformat(timespec='seconds')}"
            finding = Finding("dead_node_leg", leg.call_ref, leg.leg_uniqueid, leg.channel, detail=detail)
            await self._ledger.note([finding])
        released = list(await self._ledger.dead_reservations(DEAD_NODE_S))
        if released:
            await self._ledger.release(released)
            detail = "its node is long dead"
            await self._ledger.note([Finding("orphan_reservation", call_ref, detail=detail) for call_ref in released])
