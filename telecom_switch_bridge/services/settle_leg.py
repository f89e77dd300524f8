"""What a leg that has ended costs everybody: one settlement from its journal times and its frozen terms.

Charging rules 2, 3, 6, 7, 8, 12 and 13. Writes nothing: the result goes through the door `telecom_call_settle`.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from ..core.rating import answered_seconds, price_call, tariff_to_json
from ..ports import CallTerms, Decision, Json, PlannedRoute
from .leg_mark import CallMark, SilentMark
from .prepare_detour import RING_S
from .use_allowances import Priced, charges

MICROSECOND = timedelta(microseconds=1)

ARRIVED = PlannedRoute(dial="")
"""Way of a leg that a carrier brought: nothing was dialled and the carrier is not paid for it."""

SILENT = "bridge silent"
"""Note in the record of a leg that nobody was asked about; what its carrier pays is recovered from the deck, or not."""

RECOVERED = f"{SILENT}; the carrier's pay by its deck as it was known afterwards"
NOT_RECOVERED = f"{SILENT}; no inbound deck price is known"

SWEPT = "ended by sweep"
"""Note in the record of a leg whose HANGUP never came."""

CLOCK_UNKNOWN = "ended by a clock that no bridge has seen"
"""Note in the record of a leg whose HANGUP has an impossible time: it ends when it was last seen (charging.md 13)."""

BUSY = frozenset({17})
NO_ANSWER = frozenset({18, 19})
GIVEN_UP = frozenset({0, 16, 26, 127})
"""Q.850 causes of a leg that was never answered; what is in none of the sets is `failed`."""


class LegEnd(NamedTuple):
    """A leg's times as the journal has them; `answered_at` None: never answered. `note`: who ended it."""

    leg_uniqueid: str
    linkedid: str
    node: str
    answered_at: datetime | None
    ended_at: datetime
    hangup_cause: int | None
    ring_s: int = RING_S
    note: str = ""
    channel: str = ""
    pdd_ms: int | None = None
    """From the dialling to the first sign of the called party; None: not told."""
    moved: timedelta = timedelta()
    """The clock was set so far in mid call; `ended_at` is told in the clock of the answer."""

    @property
    def duration_us(self) -> int:
        """Answered time (microseconds)."""
        if self.answered_at is None:
            return 0
        return max(0, (self.ended_at - self.answered_at) // MICROSECOND)

    @property
    def started_at(self) -> datetime:
        """Second in the leg's own id: the same whenever and wherever the leg is settled, so keys are stable."""
        epoch = self.leg_uniqueid.rpartition("-")[2].partition(".")[0]
        return datetime.fromtimestamp(int(epoch), UTC)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A leg ready for `telecom_call_settle`; `cut_s`: answered seconds beyond the grant, which nobody is charged.

    `priced`: what its charges are made from, None when it has none.
    """

    leg: Json
    cut_s: int = 0
    priced: Priced | None = None


def settle_leg(end: LegEnd, mark: CallMark, terms: CallTerms, granted_s: int) -> Settlement | None:
    """Settlement of an authorised call's leg; None for a telephone's leg of an inbound call: the carrier's counts."""
    if terms.direction == "inbound":
        if mark.attempt is not None:
            return None
        end = end._replace(ring_s=terms.ringing.wait_s or RING_S)
        arrived = replace(ARRIVED, trunk_id=terms.from_trunk_id, carrier_id=terms.from_carrier_id)
        record = _record(end, mark, terms, terms.carrier_pays or arrived, release=True)
        record |= _carrier_revenue(end, terms.carrier_pays)
        return _charged(end, terms, None, granted_s, record) if terms.levels else Settlement(record)
    end = end._replace(ring_s=terms.ring_s)
    route = _route(mark, terms)
    record = _record(end, mark, terms, route, release=end.answered_at is not None)
    if terms.decision is not Decision.EXTERNAL:
        return Settlement(record)
    return _charged(end, terms, route, granted_s, record)


def settle_silent(
    end: LegEnd, mark: SilentMark, company_id: int | None, carrier_pays: PlannedRoute | None = None
) -> Settlement:
    """Record of a leg that went through while the bridge was silent: free for its payers (charging.md 12 and 15).

    What the carrier pays for an inbound one is recovered by `carrier_pays`; the record's note says if it could be.
    """
    priced = carrier_pays is not None and carrier_pays.tariff is not None
    paid = mark.kind == "inbound" and end.answered_at is not None
    note = SILENT if not paid else RECOVERED if priced else NOT_RECOVERED
    record = _plain_record(end) | {
        "direction": mark.kind,
        "call_ref": None,
        "attempt": None,
        "account_id": mark.account_id,
        "company_id": company_id,
        "dialled": mark.number,
        "e164": mark.number if mark.kind == "inbound" else None,
        "carrier_id": carrier_pays.carrier_id if carrier_pays else None,
        "trunk_id": carrier_pays.trunk_id if carrier_pays else None,
        "terms": {"note": joined(note, end.note), **_carrier_terms(carrier_pays)},
    }
    record |= _carrier_revenue(end, carrier_pays)
    return Settlement(record)


def _charged(end: LegEnd, terms: CallTerms, route: PlannedRoute | None, granted_s: int, record: Json) -> Settlement:
    """Charges of every level for the answered seconds, never more than were granted; the carrier's cost beside them."""
    answered_s: int = record["answered_s"]
    cut_s = max(0, answered_s - granted_s)
    answered_s -= cut_s
    record["answered_s"] = answered_s
    if end.answered_at is None:
        return Settlement(record, cut_s)
    priced = Priced(terms.levels, end.answered_at, answered_s)
    record["charges"] = charges(priced)
    record |= _carrier_cost(end, route)
    return Settlement(record, cut_s, priced)


def _carrier_cost(end: LegEnd, route: PlannedRoute | None) -> Json:
    """Deck price of the carrier that answered, by its own duration rule and for the whole answered time."""
    if end.answered_at is None or route is None or route.tariff is None:
        return {}
    seconds = answered_seconds(end.duration_us, route.duration_rule)
    priced = price_call(route.tariff, end.answered_at, seconds)
    return {
        "carrier_billed_s": priced.billed_s,
        "carrier_cost_micro": priced.cost_micro,
        "carrier_currency": route.currency,
    }


def _carrier_revenue(end: LegEnd, route: PlannedRoute | None) -> Json:
    """What the carrier pays us for the leg that it brought, by the same rules as a cost."""
    cost = _carrier_cost(end, route)
    return {**cost, "carrier_cost_micro": None, "carrier_revenue_micro": cost["carrier_cost_micro"]} if cost else {}


def _route(mark: CallMark, terms: CallTerms) -> PlannedRoute | None:
    if mark.attempt is None or not 1 <= mark.attempt <= len(terms.routes):
        return None
    return terms.routes[mark.attempt - 1]


def _record(
    end: LegEnd,
    mark: CallMark,
    terms: CallTerms,
    route: PlannedRoute | None,
    *,
    release: bool,
) -> Json:
    record = _plain_record(end)
    record |= {
        "direction": terms.direction,
        "linkedid": terms.linkedid or end.linkedid,
        "call_ref": mark.call_ref,
        "attempt": mark.attempt,
        "account_id": terms.account_id,
        "company_id": terms.company_id,
        "phone_id": terms.phone_id,
        "number_id": terms.number_id,
        "from_number": terms.from_number,
        "dialled": terms.dialled,
        "e164": terms.e164 or None,
        "destination_id": terms.destination_id,
        "carrier_id": route.carrier_id if route else None,
        "trunk_id": route.trunk_id if route else None,
        "terms": _record_terms(end, terms, route),
        "release": release,
    }
    return record


def _plain_record(end: LegEnd) -> Json:
    """What every record has, free and unanswered ones too; what is not in a record is null in the database."""
    duration_us = end.duration_us
    return {
        "leg_uniqueid": end.leg_uniqueid,
        "started_at": end.started_at,
        "answered_at": end.answered_at,
        "ended_at": end.ended_at,
        "duration_us": duration_us,
        "node": end.node,
        "linkedid": end.linkedid,
        "hangup_cause": end.hangup_cause,
        "disposition": disposition(end),
        "answered_s": answered_seconds(duration_us, "up"),
        "carrier_billed_s": None,
        "carrier_cost_micro": None,
        "carrier_currency": None,
        "carrier_revenue_micro": None,
        "charges": [],
        "release": False,
    }


def _record_terms(end: LegEnd, terms: CallTerms, route: PlannedRoute | None) -> Json:
    frozen: Json = {"authorised_at": terms.authorised_at}
    if end.moved:
        frozen["clock_set_s"] = end.moved.total_seconds()
    if end.pdd_ms is not None:
        frozen["pdd_ms"] = end.pdd_ms
    if route is not None and route.dial:
        frozen["dial"] = route.dial
        frozen["carrier_tariff"] = tariff_to_json(route.tariff) if route.tariff else None
        if route.tariff is not None and terms.levels and route.currency != terms.levels[-1].currency:
            frozen["carrier_factor_e8"] = route.factor_e8
    frozen |= _carrier_terms(terms.carrier_pays)
    made = f"made by a transfer of {terms.transferred_by}" if terms.transferred_by else ""
    if note := joined(made, end.note):
        frozen["note"] = note
    return frozen


def _carrier_terms(carrier_pays: PlannedRoute | None) -> Json:
    tariff = carrier_pays.tariff if carrier_pays is not None else None
    return {"carrier_pays_tariff": tariff_to_json(tariff)} if tariff is not None else {}


def joined(*notes: str) -> str:
    """Notes of a record in one line, without the empty ones."""
    return ", ".join(note for note in notes if note)


def disposition(end: LegEnd) -> Literal["answered", "busy", "no_answer", "cancelled", "failed"]:
    """How the leg went, in one word. We gave up ringing with cause 0: patience or the caller ended, the time tells."""
    if end.answered_at is not None:
        return "answered"
    if end.hangup_cause in BUSY:
        return "busy"
    if end.hangup_cause in NO_ANSWER:
        return "no_answer"
    if end.hangup_cause is not None and end.hangup_cause not in GIVEN_UP:
        return "failed"
    return "no_answer" if (end.ended_at - end.started_at).total_seconds() >= end.ring_s else "cancelled"
