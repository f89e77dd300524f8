"""Makes changes live in Asterisk: PJSIP objects are read again, the routing extract is brought up to date."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from time import monotonic

from ..errors import BridgeError, DatabaseAbsent
from ..observe.log import Log
from .astdb import AstDb, Entries
from .client import AmiClient

CACHES = (
    *("res_pjsip/endpoint", "res_pjsip/auth", "res_pjsip/aor", "res_pjsip/identify"),
    "res_pjsip/registration",
)

RELOADED = ("res_pjsip.so", "res_pjsip_outbound_registration.so")
"""What looks at trunks by itself (OPTIONS, log-ins) and learns of new, changed and removed ones by a reload only."""

PJSIP_TOPICS = frozenset({"phone", "trunk", "everything"})
TRUNK_TOPICS = frozenset({"trunk", "everything"})
EXTRACT_TOPICS = PJSIP_TOPICS | {"number", "account", "numbering", "carrier", "route"}

POPULATE_EVERY_S = 2.0
"""Least time between two re-readings of all PJSIP objects (s): 5,000 endpoints take 1.5 s (asterisk-facts 4)."""

LOG_OUT_S = 1.0
"""Time for carriers to challenge and accept a log-out, which takes the password that is forgotten then (s)."""

RETRY_S = 2.0

MAX_REFUSALS = 5
"""Times in a row that a refused populate is tried again; then the next change of a telephone does."""


class SwitchRefresh:
    """Marked by topics; works in the background, one round at a time."""

    def __init__(
        self,
        client: AmiClient,
        astdb: AstDb,
        *,
        extract: Callable[[], Entries | None],
        database_answers: Callable[[], Awaitable[None]],
        trunks_leave: Callable[[], Awaitable[bool]],
        trunks_read: Callable[[], Awaitable[None]],
        log: Log,
    ) -> None:
        self._client = client
        self._astdb = astdb
        self._extract = extract
        self._database_answers = database_answers
        self._trunks_leave = trunks_leave
        self._trunks_read = trunks_read
        self._log = log
        self._populate = True
        self._reload = True
        self._synchronise = True
        self._wake = asyncio.Event()
        self._populated_at = -POPULATE_EVERY_S
        self._refusals = 0

    def mark(self, topics: Collection[str]) -> None:
        """Something has changed in the catalogue, or Asterisk has come back ("everything")."""
        self._populate = self._populate or not PJSIP_TOPICS.isdisjoint(topics)
        self._reload = self._reload or not TRUNK_TOPICS.isdisjoint(topics)
        self._synchronise = self._synchronise or not EXTRACT_TOPICS.isdisjoint(topics)
        self._wake.set()

    async def run(self) -> None:
        """Bring Asterisk up to date when marked, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._round()
            except BridgeError as error:
                self._log.debug("refresh_waits", error=str(error))
                await asyncio.sleep(RETRY_S)
                self._wake.set()

    async def _round(self) -> None:
        if not self._client.connected:
            return  # the connection marks everything when it is back
        if self._populate:
            await asyncio.sleep(max(0.0, self._populated_at + POPULATE_EVERY_S - monotonic()))
            self._populate = False
            try:
                await self._populate_caches()
            except BridgeError:
                self._populate = True
                raise
        if self._synchronise and (entries := self._extract()) is not None:
            self._synchronise = False
            try:
                await self._astdb.synchronise(entries)
            except BridgeError:
                self._synchronise = True
                raise

    async def _populate_caches(self) -> None:
        """Read all PJSIP objects again; never while PostgreSQL is away, that would empty the caches."""
        self._populated_at = monotonic()
        try:
            await self._database_answers()
        except DatabaseAbsent as error:
            self._log.warning("populate_postponed", error=str(error))
            raise
        if self._reload and await self._trunks_leave():
            await asyncio.sleep(LOG_OUT_S)
        for cache in CACHES:
            answer = await self._client.action("SorceryMemoryCachePopulate", Cache=cache)
            if answer.get("Response") != "Success":
                self._refused(cache, answer.get("Message", ""))
                return
        self._refusals = 0
        self._log.info("pjsip_populated")
        if self._reload:
            await self._reload_trunks()

    async def _reload_trunks(self) -> None:
        """Let Asterisk ask and register by the trunks that are in its cache now."""
        self._reload = False
        try:
            for module in RELOADED:
                answer = await self._client.action("ModuleLoad", Module=module, LoadType="reload")
                if answer.get("Response") != "Success":
                    self._log.warning("reload_refused", module=module, message=answer.get("Message", ""))
            await self._trunks_read()
        except BridgeError:
            self._reload = True
            raise
        self._log.info("trunks_read")

    def _refused(self, cache: str, message: str) -> None:
        """A module of Asterisk may still be starting: try again some times."""
        self._refusals += 1
        self._log.warning("populate_refused", cache=cache, message=message, times=self._refusals)
        if self._refusals <= MAX_REFUSALS:
            self._populate = True
            self._wake.set()
