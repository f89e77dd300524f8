"""Connections to PostgreSQL: a small pool that heals by itself, and one name for everything that is wrong with it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from time import monotonic
from typing import Any

import asyncpg
import orjson

from ..errors import DatabaseAbsent

POOL_SIZE = 6
"""Connections of one bridge: authorise, extend, journal, catalogue, sweep, heartbeat."""

CONNECT_TIMEOUT_S = 3.0
STATEMENT_TIMEOUT_S = 15.0
"""Longest statement of the background (s); the telephone's questions have their own, shorter one."""

PAUSE_AFTER_FAILURE_S = 0.5
"""After a failed connection nobody tries again for this long (s): callers hear "unavailable" at once."""

_JSONB_VERSION = b"\x01"
"""First byte of the binary form of jsonb; its text follows."""

_ABSENT = (
    OSError,
    TimeoutError,
    asyncio.IncompleteReadError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server ended the connection while a statement was being sent
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.InvalidAuthorizationSpecificationError,
    asyncpg.exceptions.InvalidCatalogNameError,
    asyncpg.exceptions.TransactionRollbackError,
)


class Database:
    """Pool of connections; everything raises DatabaseAbsent when PostgreSQL is away."""

    def __init__(self, dsn: str, *, application: str) -> None:
        self._dsn = dsn
        self._application = application
        self._pool: asyncpg.Pool | None = None
        self.connections = 0
        """Connections that were made so far; another one may lead to another server, that took over."""

        self._failed_at = -PAUSE_AFTER_FAILURE_S
        self._starting = asyncio.Lock()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection of the pool, given back at the end of the block."""
        with database_errors():
            pool = await self._started_pool()
            try:
                connection = await pool.acquire(timeout=CONNECT_TIMEOUT_S)
            except (asyncpg.PostgresError, *_ABSENT) as error:
                self._failed_at = monotonic()
                raise DatabaseAbsent(f"{type(error).__name__}: {error}") from error
            try:
                yield connection
            finally:
                if connection.is_closed():  # the server went, and with it the others: who tries again needs a new one
                    await pool.expire_connections()
                await pool.release(connection, timeout=CONNECT_TIMEOUT_S)

    async def fetch(self, statement: str, *values: Any, timeout_s: float = STATEMENT_TIMEOUT_S) -> list[Any]:
        """Rows of one statement."""
        async with self.connection() as connection:
            return list(await connection.fetch(statement, *values, timeout=timeout_s))

    async def close(self) -> None:
        """Give all connections back; what still runs is cut off after a second."""
        if self._pool is None:
            return
        try:
            async with asyncio.timeout(1):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    async def _prepare(self, connection: asyncpg.Connection) -> None:
        self.connections += 1
        await prepare_connection(connection)

    async def _started_pool(self) -> asyncpg.Pool:
        if monotonic() - self._failed_at < PAUSE_AFTER_FAILURE_S:
            raise DatabaseAbsent("the last attempt to connect has just failed")
        async with self._starting:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._dsn,
                    min_size=0,
                    max_size=POOL_SIZE,
                    init=self._prepare,
                    reset=_keep_as_is,
                    timeout=CONNECT_TIMEOUT_S,
                    command_timeout=STATEMENT_TIMEOUT_S,
                    server_settings={"application_name": self._application},
                )
        return self._pool


@contextmanager
def database_errors() -> Iterator[None]:
    """Give everything that means "PostgreSQL is away" one name; faults in data or SQL pass through."""
    try:
        yield
    except _ABSENT as error:
        raise DatabaseAbsent(f"{type(error).__name__}: {error}") from error


async def prepare_connection(connection: asyncpg.Connection) -> None:
    """jsonb values are Python values on both sides."""
    await connection.set_type_codec("jsonb", encoder=_dumps, decoder=_loads, schema="pg_catalog", format="binary")


async def _keep_as_is(_: asyncpg.Connection) -> None:
    """No statement of ours leaves anything behind in a session: the usual round trip to clean it up is saved."""


def _dumps(value: Any) -> bytes:
    """A value as jsonb is sent, instants as ISO 8601. What orjson does not take, as numbers beyond 64 bits, PostgreSQL
    judges."""
    try:
        return _JSONB_VERSION + orjson.dumps(value)
    except orjson.JSONEncodeError:
        return _JSONB_VERSION + json.dumps(value, separators=(",", ":"), default=datetime.isoformat).encode()


def _loads(sent: bytes) -> Any:
    return orjson.loads(sent[len(_JSONB_VERSION) :])
