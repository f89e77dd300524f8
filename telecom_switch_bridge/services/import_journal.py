"""Takes events of the leg journal into the ledger: answered legs are remembered, ended ones charged (charging.md 11).

One transaction a batch: charges, releases, open legs and the position in the journal are committed together, so that
a batch read twice changes nothing. What cannot be charged is set aside for a person, never guessed.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from ..ledger_ports import JournalBatch, JournalEvent, Ledger, LedgerTransaction, OpenLeg, SetAside, StoredReservation
from ..observe.log import Log
from ..observe.metrics import Metrics
from ..ports import CallTerms, Catalogue
from .frozen_terms import terms_from_json
from .inbound_pay import silent_pay
from .known_terms import KnownTerms
from .leg_mark import CallMark, SilentMark, call_refs, read_mark
from .limits import trunk_name
from .live_legs import LiveLeg, LiveLegs
from .marked_events import mark_of, marked_events
from .settle_leg import CLOCK_UNKNOWN, SWEPT, LegEnd, Settlement, joined, settle_leg, settle_silent
from .switch_clock import SwitchClock
from .take_transfers import Transfers, read_transfers
from .use_allowances import use_allowances

REPLACED_KEPT = 200
"""Channels whose place was taken by a transferred party; each ends within milliseconds of that."""


@dataclass(slots=True)
class _Work:
    """What one batch leads to; applied to memory after the commit."""

    answered: dict[str, OpenLeg] = field(default_factory=dict)
    settlements: list[Settlement] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    watch: list[LiveLeg] = field(default_factory=list)
    phones: list[OpenLeg] = field(default_factory=list)
    terms: dict[str, CallTerms] = field(default_factory=dict)
    moved: dict[str, tuple[str, str]] = field(default_factory=dict)
    transfers: Transfers = field(default_factory=Transfers)
    repeated: int = 0
    released: int = 0

    def terms_of(self, reservation: StoredReservation) -> CallTerms:
        """Terms of a call, read once a batch."""
        found = self.terms.get(reservation.call_ref)
        if found is None:
            assert reservation.frozen is not None, "what is known was put into the work with the reservation"
            found = self.terms[reservation.call_ref] = terms_from_json(reservation.frozen)
        return found


class ImportJournal:
    """The only place where legs become charges; the sweeper hands the legs that it ends to it too."""

    def __init__(
        self,
        *,
        node: str,
        ledger: Ledger,
        live: LiveLegs,
        log: Log,
        metrics: Metrics,
        clock: SwitchClock,
        known: KnownTerms | None = None,
    ) -> None:
        self._node = node
        self._known = known if known is not None else KnownTerms()
        self._clock = clock
        self._ledger = ledger
        self._live = live
        self._log = log
        self._metrics = metrics
        self._replaced: deque[str] = deque(maxlen=REPLACED_KEPT)

    async def take(self, batch: JournalBatch, catalogue: Catalogue | None) -> None:
        """Commit a batch. Raises DatabaseAbsent (nothing happened: try again) or ValueError (the data is refused)."""
        self._clock.look()
        work = _Work(aside=list(batch.unreadable), transfers=read_transfers(batch.events, catalogue))
        self._replaced.extend(work.transfers.heirs)
        async with self._ledger.transaction() as transaction:
            await self._work_on(batch.events, transaction, catalogue, work)
            await transaction.set_aside(work.aside)
            await transaction.save_position(batch.position)
            await self._settle(transaction, work)
            await work.transfers.store(transaction)
            channels = [event.uniqueid for event in batch.events if event.kind == "CHAN_END"]
            if channels:
                await transaction.release_ended(channels)
        work.repeated += transaction.repeated
        work.released = transaction.released
        self._remember(work)

    async def put_by(self, batch: JournalBatch, reason: str) -> None:
        """Set all events of a batch aside and go on behind them: the database refuses what they lead to."""
        work = _Work(aside=[*batch.unreadable, *(_aside(event, reason) for event in batch.events)])
        async with self._ledger.transaction() as transaction:
            await transaction.set_aside(work.aside)
            await transaction.save_position(batch.position)
        self._remember(work)

    async def end_lost(
        self, leg: OpenLeg, ended_at: datetime, catalogue: Catalogue | None, node: str | None = None
    ) -> None:
        """Charge an answered leg whose HANGUP will not come, up to an instant or its grant (charging.md 13).

        `node`: the leg is another node's, whose bridge will not come back.
        """
        work = _Work()
        async with self._ledger.transaction() as transaction:
            stored = await self._known.read([leg.call_ref], transaction, work.terms)
            reservation = stored.get(leg.call_ref)
            moved = self._clock.moved(leg.stamp)
            end = LegEnd(
                leg.leg_uniqueid, leg.linkedid, node or self._node, leg.answered_at, ended_at - moved, None,
                note=joined(leg.transferred_by, SWEPT), moved=moved, channel=leg.channel,
            )  # fmt: skip
            if not self._settle_end(end, mark_of(leg), reservation, catalogue, work):
                self._log.error("lost_leg_without_terms", call_ref=leg.call_ref, leg=leg.leg_uniqueid)
            work.ended.append(leg.leg_uniqueid)
            await self._settle(transaction, work)
        self._metrics.count("bss_legs_lost_total")
        self._remember(work)

    async def open_found(self, leg: OpenLeg) -> Literal["opened", "known", "unpaid"]:
        """Open a leg that lives and of whose answer the journal tells nothing; `unpaid`: its authorisation is gone."""
        work = _Work()
        async with self._ledger.transaction() as transaction:
            known = {
                **await transaction.open_legs([leg.leg_uniqueid]),
                **await transaction.recorded([leg.leg_uniqueid]),
            }
            if known:
                return "known"
            read = read_mark(leg.userfield)
            assert isinstance(read, CallMark)
            stored = await self._known.read(call_refs(read), transaction, work.terms)
            _, reservation = _authorisation(read, stored, work)
            if reservation is None:
                return "unpaid"
            self._answered(replace(leg, call_ref=reservation.call_ref), reservation, work)
            await self._settle(transaction, work)
        self._remember(work)
        return "opened" if work.answered else "known"

    async def read_again(self, event: JournalEvent, catalogue: Catalogue | None) -> str | None:
        """Take one event that was set aside; None when it is in the ledger now, else why it is not."""
        work = _Work()
        try:
            async with self._ledger.transaction() as transaction:
                await self._work_on([event], transaction, catalogue, work)
                if work.aside:
                    return work.aside[0].reason
                await self._settle(transaction, work)
        except ValueError as error:
            return f"refused by the ledger: {error}"[:500]
        self._remember(work)
        return None

    async def watch_open_legs(self) -> None:
        """At start: watch the legs that were open when the last bridge stopped."""
        work = _Work()
        legs = await self._ledger.load_open_legs()
        async with self._ledger.transaction() as transaction:
            stored = await transaction.reservations([leg.call_ref for leg in legs])
        for leg in legs:
            reservation = stored.get(leg.call_ref)
            if reservation is None:
                continue
            terms = work.terms_of(reservation)
            if not terms.payers:
                continue
            if terms.direction == "inbound" and leg.attempt is not None:
                self._live.add_phone(leg)
            else:
                moved = self._clock.moved(leg.stamp)
                self._live.add(LiveLeg(leg, terms, reservation.granted_s, applied_s=None, resumed=True, moved=moved))

    async def _work_on(
        self,
        events: Sequence[JournalEvent],
        transaction: LedgerTransaction,
        catalogue: Catalogue | None,
        work: _Work,
    ) -> None:
        hangups = [event.uniqueid for event in events if event.kind == "HANGUP"]
        opened = dict(await transaction.open_legs(hangups)) if hangups else {}
        marked = marked_events(events, opened, self._replaced)
        calls = [call_ref for _, mark in marked if isinstance(mark, CallMark) for call_ref in call_refs(mark)]
        stored = await self._known.read(calls, transaction, work.terms) if calls else {}
        ending = {event.uniqueid for event, _ in marked if event.kind == "HANGUP"}
        for event, read in marked:
            mark, reservation = _authorisation(read, stored, work)
            if event.kind == "ANSWER":
                opened.setdefault(event.uniqueid, _open_leg(event, mark, self._clock.stamp(event.at)))
                if event.uniqueid not in ending:  # else there is nothing to watch or to keep
                    self._answered(opened[event.uniqueid], reservation, work)
                continue
            end = self._end(event, opened.get(event.uniqueid), work.transfers)
            work.ended.append(event.uniqueid)
            if not self._settle_end(end, mark, reservation, catalogue, work):
                await self._without_terms(event, end, mark, transaction, work)

    def _answered(self, leg: OpenLeg, reservation: StoredReservation | None, work: _Work) -> None:
        """Keep the leg open until its end. A telephone's leg of an inbound call costs nothing, but has its limit."""
        terms = work.terms_of(reservation) if reservation is not None else None
        if terms is not None and terms.direction == "inbound" and leg.attempt is not None:
            if not terms.payers:
                return
            work.phones.append(leg)
        elif reservation is not None and terms is not None and terms.payers:
            told_s = None if terms.number_id is not None else reservation.granted_s  # see LiveLegs.other_channel
            moved = self._clock.moved(leg.stamp)
            if moved:
                told_s = None
            work.watch.append(LiveLeg(leg, terms, reservation.granted_s, told_s, moved=moved))
        work.answered[leg.leg_uniqueid] = leg

    def _end(self, event: JournalEvent, opened: OpenLeg | None, transfers: Transfers) -> LegEnd:
        moved = self._clock.moved(opened.stamp, event.at) if opened else timedelta()
        ended_at, unsure = event.at - moved, ""
        if opened and not self._clock.can_be(opened.answered_at, ended_at, opened.stamp):
            self._log.error("end_by_unknown_clock", leg=event.uniqueid, told=event.at.isoformat())
            ended_at, unsure = opened.seen_at, CLOCK_UNKNOWN
        return LegEnd(
            leg_uniqueid=event.uniqueid,
            linkedid=transfers.call_of(event, opened),
            node=self._node,
            answered_at=opened.answered_at if opened else None,
            ended_at=ended_at,
            moved=moved,
            hangup_cause=event.hangup_cause,
            channel=event.channel,
            pdd_ms=event.pdd_ms,
            note=joined(opened.transferred_by if opened else "", transfers.by(event.uniqueid), unsure),
        )

    def _settle_end(
        self,
        end: LegEnd,
        mark: CallMark | SilentMark | None,
        reservation: StoredReservation | None,
        catalogue: Catalogue | None,
        work: _Work,
    ) -> bool:
        """Add the leg's settlement, if it has one; False when its terms are not there."""
        if isinstance(mark, SilentMark):
            work.settlements.append(_settle_silent(end, mark, catalogue))
            return True
        if mark is None or reservation is None:
            return False
        terms = work.terms_of(reservation)
        settlement = settle_leg(end, mark, terms, reservation.granted_s)
        if settlement is not None:
            work.settlements.append(settlement)
        if end.answered_at is None and mark.attempt is not None:
            _count_on_next(mark, mark.attempt, terms, work)
        return True

    async def _without_terms(
        self,
        event: JournalEvent,
        end: LegEnd,
        mark: CallMark | SilentMark,
        transaction: LedgerTransaction,
        work: _Work,
    ) -> None:
        """The reservation is gone: settled before, a free leg of a settled call, or something a person must see."""
        assert isinstance(mark, CallMark)
        if event.uniqueid in await transaction.recorded([event.uniqueid]):
            work.repeated += 1
            return
        calls = await transaction.recorded_calls([mark.call_ref])
        if mark.attempt is not None and calls.get(mark.call_ref, {}).get("direction") == "inbound":
            return  # a telephone's leg of an inbound call that was settled by its carrier's leg
        if end.answered_at is None:
            self._log.info("unanswered_leg_without_terms", call_ref=mark.call_ref, leg=event.uniqueid)
        else:
            work.aside.append(_aside(event, "no reservation and no call record of this leg"))

    async def _settle(self, transaction: LedgerTransaction, work: _Work) -> None:
        """Write open legs and settlements."""
        still_open = [leg for uniqueid, leg in work.answered.items() if uniqueid not in work.ended]
        if still_open:
            await transaction.add_open_legs(still_open)
        if work.moved:
            await transaction.move_counts(work.moved)
        if work.ended:
            await transaction.close_legs(work.ended)
        if work.settlements:
            await use_allowances(work.settlements, transaction)
            await transaction.settle([settlement.leg for settlement in work.settlements])

    def _remember(self, work: _Work) -> None:
        """After the commit: memory, figures and one log line a decision."""
        for live in work.watch:
            self._live.add(live)
        for leg in work.phones:
            self._live.add_phone(leg)
        for uniqueid in work.ended:
            self._live.remove(uniqueid)
        for heir, at in work.transfers.heirs_at():
            self._live.tell_again(heir, at)
        for settlement in work.settlements:
            self._log_settled(settlement)
            if settlement.leg["release"]:
                self._known.forget(settlement.leg["call_ref"])
        for line in work.aside:
            self._log.error("journal_line_set_aside", file=line.file_id, offset=line.offset, reason=line.reason)
        self._metrics.count("bss_legs_settled_total", len(work.settlements))
        self._metrics.count("bss_legs_repeated_total", work.repeated)
        self._metrics.count("bss_journal_set_aside_total", len(work.aside))
        self._metrics.count("bss_reservations_released_total", work.released)

    def _log_settled(self, settlement: Settlement) -> None:
        leg = settlement.leg
        self._log.info(
            "leg_settled",
            call_ref=leg["call_ref"],
            leg=leg["leg_uniqueid"],
            direction=leg["direction"],
            disposition=leg["disposition"],
            answered_s=leg["answered_s"],
            gross_micro=",".join([str(charge["gross_micro"]) for charge in leg["charges"]]),
            carrier_cost_micro=leg["carrier_cost_micro"],
            carrier_revenue_micro=leg["carrier_revenue_micro"],
        )
        if settlement.cut_s:
            self._metrics.count("bss_seconds_beyond_grant_total", settlement.cut_s)
            self._log.error(
                "grant_exceeded", call_ref=leg["call_ref"], leg=leg["leg_uniqueid"], over_s=settlement.cut_s
            )


