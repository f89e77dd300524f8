"""What transfers in a batch of the leg journal change: who transferred whom, and who waits for an answer for whom.

A party that takes the place of a channel which is still dialling keeps its own unique id; the dialling channel ends.
What was set aside for the call that it dials must not be given back with that end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ..ledger_ports import Channel, JournalEvent, LedgerTransaction, OpenLeg
from ..ports import Catalogue


@dataclass(slots=True)
class Heir:
    """The party that took a channel's place, in which call, and when."""

    channel: Channel
    linkedid: str
    at: datetime


@dataclass(slots=True)
class Transfers:
    """`notes`: who transferred a leg, in words, by leg; `calls`: the call of which a leg is part now, by leg.

    `heirs`: who took a channel's place, by channel.
    """

    notes: dict[str, list[str]] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    heirs: dict[str, Heir] = field(default_factory=dict)

    def by(self, leg_uniqueid: str) -> str:
        """Note for a leg's record; empty when nobody transferred it in this batch."""
        return ", ".join(self.notes.get(leg_uniqueid, ()))

    def call_of(self, event: JournalEvent, opened: OpenLeg | None) -> str:
        """The linkedid that ties a leg to the others of its call, also when the switch did not pass it on."""
        kept = opened.linkedid if opened is not None and opened.transferred_by else event.linkedid
        linkedid = self.calls.get(event.uniqueid, kept)
        return self.heirs[linkedid].linkedid if linkedid in self.heirs else linkedid

    def heirs_at(self) -> Iterator[tuple[str, datetime]]:
        """Legs whose limit was lost with the place that they left, and when."""
        return ((heir.channel.uniqueid, heir.at) for heir in self.heirs.values())

    async def store(self, transaction: LedgerTransaction) -> None:
        """Write all of it for what is still open."""
        for leg_uniqueid, linkedid in self.calls.items():
            await transaction.note_transfer(leg_uniqueid, self.by(leg_uniqueid), linkedid)
        for replaced, heir in self.heirs.items():
            await transaction.move_caller(replaced, heir.channel, heir.linkedid)


def read_transfers(events: Sequence[JournalEvent], catalogue: Catalogue | None) -> Transfers:
    """All transfers of a batch, before its other events: a channel may end a line before the transfer that ends it."""
    found = Transfers()
    for event in events:
        if event.transfer is None:
            continue
        for party in event.transfer.parties:
            found.notes.setdefault(party.uniqueid, []).append(f"transferred by {_telephone(event.channel, catalogue)}")
            found.calls[party.uniqueid] = event.linkedid
        if event.transfer.heir is not None:
            found.heirs[event.transfer.replaced] = Heir(event.transfer.heir, event.linkedid, event.at)
    return found


def _telephone(channel: str, catalogue: Catalogue | None) -> str:
    """Extension of the telephone of a channel `PJSIP/<endpoint>-<8 digits>`; its SIP user name when it is unknown."""
    endpoint = channel.partition("/")[2].rpartition("-")[0]
    phone = catalogue.phone(endpoint) if catalogue is not None else None
    return phone.extension if phone is not None else endpoint
