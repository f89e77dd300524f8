"""Answers as channel variables; what each means stands beside its name in `dialplan_names`."""

from collections.abc import Mapping

from ..errors import PeerMisbehaves
from ..ports import Allowed, CallRequest, Refused
from ..services.live_legs import CUT_MARGIN_S
from .protocol import Question

REFUSED = "refused"


def request_of(question: Question) -> CallRequest:
    """Arguments of both questions: endpoint, dialled, sequence, calling number (may be empty or missing)."""
    if not 3 <= len(question.arguments) <= 4 or not question.arguments[2].isascii():
        raise PeerMisbehaves(f"{question.name} with {len(question.arguments)} arguments")
    endpoint, dialled, sequence, *cli = question.arguments
    if not sequence.isdecimal() or len(sequence) > 4:
        raise PeerMisbehaves(f"{question.name} with sequence {sequence[:20]!r}")
    return CallRequest(endpoint, dialled, int(sequence), cli[0] if cli else "", question.uniqueid, question.channel)


def variables_of(outcome: Allowed | Refused) -> Mapping[str, str]:
    """Channel variables of an answer."""
    if isinstance(outcome, Refused):
        return {"BSS_DECISION": REFUSED, "BSS_REASON": outcome.reason.value}
    terms = outcome.terms
    variables = {
        "BSS_DECISION": terms.decision.value,
        "BSS_CALL_REF": outcome.call_ref,
        "BSS_GRANT_S": "" if outcome.granted_s is None else f"{outcome.granted_s - CUT_MARGIN_S:.2f}",
        "BSS_RING_S": str(terms.ring_s),
        "BSS_CLI": terms.cli,
        "BSS_ROUTES": str(len(terms.routes)),
    }
    for index, route in enumerate(terms.routes, start=1):
        variables[f"BSS_DIAL_{index}"] = route.dial
        variables[f"BSS_CARRIER_{index}"] = "" if route.carrier_id is None else str(route.carrier_id)
        variables[f"BSS_GIVE_UP_{index}"] = "" if route.give_up_s is None else str(route.give_up_s)
    return variables