def _count_on_next(mark: CallMark, attempt: int, terms: CallTerms, work: _Work) -> None:
    """An attempt has failed: if there is another one, the call takes a channel of that trunk now."""
    if attempt >= len(terms.routes):
        return
    before, after = (route.trunk_id for route in terms.routes[attempt - 1 : attempt + 1])
    if before is not None and after is not None and before != after:
        first, _ = work.moved.get(mark.call_ref, (trunk_name(before), ""))
        work.moved[mark.call_ref] = (first, trunk_name(after))


def _open_leg(event: JournalEvent, mark: CallMark | SilentMark, stamp: tuple[int, str]) -> OpenLeg:
    return OpenLeg(
        leg_uniqueid=event.uniqueid,
        call_ref=mark.call_ref if isinstance(mark, CallMark) else "",
        attempt=mark.attempt if isinstance(mark, CallMark) else None,
        linkedid=event.linkedid,
        channel=event.channel,
        userfield=event.userfield,
        answered_at=event.at,
        seen_at=event.at,
        clock_offset_us=stamp[0],
        boot_id=stamp[1],
    )


def _settle_silent(end: LegEnd, mark: SilentMark, catalogue: Catalogue | None) -> Settlement:
    pays = None
    if mark.kind == "inbound":
        pays = silent_pay(catalogue, end.channel, mark.number, end.answered_at or end.ended_at)
    return settle_silent(end, mark, _company_of(mark, catalogue), pays)


def _company_of(mark: SilentMark, catalogue: Catalogue | None) -> int | None:
    if catalogue is None or mark.account_id is None:
        return None
    account = catalogue.account(mark.account_id)
    return account.company_id if account else None


def _authorisation(
    mark: CallMark | SilentMark, stored: Mapping[str, StoredReservation], work: _Work
) -> tuple[CallMark | SilentMark, StoredReservation | None]:
    """Mark with the call_ref of its own authorisation, and that authorisation.

    A carrier's own channel never takes the terms of the outbound leg on which its call goes on.
    """
    if isinstance(mark, SilentMark):
        return mark, None
    found = next((stored[call_ref] for call_ref in call_refs(mark) if call_ref in stored), None)
    if found is None or (mark.attempt is None and work.terms_of(found).direction != "inbound"):
        return mark, None
    return mark if mark.call_ref == found.call_ref else replace(mark, call_ref=found.call_ref), found


def _aside(event: JournalEvent, reason: str) -> SetAside:
    return SetAside(event.file_id, event.offset, event.line, reason)
