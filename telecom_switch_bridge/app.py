"""The daemon: the only place where its parts are wired together, and the order in which they start and stop."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .agi.handlers.decide import Decide, Service
from .agi.handlers.questions import services_by_question
from .agi.server import AgiServer
from .ami.attempts import attempt_of
from .ami.client import AmiClient
from .ami.switch import AmiSwitch
from .app_switch import TRUNKS_EVERY_S, wire_refresh, wire_trunks
from .ari.client import AriClient
from .ari.whisper import AriWhisperer
from .config import MIB, Settings
from .errors import DatabaseAbsent, SetupWrong, SwitchAbsent
from .journal.importer import JournalImporter, read_line
from .journal.room import JournalRoom
from .observe.clocks import read_clocks
from .observe.health import health_page, own_version
from .observe.http import ObserveServer
from .observe.log import Log
from .observe.metrics import Metrics
from .observe.names import declare_counters, declare_gauges
from .services.call_rates import CallRates
from .services.extend_grants import ExtendGrants
from .services.give_up_dead import GiveUpDead
from .services.hold_back import HoldBack
from .services.import_journal import ImportJournal
from .services.known_terms import KnownTerms, RememberTerms
from .services.live_legs import LiveLegs
from .services.obey_commands import ObeyCommands
from .services.read_again import ReadAgain
from .services.sweep import Sweep
from .services.switch_clock import Reading, SwitchClock
from .services.switch_life import SwitchLife
from .services.warn_cut_off import ROUND_S as WARN_EVERY_S
from .services.warn_cut_off import WarnCutOff
from .services.watch_switch import WatchSwitch
from .store.commands import StoredCommands
from .store.current_catalogue import CurrentCatalogue
from .store.database import Database
from .store.ledger import StoredLedger
from .store.listener import EVERYTHING, Listener
from .store.live_pages import LivePages
from .store.nodes import NodeRow
from .store.price_terms import PriceTerms
from .store.reservations import StoredReservations
from .tasks import Tasks, wake

EXTEND_EVERY_S = 0.5
HEARTBEAT_EVERY_S = 5.0
SWEEP_EVERY_S = 30.0
SWEEP_AGAIN_S = 2.0
"""When a round has suspects (s): they are ended by the next one, if they are still gone."""

COMMANDS_EVERY_S = 5.0
"""Commands come at once by NOTIFY; so often (s) those are looked for that could not be carried out then."""

SWEEP_IN_TROUBLE_S = 1.0
"""While the journal may lose lines (s): a leg whose HANGUP is lost ends at most so much before it did."""

WATCH_EVERY_S = 0.2
"""How often the clock and the journal's volume are looked at (s)."""

PAGES_EVERY_S = 60.0

START_RETRY_S = 1.0

ARI_APP = "bss-bridge"
"""Our application in Asterisk; each node has an Asterisk and a bridge of its own."""

AGI_GRACE_S = 1.5
WARN_GRACE_S = 0.5
JOURNAL_GRACE_S = 1.5
"""At the end: time for questions, warnings and for the batch in work (s); a clean stop takes less than 5 s."""


