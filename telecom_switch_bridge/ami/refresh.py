"""Makes changes live in Asterisk: PJSIP objects are read again, the routing extract is brought up to date."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from time import monotonic

from ..errors import BridgeError, DatabaseAbsent
from ..observe.log import Log
from .astdb import AstDb, Entries
from .client import AmiClient

CACHES = ("res_pjsip/endpoint", "res_pjsip/auth", "res_pjsip/aor", "res_pjsip/identify")

PJSIP_TOPICS = frozenset({"phone", "trunk", "everything"})
EXTRACT_TOPICS = PJSIP_TOPICS | {"number", "account", "numbering", "carrier", "route"}

POPULATE_EVERY_S = 2.0
"""Least time between two re-readings of all PJSIP objects (s): 5,000 endpoints take 1.5 s (asterisk-facts 4)."""

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
        log: Log,
    ) -> None:
        self._client = client
        self._astdb = astdb
        self._extract = extract
        self._database_answers = database_answers
        self._log = log
        self._populate = True
        self._synchronise = True
        self._wake = asyncio.Event()
        self._populated_at = -POPULATE_EVERY_S
        self._refusals = 0

    def mark(self, topics: Collection[str]) -> None:
        """Something has changed in the catalogue, or Asterisk has come back ("everything")."""
        self._populate = self._populate or not PJSIP_TOPICS.isdisjoint(topics)
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
        for cache in CACHES:
            answer = await self._client.action("SorceryMemoryCachePopulate", Cache=cache)
            if answer.get("Response") != "Success":
                self._refused(cache, answer.get("Message", ""))
                return
        self._refusals = 0
        self._log.info("pjsip_populated")

    def _refused(self, cache: str, message: str) -> None:
        """A module of Asterisk may still be starting: try again some times."""
        self._refusals += 1
        self._log.warning("populate_refused", cache=cache, message=message, times=self._refusals)
        if self._refusals <= MAX_REFUSALS:
            self._populate = True
            self._wake.set()
