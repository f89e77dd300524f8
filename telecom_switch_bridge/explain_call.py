"""`explain FROM TO`: what a call would cost everybody and how it would go, by the very code that decides live calls."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg

from .config import Settings
from .explain.answer import explain
from .explain.lines import lines_of_page
from .explain.rows import Known, Question, read
from .explain.typed import typed_number
from .store.database import Database
from .store.load_catalogue import check_contract
from .store.queries import query


async def explain_command(
    settings: Settings, caller: str, to: str, at: datetime | None, seconds: int, *, as_json: bool
) -> int:
    """Print it; 0, or 1 when the call would be refused. Misused when `to` is no number."""
    at, grant_s = at or datetime.now(UTC), settings.grants.default_s
    question = Question(caller, typed_number(to), at, seconds, grant_s)
    database = Database(settings.dsn, application="bss-bridge explain")
    try:
        await check_contract(database)
        page = explain(question, await read_known(database, question))
    finally:
        await database.close()
    print(json.dumps(page, indent=2) if as_json else "\n".join(lines_of_page(page)))
    return 1 if "refused" in page else 0


async def read_known(database: Database, question: Question) -> Known:
    """Read what a question needs, in one snapshot."""
    async with (
        database.connection() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        reading = read(question)
        rows: Sequence[asyncpg.Record] | None = None
        while True:
            try:
                name, values = next(reading) if rows is None else reading.send(rows)
            except StopIteration as end:
                known: Known = end.value
                return known
            rows = await connection.fetch(query(name), *values)
