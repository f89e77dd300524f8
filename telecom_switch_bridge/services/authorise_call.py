"""May a call start, and for how long? One grant is set aside at every level, or nothing (charging.md 9, 10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from ..allowance_ports import NO_INCLUDED, Included
from ..errors import DatabaseAbsent
from ..ports import (
    MAX_CALL_S,
    Allowed,
    CallRequest,
    CallTerms,
    Catalogue,
    Decision,
    Reason,
    Refused,
    Reservation,
    Reservations,
    ReserveOutcome,
)
from .call_rates import CallRates, Limits
from .cover import are_guarded, covers_of, least_micro
from .frozen_terms import terms_from_json, terms_to_json
from .leg_mark import unsaved_call_ref
from .limits import CallCounts, call_counts, refusal
from .prepare_call import prepare_call
from .size_grant import Window, amounts_micro, answer_window, bought_s, first_grant_s

MAX_TRIES = 5
"""Times that a grant is made smaller while other calls of the same purse come in between."""


SPEND_RULES = {
    "call": "most per call",
    "day": "most per day",
    "night": "most per night",
    "repeated": "calls to one number",
    "country": "calls to unusual countries",
    "locked": "locked since it reached a limit",
}


class Prepare(Protocol):
    """Makes the terms of what a channel asks for, or says why it may not have it; sets nothing aside."""

    def __call__(self, request: CallRequest, *, catalogue: Catalogue, now: datetime) -> CallTerms | Refused: ...


async def authorise_call(
    request: CallRequest,
    *,
    catalogue: Catalogue,
    reservations: Reservations,
    now: datetime,
    grant_s: int,
    rates: CallRates | None = None,
    prepare: Prepare = prepare_call,
) -> Allowed | Refused:
    """Answer a telephone; a refusal leaves nothing set aside. A question asked again gets the stored answer.

    `prepare` makes the terms of what is asked: of a call, of a ring group's branch, of a transferred leg.
    """
    terms = prepare(request, catalogue=catalogue, now=now)
    if isinstance(terms, Refused):
        return terms
    limits = Limits(catalogue, CallRates() if rates is None else rates, now)
    return await reserve_call(request, terms, reservations=reservations, grant_s=grant_s, limits=limits)


async def reserve_call(
    request: CallRequest,
    terms: CallTerms,
    *,
    reservations: Reservations,
    grant_s: int,
    limits: Limits,
    call_ref: str | None = None,
) -> Allowed | Refused:
    """Hold the call to its limits, store its terms and set the grant aside.

    Calls that lead to a telephone go through without a database too, and are then not counted.
    `call_ref`: where one question makes two authorisations, that of this one; else the question's.
    """
    begun = limits.begin(terms)
    if isinstance(begun, Refused):
        return begun
    terms, counts = begun, call_counts(begun, limits.catalogue)
    try:
        answer = await _reserve(request, call_ref or request.call_ref, terms, counts, reservations, grant_s)
    except DatabaseAbsent as error:
        if terms.decision is Decision.EXTERNAL:
            return Refused(Reason.UNAVAILABLE, str(error))
        return Allowed(unsaved_call_ref(terms), None, terms)
    if isinstance(answer, Allowed):
        limits.went(terms, answer.terms)
    return answer


async def _reserve(  # noqa: PLR0917
    request: CallRequest, call_ref: str, terms: CallTerms, counts: CallCounts, reservations: Reservations, grant_s: int
) -> Allowed | Refused:
    window = answer_window(terms)
    payers = terms.payers
    seconds = first_grant_s(payers, window, grant_s) if payers else MAX_CALL_S
    outcome = ReserveOutcome("short")
    included = NO_INCLUDED
    for _ in range(MAX_TRIES):
        wanted = _reservation(request, call_ref, terms, counts, window, seconds, included)
        outcome = await reservations.reserve(wanted)
        if outcome.outcome == "full":
            return refusal(counts, outcome.full)
        included = outcome.included
        if outcome.outcome == "partly":
            continue
        if outcome.outcome != "short":
            return _answer(request, call_ref, terms, seconds, outcome)
        if outcome.limited:
            return Refused(Reason.SPEND_LIMIT, words_of_limits(outcome.limited))
        seconds = bought_s(payers, window, outcome.headroom_micro, seconds, included.most_s)
        if seconds < 1:
            break
    return Refused(Reason.NO_CREDIT, f"headroom {list(outcome.headroom_micro)} micro")


def words_of_limits(limited: Sequence[tuple[int, str]]) -> str:
    """Which limits of spending leave no room, for staff."""
    return ", ".join(f"account {account_id}: {SPEND_RULES[rule]}" for account_id, rule in limited)


def _reservation(  # noqa: PLR0917
    request: CallRequest,
    call_ref: str,
    terms: CallTerms,
    counts: CallCounts,
    window: Window,
    seconds: int,
    included: Included,
) -> Reservation:
    payers = terms.payers
    return Reservation(
        call_ref=call_ref,
        channel_uniqueid=request.channel_uniqueid,
        account_ids=tuple(level.account_id for level in payers),
        amounts_micro=amounts_micro(payers, window, seconds),
        granted_s=seconds,
        frozen=terms_to_json(terms),
        counted_on=counts.on,
        trunks=counts.trunks,
        terms=terms,
        covers=covers_of(payers, window, seconds, replace(included, held_s=(0,) * len(payers)))
        if are_guarded(payers)
        else (),
        least_micro=least_micro(payers, window, 1, included),
    )


def _answer(
    request: CallRequest, call_ref: str, terms: CallTerms, seconds: int, outcome: ReserveOutcome
) -> Allowed | Refused:
    if outcome.outcome == "no_wallet":
        return Refused(Reason.NO_CREDIT, "an account of the chain has no wallet")
    if outcome.outcome == "repeated":
        assert outcome.frozen is not None
        terms, seconds = terms_from_json(outcome.frozen), outcome.granted_s
        terms = replace(terms, caller_channel=request.channel)
    else:
        assert outcome.outcome == "taken", outcome.outcome
        if outcome.routes is not None:
            terms = replace(terms, routes=tuple(terms.routes[place] for place in outcome.routes))
    return Allowed(call_ref, seconds if terms.payers else None, terms)
