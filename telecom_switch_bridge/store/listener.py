"""Listens to `NOTIFY bss_changed` and `bss_live`. A topic is a hint; after every (re)connect everything has changed."""

import asyncio
from collections.abc import Callable

import asyncpg

from ..errors import DatabaseAbsent
from ..observe.log import Log
from .database import CONNECT_TIMEOUT_S, database_errors

CHANNEL = "bss_changed"
LIVE_CHANNEL = "bss_live"
"""Topics `calls` (calls have changed and a page shows them) and `command` (a person asked the switch for something)."""

EVERYTHING = "everything"
"""Topic of our own: nothing that was read before can be relied on."""

PROBE_S = 5.0
"""How often a silent connection is asked whether it lives (s): this is also how soon a dead server is noticed."""

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0)


class Listener:
    """`connected` tells health whether changes arrive at all."""

    def __init__(
        self,
        dsn: str,
        *,
        application: str,
        on_topic: Callable[[str], None],
        on_live: Callable[[str], None] = lambda _: None,
        log: Log,
    ) -> None:
        self._dsn = dsn
        self._application = application
        self._on_topic = on_topic
        self._on_live = on_live
        self._log = log
        self.connected = False

    async def run(self) -> None:
        """Listen until cancelled."""
        failures = 0
        while True:
            try:
                await self._listen()
            except DatabaseAbsent as error:
                level = self._log.warning if self.connected or failures == 0 else self._log.debug
                level("listener_lost", error=str(error))
                failures = 0 if self.connected else failures + 1
            finally:
                self.connected = False
            await asyncio.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])

    async def _listen(self) -> None:
        with database_errors():
            connection = await self._connect()
            try:
                await connection.add_listener(CHANNEL, self._heard)
                await connection.add_listener(LIVE_CHANNEL, self._heard_live)
                self.connected = True
                self._on_topic(EVERYTHING)
                self._on_live(EVERYTHING)
                while True:
                    await asyncio.sleep(PROBE_S)
                    await connection.execute("select 1", timeout=CONNECT_TIMEOUT_S)
            finally:
                connection.terminate()

    async def _connect(self) -> asyncpg.Connection:
        try:
            return await asyncpg.connect(
                self._dsn,
                timeout=CONNECT_TIMEOUT_S,
                server_settings={"application_name": f"{self._application} listener"},
            )
        except asyncpg.PostgresError as error:  # also "not accepting connections" and the like
            raise DatabaseAbsent(f"{type(error).__name__}: {error}") from error

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._on_topic(str(payload))

    def _heard_live(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._on_live(str(payload))
