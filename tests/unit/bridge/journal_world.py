"""One call in the fakes: authorised, then told to the journal event by event."""

from datetime import UTC, datetime, timedelta

from telecom_switch_bridge.ledger_ports import JournalBatch, JournalEvent, JournalPosition
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.observe.metrics import Metrics
from telecom_switch_bridge.services.authorise_call import authorise_call
from telecom_switch_bridge.services.import_journal import ImportJournal
from telecom_switch_bridge.services.known_terms import KnownTerms, RememberTerms
from telecom_switch_bridge.services.live_legs import LiveLegs
from telecom_switch_bridge.services.switch_clock import Reading, SwitchClock

from .fakes import FakeLedger, FakeReservations
from .world import ACME, NOW, RESELLER, demo, request

LEG = "a-1795473519.1"
CALLER = "a-1795473518.0"
REF = f"{CALLER}-1"
ANSWERED = datetime(2026, 11, 23, 22, 38, 41, 250_000, tzinfo=UTC)


class Machine:
    """Both clocks of a machine; `set` moves the one on the wall, `run` lets time go by."""

    def __init__(self):
        self.boot_us, self.offset, self.boot_id = 10**12, 0, "boot-1"
        self.start_us = round(NOW.timestamp()) * 10**6

    def read(self):
        return Reading(self.start_us + self.boot_us - 10**12 + self.offset, self.boot_us, self.boot_id)

    def run(self, seconds):
        self.boot_us += round(seconds * 10**6)

    def set(self, seconds):
        self.offset += round(seconds * 10**6)

    @property
    def now(self):
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=self.read().wall_us)


class World:
    """A ledger with one authorised call of Acme, in the demo or another catalogue."""

    def __init__(self, catalogue=None):
        self.ledger, self.live, self.metrics = FakeLedger(), LiveLegs(), Metrics()
        self.machine = Machine()
        self.clock = SwitchClock(self.machine.read)
        self.clock.look()
        self.known = KnownTerms()
        self.service = ImportJournal(
            node="a",
            ledger=self.ledger,
            live=self.live,
            log=Log("test"),
            metrics=self.metrics,
            clock=self.clock,
            known=self.known,
        )
        self.catalogue = catalogue or demo()
        self.offset = 0

    async def authorise(self, service=authorise_call, asked=None, grant_s=120):
        reservations = FakeReservations({ACME: 20_000_000, RESELLER: 500_000_000})
        known = RememberTerms(reservations, self.known)
        await service(asked or request(), catalogue=self.catalogue, reservations=known, now=NOW, grant_s=grant_s)
        for one in reservations.held.values():
            self.ledger.reserve(one)

    async def journal(self, *events, unreadable=()):
        made = []
        for kind, at, uniqueid, userfield, *more in events:  # more: cause, channel, transfer, linkedid
            cause, channel, transfer, linkedid = (*more, None, None, None, None)[:4]
            self.offset += 100
            made.append(
                JournalEvent(kind, at, uniqueid, linkedid or CALLER, channel or f"PJSIP/x-{uniqueid}", userfield,
                             cause, "f", self.offset, f"line at {self.offset}", transfer)
            )  # fmt: skip
        batch = JournalBatch(tuple(made), tuple(unreadable), JournalPosition("f", self.offset + 100))
        await self.service.take(batch, self.catalogue)

    @property
    def record(self):
        (record,) = self.ledger.records.values()
        return record


def gross(record):
    return [(charge["account_id"], charge["company_id"], charge["gross_micro"]) for charge in record["charges"]]
