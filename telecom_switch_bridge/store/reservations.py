"""Money set aside for calls: requests of many calls in one statement, each safe to repeat."""

from collections.abc import Sequence

from ..errors import DatabaseAbsent
from ..ports import ExtendOutcome, Json, Reservation, ReserveOutcome
from .batcher import Batcher
from .database import Database
from .queries import query

ANSWER_TIMEOUT_S = 1.2
"""Longest wait for one statement (s): two of them, and the rest, within the patience of the dialplan (4 s)."""

TRIES = 2
"""A statement whose connection broke may have been committed: the same call_ref asked again gets its answer."""


class StoredReservations:
    """Port `Reservations` on the functions of telecom_wallet."""

    def __init__(self, database: Database, *, node: str) -> None:
        self._database = database
        self._node = node
        self._reserves: Batcher[Json, Json] = Batcher(self._reserve_all)
        self._extends: Batcher[Json, Json] = Batcher(self._extend_all)

    async def reserve(self, wanted: Reservation) -> ReserveOutcome:
        """Set aside all amounts or none; raises DatabaseAbsent."""
        answer = await self._reserves.submit(
            {
                "call_ref": wanted.call_ref,
                "node": self._node,
                "channel": wanted.channel_uniqueid,
                "accounts": list(wanted.account_ids),
                "amounts": list(wanted.amounts_micro),
                "granted_s": wanted.granted_s,
                "frozen": wanted.frozen,
            }
        )
        return ReserveOutcome(
            answer["outcome"],
            answer.get("granted_s") or 0,
            answer.get("frozen"),
            tuple(answer.get("headroom") or ()),
        )

    async def extend(self, call_ref: str, amounts_micro: Sequence[int], granted_s: int) -> ExtendOutcome:
        """Replace the amounts of a call by new totals, all or none; raises DatabaseAbsent."""
        answer = await self._extends.submit(
            {"call_ref": call_ref, "amounts": list(amounts_micro), "granted_s": granted_s}
        )
        return ExtendOutcome(answer["outcome"], tuple(answer.get("headroom") or ()))

    async def _reserve_all(self, wanted: Sequence[Json]) -> Sequence[Json]:
        return await self._run("reserve", wanted)

    async def _extend_all(self, wanted: Sequence[Json]) -> Sequence[Json]:
        return await self._run("extend", wanted)

    async def _run(self, name: str, wanted: Sequence[Json]) -> Sequence[Json]:
        for tries_left in reversed(range(TRIES)):
            try:
                rows = await self._database.fetch(query(name), list(wanted), timeout_s=ANSWER_TIMEOUT_S)
            except DatabaseAbsent:
                if not tries_left:
                    raise
            else:
                answers: Sequence[Json] = rows[0][0]
                return answers
        raise AssertionError("the loop returns or raises")
