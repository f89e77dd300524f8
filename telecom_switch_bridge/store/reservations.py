"""Money set aside for calls: requests of many calls in one statement, each safe to repeat."""

import asyncio
from collections.abc import Sequence
from functools import partial

import asyncpg

from ..allowance_ports import Covers, Included
from ..errors import DatabaseAbsent
from ..observe.log import Log
from ..ports import ExtendOutcome, Json, Reservation, ReserveOutcome
from .batcher import Batcher
from .database import Database
from .price_terms import PriceTerms
from .queries import query

ANSWER_TIMEOUT_S = 2.4
"""Longest wait for an answer (s), all tries together: within the deadline of a question."""

TRIES = 3
"""A statement whose connection broke may have been committed: the same call_ref asked again gets its answer."""

REQUEST, COUNTS = "request", "counts"
"""Parts of what is asked: the row of the reservation, and beside it the reservation with the limits of what the call
counts on."""

PLAIN_ANSWER = {"call_ref", "outcome", "granted_s"}
"""All that is said of a call that gets what it asked for."""

REFUSED = "refused"
"""Outcome of our own: PostgreSQL refuses this one request (rights, data); it is logged and counts as absent."""


class StoredReservations:
    """Port `Reservations` on `telecom_switch_reserve` and the functions of telecom_wallet."""

    def __init__(self, database: Database, *, node: str, log: Log, terms: PriceTerms) -> None:
        self._log = log
        self._database = database
        self._node = node
        self._terms = terms
        self._reserves: Batcher[Json, Json] = Batcher(self._reserve_all)
        self._extends: Batcher[Json, Json] = Batcher(self._extend_all)
        self._covered_reserves: Batcher[Json, Json] = Batcher(partial(self._run, "reserve_covered"))
        self._covered_extends: Batcher[Json, Json] = Batcher(partial(self._run, "extend_covered"))

    async def reserve(self, wanted: Reservation) -> ReserveOutcome:
        """Set aside all amounts and count the call, or neither; raises DatabaseAbsent."""
        batcher = self._covered_reserves if wanted.covers else self._reserves
        answer = await batcher.submit(
            {
                "call_ref": wanted.call_ref,
                REQUEST: {
                    "call_ref": wanted.call_ref,
                    "node": self._node,
                    "channel": wanted.channel_uniqueid,
                    "accounts": list(wanted.account_ids),
                    "amounts": list(wanted.amounts_micro),
                    "granted_s": wanted.granted_s,
                    "frozen": wanted.frozen,
                    "counted_on": [one.name for one in (*wanted.counted_on, *wanted.trunks[:1])],
                    **_covers(wanted.covers, wanted.least_micro),
                },
                COUNTS: wanted,
            }
        )
        if answer["outcome"] == REFUSED:
            raise DatabaseAbsent(answer["error"])
        if answer.keys() == PLAIN_ANSWER:  # nearly every one
            return ReserveOutcome(answer["outcome"], answer["granted_s"])
        frozen = answer.get("frozen")
        return ReserveOutcome(
            answer["outcome"],
            answer.get("granted_s") or 0,
            None if frozen is None else await self._terms.whole(frozen),
            tuple(answer.get("headroom") or ()),
            tuple(answer.get("full") or ()),
            tuple(answer["routes"]) if "routes" in answer else None,
            _included(answer),
            tuple((account_id, rule) for account_id, rule in answer.get("limited") or ()),
        )

    async def extend(
        self,
        call_ref: str,
        amounts_micro: Sequence[int],
        granted_s: int,
        sharers: Sequence[int] | None = None,
        covers: Covers = (),
        *,
        least_micro: Sequence[int] = (),
    ) -> ExtendOutcome:
        """Replace the amounts of a call by new totals, all or none; raises DatabaseAbsent."""
        shared = {"sharers": list(sharers)} if sharers is not None else {}
        wanted = {"call_ref": call_ref, "amounts": list(amounts_micro), "granted_s": granted_s, **shared}
        batcher = self._covered_extends if covers else self._extends
        answer = await batcher.submit({**wanted, **_covers(covers, least_micro)})
        if answer["outcome"] == REFUSED:
            raise DatabaseAbsent(answer["error"])
        headroom, share = tuple(answer.get("headroom") or ()), tuple(answer.get("share") or ())
        return ExtendOutcome(answer["outcome"], headroom, share, _included(answer))

    async def _reserve_all(self, wanted: Sequence[Json]) -> Sequence[Json]:
        return await self._run("reserve", wanted)

    async def _extend_all(self, wanted: Sequence[Json]) -> Sequence[Json]:
        return await self._run("extend", wanted)

    async def _run(self, name: str, wanted: Sequence[Json]) -> Sequence[Json]:
        """Answers of one statement. When PostgreSQL refuses one request, all are asked again one by one."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return await self._try(name, wanted)
        except TimeoutError as error:
            raise DatabaseAbsent(f"no answer within {ANSWER_TIMEOUT_S:g} s") from error
        except asyncpg.PostgresError as error:
            if len(wanted) == 1:
                self._log.error("statement_refused", statement=name, call_ref=wanted[0]["call_ref"], error=str(error))
                raise DatabaseAbsent(f"refused: {error}") from error
        return [await self._run_alone(name, one) for one in wanted]

    async def _run_alone(self, name: str, wanted: Json) -> Json:
        try:
            return (await self._run(name, [wanted]))[0]
        except DatabaseAbsent as error:
            return {"outcome": REFUSED, "error": str(error)}

    async def _try(self, name: str, wanted: Sequence[Json]) -> Sequence[Json]:
        for tries_left in reversed(range(TRIES)):
            try:
                async with self._database.connection() as connection:
                    arguments = await self._arguments(connection, name, wanted)
                    rows = await connection.fetch(query(name), *arguments, timeout=ANSWER_TIMEOUT_S)
            except DatabaseAbsent:
                if not tries_left:
                    raise
            else:
                answers: Sequence[Json] = rows[0][0]
                return answers
        raise AssertionError("the loop returns or raises")

    async def _arguments(
        self, connection: asyncpg.Connection, name: str, wanted: Sequence[Json]
    ) -> list[Sequence[Json] | None]:
        """Values of a statement: the requests, and for a reservation the limits that hold for each, in the same order;
        none when nobody is limited."""
        if not name.startswith("reserve"):
            return [wanted]
        asked: list[Reservation] = [one[COUNTS] for one in wanted]
        counts = [_limits(one) for one in asked] if any(map(_is_limited, asked)) else None
        frozen = await self._terms.reservations(connection, [one[REQUEST]["frozen"] for one in wanted])
        requests = [{**one[REQUEST], "frozen": keyed} for one, keyed in zip(wanted, frozen, strict=True)]
        return [requests, counts]


def _is_limited(wanted: Reservation) -> bool:
    return any(one.most is not None for one in (*wanted.counted_on, *wanted.trunks))


def _limits(wanted: Reservation) -> Json:
    return {
        "on": [(one.name, one.most) for one in wanted.counted_on],
        "routes": [(one.name, one.most) for one in wanted.trunks],
    }


def _covers(covers: Covers, least_micro: Sequence[int]) -> Json:
    if not covers:
        return {}
    return {
        "least": list(least_micro),
        "covers": [
            {
                "allowances": list(one.allowance_ids),
                "wanted_s": one.wanted_s,
                "held_s": one.held_s,
                "amount": one.amount_micro,
            }
            if one
            else None
            for one in covers
        ],
    }


def _included(answer: Json) -> Included:
    return Included(tuple(answer["held_s"]), tuple(answer["most_s"])) if "held_s" in answer else Included()
