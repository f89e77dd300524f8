"""Which events of the journal are answers and ends of legs, and which authorisation each leg belongs to."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from ..ledger_ports import JournalEvent, OpenLeg
from .leg_mark import CallMark, SilentMark, read_mark


def marked_events(
    events: Sequence[JournalEvent], opened: Mapping[str, OpenLeg], replaced: Container[str]
) -> list[tuple[JournalEvent, CallMark | SilentMark]]:
    """Answers and ends of legs, in order, each with its leg's mark; `opened`: open legs among those that end.

    A leg's userfield says at its answer what it is. A party that takes the place of a channel which is still dialling
    swaps userfields with it: its own end does not say so any more, and the end of that channel (`replaced`) says it
    falsely. So an open leg is what it was at its answer.
    """
    marked: list[tuple[JournalEvent, CallMark | SilentMark]] = []
    answered = {uniqueid: mark_of(leg) for uniqueid, leg in opened.items()}
    for event in events:
        if event.kind not in {"ANSWER", "HANGUP"}:
            continue
        mark = None if event.uniqueid in replaced else read_mark(event.userfield)
        if event.kind == "HANGUP":
            mark = answered.get(event.uniqueid, mark)
        elif mark is not None:
            answered.setdefault(event.uniqueid, mark)
        if mark is not None:
            marked.append((event, mark))
    return marked


def mark_of(leg: OpenLeg) -> CallMark | SilentMark | None:
    """What an open leg's userfield says, with the call_ref that was found for it."""
    mark = read_mark(leg.userfield)
    return replace(mark, call_ref=leg.call_ref) if isinstance(mark, CallMark) else mark
