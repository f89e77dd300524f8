"""`python -m tests.support.allowance_worker SETTINGS`: one bridge's use of included minutes, at random, until killed.

Settings (JSON): dsn, node, seed, accounts, allowance, diary. It authorises calls with the bridge's own services on its
own store, extends them, and settles or releases them, each by a random number of seconds. The diary counts its calls.
"""

import asyncio
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

from telecom_switch_bridge.allowance_ports import NO_INCLUDED, Included
from telecom_switch_bridge.core.rating import NO_TAX, Step, Tariff, always
from telecom_switch_bridge.errors import DatabaseAbsent
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.ports import Level, Reservation
from telecom_switch_bridge.services.cover import amounts_held, covers_of
from telecom_switch_bridge.services.size_grant import amounts_micro
from telecom_switch_bridge.services.use_allowances import Priced, charges, use_allowances
from telecom_switch_bridge.store.database import Database
from telecom_switch_bridge.store.ledger import StoredLedger
from telecom_switch_bridge.store.price_terms import PriceTerms
from telecom_switch_bridge.store.reservations import StoredReservations
from tests.unit.bridge.world import NOW

TARIFF = Tariff("UTC", (always(5_000, [Step(0, 60_000, 60, 1)]),))
GRANT_S, MOST_S = 30, 90
AT_ONCE = 4
WINDOW = (NOW, NOW)
"""The price is the same at all hours: the instant decides nothing."""


class Ended:
    """A leg as the settlement has it."""

    def __init__(self, ref: str, priced: Priced) -> None:
        self.priced = priced
        self.leg: dict[str, Any] = {
            "leg_uniqueid": f"{ref}-leg", "direction": "outbound", "call_ref": ref, "e164": "44", "dialled": "44",
            "started_at": NOW.isoformat(), "answered_at": NOW.isoformat(), "ended_at": NOW.isoformat(), "attempt": 1,
            "disposition": "answered", "answered_s": priced.answered_s, "release": True, "terms": {},
            "charges": charges(priced),
        }  # fmt: skip


class Worker:
    """Authorises, extends and ends calls; several at once, as a bridge does."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._node, self._accounts = settings["node"], settings["accounts"]
        self._allowances = (settings["allowance"],)
        self._diary = Path(settings["diary"])
        self._calls = len(self._diary.read_text().splitlines()) if self._diary.exists() else 0
        self._dice = random.Random(f"{settings['seed']}/{self._calls}")
        database = Database(settings["dsn"], application=self._node)
        terms = PriceTerms(database)
        self._reservations = StoredReservations(database, node=self._node, log=Log("worker"), terms=terms)
        self._ledger = StoredLedger(database, node=self._node, terms=terms)

    async def run(self) -> None:
        await asyncio.gather(*(self._calls_in_turn() for _ in range(AT_ONCE)))

    async def _calls_in_turn(self) -> None:
        while True:
            try:
                await self._call()
            except DatabaseAbsent:
                await asyncio.sleep(0.05)  # the sweeper's business, like a call of a killed worker

    async def _call(self) -> None:
        self._calls += 1
        ref = f"{self._node}-{self._calls}-{os.getpid()}"
        with self._diary.open("a", encoding="utf-8") as file:
            file.write(ref + "\n")
        payers = self._payers()
        if not await self._reserve(ref, payers):
            return
        granted_s = GRANT_S
        while self._dice.random() < 0.5 and granted_s < MOST_S and await self._extend(ref, payers, granted_s + GRANT_S):
            granted_s += GRANT_S
        if self._dice.random() < 0.2:
            await self._ledger.release([ref])
        else:
            await self._settle(ref, Priced(payers, NOW, self._dice.randint(1, granted_s)))

    def _payers(self) -> tuple[Level, ...]:
        """A customer and its reseller, both with included minutes."""
        chosen = self._dice.sample(self._accounts, 2)
        return tuple(
            Level(level, account, 1, 1, None, "EUR", NO_TAX, TARIFF, free=False, allowance_ids=self._allowances)
            for level, account in enumerate(chosen)
        )

    async def _reserve(self, ref: str, payers: tuple[Level, ...]) -> bool:
        included = NO_INCLUDED
        none = (0,) * len(payers)
        for _ in range(3):
            wanted = Reservation(
                ref, ref, tuple(one.account_id for one in payers), amounts_micro(payers, WINDOW, GRANT_S), GRANT_S, {},
                covers=covers_of(payers, WINDOW, GRANT_S, Included(none, included.most_s)),
            )  # fmt: skip
            outcome = await self._reservations.reserve(wanted)
            included = outcome.included
            if outcome.outcome != "partly":
                return outcome.outcome in {"taken", "repeated"}
        return False

    async def _extend(self, ref: str, payers: tuple[Level, ...], granted_s: int) -> bool:
        known = NO_INCLUDED
        for _ in range(3):
            amounts = amounts_held(payers, WINDOW, granted_s, known)
            covers = covers_of(payers, WINDOW, granted_s, known)
            outcome = await self._reservations.extend(ref, amounts, granted_s, None, covers)
            known = outcome.included
            if outcome.outcome != "partly":
                return outcome.outcome == "extended"
        return False

    async def _settle(self, ref: str, priced: Priced) -> None:
        """Twice at times: the journal was delivered again."""
        for _ in range(1 + (self._dice.random() < 0.2)):
            ended = Ended(ref, priced)
            async with self._ledger.transaction() as transaction:
                await use_allowances([ended], transaction)
                await transaction.settle([ended.leg])


if __name__ == "__main__":
    asyncio.run(Worker(json.loads(sys.argv[1])).run())