class App:
    """One bridge."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._started_at = datetime.now(UTC)
        self._version = own_version()
        self._metrics = Metrics()
        declare_counters(self._metrics)
        self._log = Log("app")
        self._tasks = Tasks(self._log, self._metrics)
        self._stopping = asyncio.Event()
        self._fatal: SetupWrong | None = None
        self._sweep_now: asyncio.Event | None = None
        self._beat_now: asyncio.Event | None = None
        self._obey_now: asyncio.Event | None = None
        self._tell_now: asyncio.Event | None = None
        self._wire_store()
        self._wire_switch()
        self._wire_services()
        self._observe = ObserveServer(self._metrics, self._health)
        self._declare_gauges()

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; SetupWrong or OSError when an address cannot be served."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        await self._observe.start(self._settings.metrics.host, self._settings.metrics.port)
        self._log.info("bridge_starting", node=self._settings.node, version=self._version)
        self._tasks.keep("listener", self._listener.run)
        self._tasks.keep("catalogue", self._catalogue.run)
        self._tasks.keep("start", self._start_serving)
        await self._stopping.wait()
        await self._stop()
        if self._fatal is not None:
            raise self._fatal

    def _wire_store(self) -> None:
        settings = self._settings
        application = f"bss-bridge {settings.node}"
        self._database = Database(settings.dsn, application=application)
        self._catalogue = CurrentCatalogue(self._database, Log("catalogue"), on_change=self._catalogue_changed)
        self._listener = Listener(
            settings.dsn,
            application=application,
            on_topic=self._catalogue.mark,
            on_live=self._heard_live,
            log=Log("listener"),
        )
        self._pages = LivePages(settings.dsn, self._database, application=application)
        self._room = JournalRoom(settings.journal_path, settings.room)
        terms = PriceTerms(self._database)
        self._stored = StoredReservations(self._database, node=settings.node, log=Log("reserve"), terms=terms)
        self._known = KnownTerms()
        self._reservations = HoldBack(RememberTerms(self._stored, self._known), lambda: self._room.is_full)
        self._ledger = StoredLedger(self._database, node=settings.node, terms=terms)
        self._node = NodeRow(self._database, node=settings.node, version=self._version, started_at=self._started_at)

    def _wire_switch(self) -> None:
        self._life = SwitchLife()
        self._ami = AmiClient(
            self._settings.ami,
            log=Log("ami"),
            on_connect=self._switch_connected,
            on_user_event=self._dialplan_told,
        )
        self._switch = AmiSwitch(self._ami)
        self._dead = GiveUpDead(switch=self._switch, log=Log("attempt"), metrics=self._metrics)
        self._ari = AriClient(self._settings.ari, app=ARI_APP, log=Log("ari"))
        self._trunks = wire_trunks(
            self._ami,
            self._database,
            self._settings.node,
            self._catalogue,
            on_down=lambda: self._refresh.mark({"route"}),
        )
        self._refresh = wire_refresh(self._ami, self._database, self._catalogue, self._trunks)

    def _wire_services(self) -> None:
        grants = self._settings.grants
        self._live = LiveLegs()
        self._clock = SwitchClock(lambda: Reading(*read_clocks()))
        service = ImportJournal(
            node=self._settings.node,
            ledger=self._ledger,
            live=self._live,
            log=Log("settle"),
            metrics=self._metrics,
            clock=self._clock,
            known=self._known,
        )
        self._import = service
        self._journal = JournalImporter(
            self._settings.journal_path,
            service,
            catalogue=lambda: self._catalogue.value,
            log=Log("journal"),
            rotation=self._settings.rotation,
        )
        self._extend = ExtendGrants(
            self._live,
            reservations=self._reservations,
            switch=self._switch,
            log=Log("extend"),
            slice_s=grants.default_s,
            extend_below_s=grants.extend_below_s,
        )
        self._warn = WarnCutOff(
            self._live,
            whisperer=AriWhisperer(self._ari),
            switch=self._switch,
            log=Log("warn"),
            metrics=self._metrics,
        )
        self._sweep = Sweep(
            ledger=self._ledger,
            switch=self._switch,
            journal=service,
            journal_caught_up=self._journal.caught_up,
            life=self._life,
            clock=self._clock,
            live=self._live,
            log=Log("sweep"),
            metrics=self._metrics,
        )
        self._watch = WatchSwitch(
            clock=self._clock,
            room=self._room,
            tell=(self._live, self._life, self._sweep),
            ledger=self._ledger,
            log=Log("watch"),
            metrics=self._metrics,
        )
        self._again = ReadAgain(ledger=self._ledger, journal=service, read=read_line, log=Log("again"))
        self._obey = ObeyCommands(
            StoredCommands(self._database, node=self._settings.node), switch=self._switch, log=Log("command")
        )
        services = services_by_question(CallRates())
        handlers = {question: self._decide(service) for question, service in services.items()}
        self._agi = AgiServer(handlers, log=Log("agi"), metrics=self._metrics)

    def _decide(self, service: Service) -> Decide:
        return Decide(
            service,
            catalogue=lambda: self._catalogue.value,
            reservations=self._reservations,
            grant_s=self._settings.grants.default_s,
            log=Log("call"),
            metrics=self._metrics,
            tell_again=self._live.tell_again,
        )

    def _health(self) -> tuple[bool, dict[str, Any]]:
        return health_page(
            node=self._settings.node,
            version=self._version,
            parts={
                "database": self._listener.connected,
                "catalogue": self._catalogue.value is not None and self._catalogue.fault is None,
                "agi": self._agi.is_serving,
                "ami": self._ami.connected,
                "journal_volume": not self._room.is_full,
            },
            helpers={"ari": self._ari.connected},
            catalogue_loaded_at=self._catalogue.loaded_at,
            catalogue_fault=self._catalogue.fault,
            journal_lag_bytes=self._journal.lag_bytes,
            live_legs=len(self._live),
            alarms=self._watch.alarms(),
            now=datetime.now(UTC),
        )

    def _declare_gauges(self) -> None:
        declare_gauges(
            self._metrics,
            {
                "bss_live_legs": lambda: len(self._live),
                "bss_journal_lag_bytes": lambda: self._journal.lag_bytes,
                "bss_journal_free_bytes": lambda: self._room.free_bytes,
                "bss_ami_connected": lambda: self._ami.connected,
                "bss_ari_connected": lambda: self._ari.connected,
                "bss_database_connected": lambda: self._listener.connected,
            },
        )

    async def _start_serving(self) -> None:
        """What needs the database once: then calls are answered, also when it goes away later."""
        looking = asyncio.create_task(self._look_at_clock())
        await self._catalogue.first_load.wait()
        stored = await self._once_there(self._node.last_info)
        looking.cancel()
        self._life.restore(stored)
        self._clock.restore(stored.get("clock"))
        await self._watch.run_once()
        self._journal.resume(await self._once_there(self._ledger.load_position))
        await self._once_there(self._import.watch_open_legs)
        if not await self._open_door():
            return
        self._tasks.keep("journal", self._journal.run)
        self._tasks.keep("ami", self._ami.run)
        self._tasks.keep("ari", self._ari.run)
        self._tasks.keep("refresh", self._refresh.run)
        self._tasks.every("watch", WATCH_EVERY_S, self._watch_once)
        self._tasks.every("extend", EXTEND_EVERY_S, lambda: self._extend.run_once(datetime.now(UTC)))
        self._tasks.every("warn", WARN_EVERY_S, lambda: self._warn.run_once(datetime.now(UTC)))
        self._beat_now = self._tasks.every("heartbeat", HEARTBEAT_EVERY_S, self._beat)
        self._obey_now = self._tasks.every("obey", COMMANDS_EVERY_S, self._obey_once)
        self._tell_now = self._tasks.every("pages", PAGES_EVERY_S, self._pages.tell)
        self._tasks.every("trunks", TRUNKS_EVERY_S, lambda: self._trunks.run_once(datetime.now(UTC)))
        self._sweep_now = self._tasks.every("sweep", SWEEP_EVERY_S, self._sweep_once)
        self._log.info("bridge_serving", agi=f"{self._settings.agi.host}:{self._agi.port}")

    async def _once_there(self, read: Callable[[], Awaitable[Any]]) -> Any:
        """What the database answers as soon as it is there."""
        while True:
            try:
                return await read()
            except DatabaseAbsent as error:
                self._log.warning("start_waits", error=str(error))
                await asyncio.sleep(START_RETRY_S)

    async def _open_door(self) -> bool:
        """Accept questions; an address that cannot be had is the end: another bridge may serve there."""
        address = self._settings.agi
        try:
            await self._agi.start(address.host, address.port)
        except OSError as error:
            self._fatal = SetupWrong(f"agi {address.host}:{address.port} cannot be served: {error.strerror}")
            self._stopping.set()
            return False
        return True

    async def _stop(self) -> None:
        """Accept nothing new, finish what is in work, then close."""
        self._log.info("bridge_stopping")
        await self._agi.stop(AGI_GRACE_S)
        await self._warn.stop(WARN_GRACE_S)
        self._dead.stop()
        self._journal.stop()
        await self._tasks.finish("journal", JOURNAL_GRACE_S)
        await self._tasks.cancel_all()
        await self._observe.stop()
        await self._pages.close()
        await self._database.close()
        self._log.info("bridge_stopped")

    def _catalogue_changed(self, topics: Any) -> None:
        self._refresh.mark(topics)

    def _heard_live(self, topic: str) -> None:
        """A change of calls that open pages show, or a command; after a reconnect it may have been both."""
        if topic != "command":
            self._pages.changed()
        wake(self._obey_now if topic == "command" else self._tell_now)

    async def _look_at_clock(self) -> None:
        """Until the database has told what the last bridge saw: the clock may be set meanwhile, more than once."""
        while True:
            self._clock.look()
            await asyncio.sleep(WATCH_EVERY_S)

    def _now(self) -> datetime:
        """The wall clock, for what is kept: if it was set since the last look, everything kept is told in it first."""
        self._watch.look_at_clock()
        return datetime.now(UTC)

    async def _switch_connected(self, start: str, uptime_s: float) -> None:
        now = self._now()
        began_at = now - timedelta(seconds=uptime_s)  # in the clock that held then: Asterisk counts by the wall clock
        self._life.connected(start, began_at + self._clock.moved(self._clock.stamp(began_at)), now)
        self._refresh.mark({EVERYTHING})
        wake(self._sweep_now, self._beat_now)

    def _dialplan_told(self, event: Mapping[str, str]) -> None:
        attempt = attempt_of(event)
        if attempt is not None:
            self._dead.attempt_began(*attempt)

    async def _beat(self) -> None:
        if self._ami.connected:
            asked_at = self._now()  # not when the answer is read: this process may have been stopped in between
            try:
                await self._switch.ping()
                self._life.seen(asked_at)
            except SwitchAbsent as error:
                self._log.warning("switch_silent", error=str(error))
        await self._node.beat(
            {
                **self._life.to_json(),
                "clock": self._clock.to_json(),
                "live_legs": len(self._live),
                "grant_s": self._settings.grants.default_s,
                "journal_free_mb": self._room.free_bytes // MIB,
                "alarms": self._watch.alarms(),
            }
        )

    async def _watch_once(self) -> None:
        """The clock and the journal's volume; what has changed has to be looked at by the sweeper at once."""
        if await self._watch.run_once():
            wake(self._sweep_now, self._beat_now)  # a bridge that comes after this one has to know the clock, too

    async def _obey_once(self) -> None:
        await self._obey.run_once()
        await self._again.run_once(self._catalogue.value)

    async def _sweep_once(self) -> None:
        if not self._ami.connected:
            return
        await self._sweep.run_once(self._now(), self._catalogue.value)
        pause_s = SWEEP_IN_TROUBLE_S if self._room.may_lose_lines else SWEEP_AGAIN_S
        if (self._sweep.is_unsure or self._room.may_lose_lines) and self._sweep_now is not None:
            asyncio.get_running_loop().call_later(pause_s, self._sweep_now.set)
