"""Nobody took a call at a telephone: where does it go on, if anywhere? Its busy, no-answer or unreachable forward.

What goes on outside is a leg of its own: authorised, limited and paid for like the first. What goes on inside an
inbound call rings under the carrier's own authorisation, which bounds it.
"""

from datetime import datetime

from ..ports import Allowed, CallRequest, Catalogue, Decision, Reason, Refused, Reservations
from ..values import Phone
from .authorise_call import reserve_call
from .call_rates import CallRates, Limits
from .follow_target import Path, Why, follow_later
from .prepare_detour import find_caller, read_path, terms_of_place

BUSY_CAUSES = frozenset({17, 21})
"""Q.850: user busy; call rejected, which is what a telephone's key for "not now" says."""

NO_ANSWER_CAUSES = frozenset({18, 19})


async def detour_call(
    request: CallRequest,
    *,
    catalogue: Catalogue,
    reservations: Reservations,
    now: datetime,
    grant_s: int,
    rates: CallRates | None = None,
) -> Allowed | Refused:
    """Answer a channel whose telephone did not take the call. `said`: how that ended, and the path so far."""
    ended, path_text = request.said if len(request.said) == 2 else ("", "")
    path = read_path(path_text)
    caller = find_caller(request, catalogue)
    if isinstance(caller, Refused):
        return caller
    phone = _rung(catalogue, path)
    if phone is None or phone.account_id != caller.account.account_id:
        return Refused(Reason.UNANSWERED, f"no telephone of the account at the end of {path_text!r}")
    why = why_of(ended)
    place = follow_later(catalogue, phone, why, path)
    if place is None:
        return Refused(Reason.UNANSWERED, f"telephone {phone.endpoint} forwards nowhere when {why}")
    terms = terms_of_place(caller, place, catalogue=catalogue, now=now)
    if isinstance(terms, Refused):
        return terms
    if caller.number is not None and terms.decision is Decision.INTERNAL:
        return Allowed("", None, terms)
    limits = Limits(catalogue, CallRates() if rates is None else rates, now)
    return await reserve_call(request, terms, reservations=reservations, grant_s=grant_s, limits=limits)


def why_of(ended: str) -> Why:
    """Why nobody took the call, from how the dialplan's attempt ended: `<DIALSTATUS>-<Q.850 cause>`.

    A called party that was asked and did not press 1 (`DECLINED`) counts as one that did not answer: it may be a
    machine. What is neither busy nor rung out is unreachable.
    """
    status, _, cause_text = ended.partition("-")
    cause = int(cause_text) if cause_text.isascii() and cause_text.isdecimal() else 0
    if status == "BUSY" or (status not in {"NOANSWER", "DECLINED"} and cause in BUSY_CAUSES):
        return Why.BUSY
    if status in {"NOANSWER", "DECLINED"} or cause in NO_ANSWER_CAUSES:
        return Why.NO_ANSWER
    return Why.UNREACHABLE


def _rung(catalogue: Catalogue, path: Path) -> Phone | None:
    return catalogue.phone_by_id(path[-1]) if path else None
