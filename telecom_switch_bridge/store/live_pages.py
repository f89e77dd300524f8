"""Tells open pages that calls have changed, seldom and beside the calls: no question of a telephone waits for it."""

import asyncio

import asyncpg

from .database import CONNECT_TIMEOUT_S, STATEMENT_TIMEOUT_S, Database, database_errors
from .queries import query

WEB_DATABASE = "postgres"
"""Odoo's web servers listen for `imbus` in this database of the server, whatever the name of their own."""

PAUSE_S = 0.5
"""After a message (s): changes of this time go into one message."""


class LivePages:
    """`changed` is the hint of NOTIFY that something is to be told; `tell` does it."""

    def __init__(self, dsn: str, database: Database, *, application: str) -> None:
        self._dsn = dsn
        self._database = database
        self._application = application
        self._connection: asyncpg.Connection | None = None
        self._has_changed = False

    def changed(self) -> None:
        """Calls have changed while a page is open."""
        self._has_changed = True

    async def tell(self) -> None:
        """Send one message for all changes so far; raises DatabaseAbsent, then pages find out by asking."""
        if not self._has_changed:
            return
        self._has_changed = False
        rows = await self._database.fetch(query("publish_live"))
        with database_errors():
            connection = await self._connected()
            await connection.execute(query("notify_pages"), rows[0][0], timeout=STATEMENT_TIMEOUT_S)
        await asyncio.sleep(PAUSE_S)

    async def close(self) -> None:
        """Cut the connection."""
        if self._connection is not None:
            self._connection.terminate()

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._dsn,
                database=WEB_DATABASE,
                timeout=CONNECT_TIMEOUT_S,
                server_settings={"application_name": f"{self._application} pages"},
            )
        return self._connection
