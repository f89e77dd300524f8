"""authorise.db: reserve and settle through the bridge's own store, against one transaction a call.

Both sides get the same calls, ready made: real terms of the real catalogue, real settlements of 75 s. What is measured
is the way into the database and back, with everything durable.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter, time
from typing import Any

import asyncpg

from telecom_switch_bridge.journal.importer import MAX_BATCH_LINES
from telecom_switch_bridge.ledger_ports import JournalPosition
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.ports import CallRequest, CallTerms, Refused, Reservation
from telecom_switch_bridge.services.frozen_terms import terms_to_json
from telecom_switch_bridge.services.leg_mark import CallMark
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.services.settle_leg import LegEnd, settle_leg
from telecom_switch_bridge.services.size_grant import amounts_micro, answer_window
from telecom_switch_bridge.store.database import Database, prepare_connection
from telecom_switch_bridge.store.ledger import StoredLedger
from telecom_switch_bridge.store.load_catalogue import CatalogueLoader
from telecom_switch_bridge.store.price_terms import PriceTerms
from telecom_switch_bridge.store.reservations import StoredReservations
from tests.bench._chain_rows import ChainRows

PER_CALL = Path(__file__).with_name("_per_call.sql")
DIALLED = "02079460000"
GRANT_S, TALK_S = 120, 75
LINES_OF_A_CALL = 5
"""Journal lines of an answered call: ANSWER, HANGUP and CHAN_END of its leg, and the end of the caller's channel."""

SETTLE_BATCH = MAX_BATCH_LINES // LINES_OF_A_CALL
CALLERS = 512
"""Calls at once on the product's side: a full batch is in work while the next one fills."""

CONNECTIONS = 8
"""Of the baseline: more did not make it faster (4: 0.9, 8: 1, 16: 1, 32: 0.9)."""

_numbers = count(1)


@dataclass(frozen=True)
class Call:
    """One call before its ids are known."""

    reservation: Reservation
    leg: dict[str, Any]


class DatabaseBench:
    """Both ways, on one clone."""

    def __init__(self, rows: ChainRows) -> None:
        self._dsn = rows.db.bridge_dsn()
        rows.db.all(PER_CALL.read_text(encoding="utf-8"))
        self._templates = asyncio.run(self._make_templates(rows))

    def product(self, calls: int) -> float:
        """Calls per second, authorised and settled."""
        return asyncio.run(self._timed(calls, self._micro_batched))

    def baseline(self, calls: int) -> float:
        """The same by one transaction each."""
        return asyncio.run(self._timed(calls, self._one_by_one))

    async def _timed(self, calls: int, work: Callable[[list[Call]], Any]) -> float:
        ready = [self._numbered(self._templates[index % len(self._templates)]) for index in range(calls)]
        return calls / await work(ready)

    async def _micro_batched(self, calls: list[Call]) -> float:
        database = Database(self._dsn, application="bench")
        terms = PriceTerms(database)
        reservations = StoredReservations(database, node="bench", log=Log("bench"), terms=terms)
        ledger = StoredLedger(database, node="bench", terms=terms)
        answered: asyncio.Queue[Call | None] = asyncio.Queue()
        waiting = iter(calls)
        await database.fetch("select 1")
        begin = perf_counter()

        async def caller() -> None:
            for call in waiting:
                outcome = await reservations.reserve(call.reservation)
                assert outcome.outcome == "taken", outcome
                answered.put_nowait(call)

        settling = asyncio.create_task(_settle_all(ledger, answered))
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        answered.put_nowait(None)
        await settling
        spent_s = perf_counter() - begin
        await database.close()
        return spent_s

    async def _one_by_one(self, calls: list[Call]) -> float:
        waiting = iter(calls)
        connections = [await asyncpg.connect(self._dsn) for _ in range(CONNECTIONS)]
        for connection in connections:
            await prepare_connection(connection)
        begin = perf_counter()
        await asyncio.gather(*(_caller_of_baseline(connection, waiting) for connection in connections))
        spent_s = perf_counter() - begin
        for connection in connections:
            await connection.close()
        return spent_s

    async def _make_templates(self, rows: ChainRows) -> list[Call]:
        database = Database(self._dsn, application="bench")
        catalogue = await CatalogueLoader(database, Log("bench")).load(None, ())
        await database.close()
        now = datetime.now(UTC)
        made = []
        for endpoint in rows.endpoints:
            request = CallRequest(endpoint, DIALLED, 1, "", "bench-1.0", f"PJSIP/{endpoint}-00000001")
            terms = prepare_call(request, catalogue=catalogue, now=now)
            assert not isinstance(terms, Refused), terms
            made.append(_call_of(terms, now))
        return made

    @staticmethod
    def _numbered(call: Call) -> Call:
        number = next(_numbers)
        second = int(time())
        channel = f"bench-{second}.{number * 2}"
        call_ref = f"{channel}-1"
        started = datetime.fromtimestamp(second, UTC).isoformat()
        ids = {"leg_uniqueid": f"bench-{second}.{number * 2 + 1}", "started_at": started, "call_ref": call_ref}
        return Call(
            replace(call.reservation, call_ref=call_ref, channel_uniqueid=channel),
            {**call.leg, **ids, "linkedid": channel},
        )


async def _settle_all(ledger: StoredLedger, answered: "asyncio.Queue[Call | None]") -> None:
    """As the journal's importer does: one transaction a batch, with the position in the file."""
    position = 0
    more = True
    while more:
        batch = [await answered.get()]
        while len(batch) < SETTLE_BATCH and not answered.empty():
            batch.append(answered.get_nowait())
        more = batch[-1] is not None
        legs = [call.leg for call in batch if call is not None]
        position += len(legs)
        if legs:
            async with ledger.transaction() as transaction:
                await transaction.settle(legs)
                await transaction.save_position(JournalPosition("bench", position))
            assert not transaction.repeated


async def _caller_of_baseline(connection: Any, waiting: Any) -> None:
    for call in waiting:
        wanted = call.reservation
        accounts, amounts = list(wanted.account_ids), list(wanted.amounts_micro)
        assert await connection.fetchval(
            "select bench_authorise($1, $2, $3, $4, $5, $6)",
            *(wanted.call_ref, wanted.channel_uniqueid, accounts, amounts, wanted.granted_s, wanted.frozen),
        )
        assert await connection.fetchval("select bench_settle($1)", call.leg)


def _call_of(terms: CallTerms, now: datetime) -> Call:
    window = answer_window(terms)
    levels: Sequence[Any] = terms.payers
    reservation = Reservation(
        call_ref="",
        channel_uniqueid="",
        account_ids=tuple(level.account_id for level in levels),
        amounts_micro=amounts_micro(levels, window, GRANT_S),
        granted_s=GRANT_S,
        frozen=terms_to_json(terms),
    )
    end = LegEnd(f"bench-{int(now.timestamp())}.1", "", "bench", now, now + timedelta(seconds=TALK_S), 16)
    settlement = settle_leg(end, CallMark("", 1), terms, GRANT_S)
    assert settlement is not None
    return Call(reservation, settlement.leg)
