"""Answers as channel variables; what each means stands beside its name in `dialplan_names`."""

from collections.abc import Mapping

from ..errors import PeerMisbehaves
from ..ports import Allowed, CallRequest, Refused
from ..services.live_legs import CUT_MARGIN_S
from .protocol import Question

REFUSED = "refused"

MAX_ARGUMENTS = 6
"""The four that every question has, and two of its own."""


def request_of(question: Question) -> CallRequest:
    """Arguments of every question: endpoint, dialled, sequence, calling number; then its own. Last may be missing."""
    if not 3 <= len(question.arguments) <= MAX_ARGUMENTS or not question.arguments[2].isascii():
        raise PeerMisbehaves(f"{question.name} with {len(question.arguments)} arguments")
    endpoint, dialled, sequence, *more = question.arguments
    if not sequence.isdecimal() or len(sequence) > 4:
        raise PeerMisbehaves(f"{question.name} with sequence {sequence[:20]!r}")
    cli, said = (more[0], tuple(text for text in more[1:] if text)) if more else ("", ())
    return CallRequest(endpoint, dialled, int(sequence), cli, question.uniqueid, question.channel, said)


def variables_of(outcome: Allowed | Refused) -> Mapping[str, str]:
    """Channel variables of an answer."""
    if isinstance(outcome, Refused):
        return {"BSS_DECISION": REFUSED, "BSS_REASON": outcome.reason.value}
    terms = outcome.terms
    variables = {
        "BSS_DECISION": terms.decision.value,
        **({"BSS_CALL_REF": outcome.call_ref} if outcome.call_ref else {}),
        "BSS_GRANT_S": "" if outcome.granted_s is None else f"{outcome.granted_s - CUT_MARGIN_S:.2f}",
        "BSS_RING_S": str(terms.ring_s),
        "BSS_CLI": terms.cli,
        "BSS_ROUTES": str(len(terms.routes)),
    }
    if terms.ringing.path:
        variables["BSS_PATH"] = terms.ringing.path
    if terms.ringing.screen:
        variables["BSS_SCREEN"] = terms.ringing.screen
    if terms.ringing.hunt:
        variables["BSS_HUNT"] = "1"
    for index, route in enumerate(terms.routes, start=1):
        variables[f"BSS_DIAL_{index}"] = route.dial
        variables[f"BSS_CARRIER_{index}"] = "" if route.carrier_id is None else str(route.carrier_id)
        variables[f"BSS_CLI_{index}"] = route.cli or ""  # also when empty: the answer before may have had one
        variables[f"BSS_GIVE_UP_{index}"] = "" if route.give_up_s is None else str(route.give_up_s)
    return variables
