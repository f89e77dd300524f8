"""The database of the story: one connection, a transaction a day, in which the clock of the books is the story's."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg

from telecom_switch_bridge.store.database import prepare_connection
from telecom_switch_bridge.store.price_terms import PriceTerms
from telecom_switch_bridge.store.queries import query

NODE = "demo"
SETTING = "telecom_demo.at"
CLOCKS = (("telecom_wallet_entry", "posted_at"), ("telecom_call_record", "settled_at"))
"""Instants that PostgreSQL gives by itself when a row is inserted; in a month of the past they are the story's."""

BALANCES = "select account_id, balance_micro from telecom_wallet where account_id = any ($1::integer[])"
SETTLE = "select telecom_call_settle($1::jsonb)"
POST = "select telecom_wallet_post($1, 'topup', $2, $3, $4, null)"
LAST = "select max((terms ->> 'authorised_at')::timestamptz) from telecom_call_record where node = $1"
MONTHS = "select telecom_call_ensure_partitions($1::date, 3)"
FOLD = "select telecom_carrier_ledger_fold()"


class Books:
    """What the story reads and writes.

    `connection`, `fetch` and `connections` are those of the bridge's `Database`, for the bridge's own classes.
    """

    connections = 1

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.terms = PriceTerms(self)  # type: ignore[arg-type]  # these are all that is asked of it
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def day(self) -> AsyncIterator[None]:
        """A transaction in which the clock can be set; at its end the clock is PostgreSQL's again."""
        async with self._connection.transaction():
            for table, column in CLOCKS:
                told = f"coalesce(nullif(current_setting('{SETTING}', true), '')::timestamptz, now())"
                await self._connection.execute(f"alter table {table} alter {column} set default {told}")
            yield
            for table, column in CLOCKS:
                await self._connection.execute(f"alter table {table} alter {column} set default now()")

    async def set_clock(self, at: datetime) -> None:
        """Rows that are inserted from here on in this transaction were inserted at this instant."""
        await self._connection.execute("select set_config($1, $2, true)", SETTING, at.isoformat())

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """The only connection, for one user at a time."""
        async with self._one_at_a_time:
            yield self._connection

    async def fetch(self, statement: str, *values: Any, timeout_s: float | None = None) -> list[Any]:
        """Rows of one statement."""
        async with self.connection() as connection:
            return list(await connection.fetch(statement, *values, timeout=timeout_s))

    async def settle(self, legs: Sequence[dict[str, Any]]) -> None:
        """Charge legs that have ended."""
        async with self.connection() as connection:
            await connection.fetch(SETTLE, await self.terms.legs(connection, legs))

    async def release(self, call_refs: Sequence[str]) -> None:
        """Give back what calls hold that nobody answered."""
        await self.fetch(query("release"), list(call_refs))

    async def balances(self, account_ids: Sequence[int]) -> dict[int, int]:
        """Balance of accounts, in micro units."""
        return {row[0]: row[1] for row in await self.fetch(BALANCES, list(account_ids))}

    async def pay(self, account_id: int, amount_micro: int, key: str, reference: str) -> None:
        """Money that comes in."""
        await self.fetch(POST, account_id, amount_micro, key, reference)

    async def last_call(self) -> datetime | None:
        """When the last call of the story that is in the books was asked for."""
        found: datetime | None = (await self.fetch(LAST, NODE))[0][0]
        return found

    async def prepare_months(self, first: datetime) -> None:
        """Partitions from the month of an instant on."""
        await self.fetch(MONTHS, first.date())

    async def fold_ledger(self) -> None:
        """Put the carrier ledger's lines of each day together, as the hourly action does."""
        await self.fetch(FOLD)


@asynccontextmanager
async def open_books(dsn: str) -> AsyncIterator[Books]:
    """Books on a connection of their own."""
    connection = await asyncpg.connect(dsn, server_settings={"application_name": "bss-demo-month"})
    try:
        await prepare_connection(connection)
        yield Books(connection)
    finally:
        await connection.close()
