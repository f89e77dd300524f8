"""Keeps the catalogue current: reloads what topics name, swaps the whole object by one assignment."""

import asyncio
from collections.abc import Callable, Collection
from datetime import UTC, datetime

import asyncpg

from ..errors import DatabaseAbsent, SetupWrong
from ..observe.log import Log
from .catalogue import LoadedCatalogue
from .database import Database
from .listener import EVERYTHING
from .load_catalogue import CatalogueLoader, check_contract

DEBOUNCE_S = 0.05
"""Topics that come within this time are read together (s)."""

RETRY_S = 1.0

REFRESH_S = 3600
"""Everything is read again this often (s): rates whose time comes are there already, this drops what is over."""


class CurrentCatalogue:
    """`value` is None until the first load; it stays when the database goes away, and `fault` says so."""

    def __init__(
        self, database: Database, log: Log, *, on_change: Callable[[Collection[str]], None] = lambda _: None
    ) -> None:
        self._database = database
        self._loader = CatalogueLoader(database, log)
        self._log = log
        self._on_change = on_change
        self._topics: set[str] = {EVERYTHING}
        self._wake = asyncio.Event()
        self._wake.set()
        self._checked = False
        self.value: LoadedCatalogue | None = None
        self.loaded_at: datetime | None = None
        self.fault: str | None = "not loaded yet"
        self.first_load = asyncio.Event()
        self._down: frozenset[int] = frozenset()

    def mark(self, topic: str) -> None:
        """A topic has changed."""
        self._topics.add(topic)
        if topic == EVERYTHING:
            self._checked = False  # perhaps another database, or other addons
        self._wake.set()

    def trunks_down(self, down: frozenset[int]) -> bool:
        """Trunks that this node finds to be down; also for whatever is loaded later. True when they are others now."""
        changed, self._down = down != self._down, down
        if changed and self.value is not None:
            self.value = self.value.with_parts({"down_trunks": down})
        return changed

    async def run(self) -> None:
        """Reload when marked, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(REFRESH_S):
                    await self._wake.wait()
            except TimeoutError:
                self.mark(EVERYTHING)
            await asyncio.sleep(DEBOUNCE_S)
            self._wake.clear()
            topics, self._topics = self._topics, set()
            if not await self._reload(topics):
                self._topics |= topics
                self._wake.set()
                await asyncio.sleep(RETRY_S)

    async def _reload(self, topics: set[str]) -> bool:
        try:
            if not self._checked:
                await check_contract(self._database)
                self._checked = True
            value = await self._loader.load(self.value, topics)
        except (DatabaseAbsent, SetupWrong, asyncpg.PostgresError) as error:
            if str(error) != self.fault:
                self._log.error("catalogue_not_loaded", error=str(error))
            self.fault = str(error)
            return False
        self.value = value.with_parts({"down_trunks": self._down})
        self.loaded_at, self.fault = datetime.now(UTC), None
        self._log.info("catalogue_loaded", topics=",".join(sorted(topics)), phones=len(value.phone_rows))
        self.first_load.set()
        self._on_change(topics)
        return True
