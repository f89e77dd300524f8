"""What a leg's `CHANNEL(userfield)` says: which authorisation it belongs to, or that the bridge was silent.

Forms: `<call_ref>/<attempt>` dialled leg; `<call_ref>/in` a carrier's own channel;
`silent/<internal|inbound|emergency>/<account>/<number>` set by the dialplan from AstDB when the bridge did not answer;
`silent.<kind>.<account>.<number>/<attempt or in>` the bridge answered but could not store the terms.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from ..ports import CallTerms

INBOUND = "in"

_SILENT_KINDS = "internal|inbound|emergency"
_SILENT = re.compile(rf"silent/(?P<kind>{_SILENT_KINDS})/(?P<account>\d{{0,9}})/(?P<number>[0-9*#+]{{0,32}})", re.ASCII)
_UNSAVED = re.compile(
    rf"silent\.(?P<kind>{_SILENT_KINDS})\.(?P<account>\d{{0,9}})\.(?P<number>\d{{0,32}})/(?P<part>in|\d{{1,2}})",
    re.ASCII,
)
_CALL = re.compile(r"(?P<call_ref>[-A-Za-z0-9._]{3,80}-\d{1,4})/(?P<part>in|\d{1,2})", re.ASCII)
_NOT_DIGITS = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True)
class CallMark:
    """Leg of an authorisation; `attempt` counts from 1, None = the carrier's own channel of an inbound call."""

    call_ref: str
    attempt: int | None


@dataclass(frozen=True, slots=True)
class SilentMark:
    """Leg that went through while the bridge or its database was silent."""

    kind: str
    account_id: int | None
    number: str


@lru_cache(maxsize=4096)
def read_mark(userfield: str) -> CallMark | SilentMark | None:
    """Mark of a leg; None for channels that are not charged: callers, telephones of inbound calls, local ones.

    Kept for a while: a leg says the same at its answer and at its end.
    """
    if match := _CALL.fullmatch(userfield):
        return CallMark(match["call_ref"], None if match["part"] == INBOUND else int(match["part"]))
    match = _SILENT.fullmatch(userfield) or _UNSAVED.fullmatch(userfield)
    if match is None:
        return None
    if match["kind"] == "inbound" and match.groupdict().get("part", INBOUND) != INBOUND:
        return None
    return SilentMark(match["kind"], int(match["account"]) if match["account"] else None, match["number"])


def inbound_ref(call_ref: str) -> str:
    """call_ref of the arriving leg of a call that goes on outside; `call_ref` itself is the outbound leg's."""
    return f"{call_ref}/{INBOUND}"


def outbound_ref(call_ref: str) -> str:
    """call_ref of the leg that goes on outside, from that of the leg on which its call arrived."""
    return call_ref.removesuffix(f"/{INBOUND}")


def caller_uniqueid(call_ref: str) -> str:
    """Channel that asked for a call, by the call's id."""
    return outbound_ref(call_ref).rpartition("-")[0]


def call_refs(mark: CallMark) -> tuple[str, ...]:
    """Under which call_ref the leg's terms lie: the first of these that there is."""
    return (inbound_ref(mark.call_ref), mark.call_ref) if mark.attempt is None else (mark.call_ref,)


def unsaved_call_ref(terms: CallTerms) -> str:
    """call_ref that carries what the record needs, for a free call whose terms could not be stored."""
    number = _NOT_DIGITS.sub("", terms.e164 or terms.dialled)
    return f"silent.{terms.direction}.{terms.account_id or ''}.{number}"
