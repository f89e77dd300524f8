"""The wallet functions used by many processes that are killed at any instant: the books are right, always.

The property: whatever ran, was killed or was asked twice, no purse goes below zero, balance = sum of entries,
reserved = sum of reservations, and every call that its bridge saw charged is charged once, every other one not at all.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from telecom_switch_bridge.observe.clocks import read_clocks
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.observe.metrics import Metrics
from telecom_switch_bridge.observe.names import declare_counters
from telecom_switch_bridge.ports import Living
from telecom_switch_bridge.services.import_journal import ImportJournal
from telecom_switch_bridge.services.live_legs import LiveLegs
from telecom_switch_bridge.services.sweep import Sweep
from telecom_switch_bridge.services.switch_clock import SwitchClock
from telecom_switch_bridge.services.switch_life import SwitchLife
from telecom_switch_bridge.store.database import Database as Store
from telecom_switch_bridge.store.ledger import StoredLedger
from telecom_switch_bridge.store.price_terms import PriceTerms
from tests.support.daemon import REPO
from tests.support.db import Database
from tests.support.demo_rows import Demo
from tests.support.until import until
from tests.support.wallet_worker import read_diary

PROCESSES, ACCOUNTS = 8, 5
START_MICRO = 6_000_000
KILLS = 30
PAUSE_S = 0.15


class Crowd:
    """Processes that share a few purses; each has a diary that outlives it."""

    def __init__(self, demo: Demo, folder: Path, seed: int) -> None:
        self.demo, self.db, self.folder, self.seed = demo, demo.db, folder, seed
        self.accounts = [demo.open_account(f"W{seed}{place}", demo.owner, plan=None) for place in range(ACCOUNTS)]
        for account in self.accounts:
            demo.top_up(account, START_MICRO, f"start {account}")
        self.lowest: list[int] = []
        self._watching = threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        self._processes = [self._start(number) for number in range(PROCESSES)]

    def node(self, number: int) -> str:
        return f"w{self.seed}.{number}"

    def diary(self, number: int) -> Path:
        return self.folder / f"{self.node(number)}.diary"

    def kill_one(self, dice: random.Random) -> None:
        """End a process without a word, or only its connection; a killed one starts again."""
        number = dice.randrange(PROCESSES)
        if dice.random() < 0.3:
            self.db.all(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s", self.node(number)
            )
            return
        self._kill(number)
        self._processes[number] = self._start(number)

    def kill_all(self) -> None:
        """Nobody comes back: what is reserved now is orphaned. What the server still runs is waited for."""
        for number in range(PROCESSES):
            self._kill(number)
        mine = "select from pg_stat_activity where datname = %s and application_name like %s"
        until(lambda: not self.db.all(mine, self.db.name, f"w{self.seed}.%"), reason="the last statements to end")

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait(5)
        self._watching.set()
        self._watcher.join(5)

    def answers(self) -> dict[str, str | None]:
        """Last verb of each call that its process got an answer for; None: the last question has none."""
        last: dict[str, str | None] = {}
        for number in range(PROCESSES):
            for ask, answer in read_diary(self.diary(number)):
                for place, ref in enumerate(ask["calls"] if ask["verb"] != "pay" else ()):
                    if answer is None:
                        last[ref] = None
                    elif ask["verb"] in {"charge", "release"}:
                        last[ref] = ask["verb"]
                    elif answer[place] in {"taken", "repeated"}:
                        last[ref] = "reserve"
                    elif ask["verb"] == "reserve":
                        last[ref] = "refused"
        return last

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        dsn = psycopg.conninfo.make_conninfo(self.db.dsn, application_name=self.node(number))
        settings = {
            "dsn": dsn, "node": self.node(number), "seed": self.seed * 100 + number, "accounts": self.accounts,
            "diary": str(self.diary(number)),
        }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-m", "tests.support.wallet_worker", json.dumps(settings)], cwd=REPO,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip

    def _kill(self, number: int) -> None:
        assert self._processes[number].poll() is None, "a worker may only end by being killed"
        self._processes[number].send_signal(signal.SIGKILL)
        self._processes[number].wait(5)

    def _watch(self) -> None:
        headroom = "balance_micro + credit_limit_micro - reserved_micro"
        query = f"select min({headroom}) from telecom_wallet where account_id = any(%s)"  # noqa: S608  names of ours
        with psycopg.connect(self.db.dsn, autocommit=True) as connection:
            while not self._watching.wait(0.02):
                row = connection.execute(query, [self.accounts]).fetchone()
                if row is not None:
                    self.lowest.append(row[0])


@pytest.fixture(params=[1, 2])
def crowd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Crowd]:
    with closing(Database(f"bss_wallet_crowd_{os.getpid()}")) as database:
        crowd = Crowd(Demo(database), tmp_path, request.param)
        yield crowd
        crowd.close()


async def test_processes_killed_at_any_instant_leave_right_books_and_their_orphans_are_cleaned(crowd):
    dice = random.Random(crowd.seed)
    for _ in range(KILLS):
        time.sleep(dice.uniform(0, 2 * PAUSE_S))
        crowd.kill_one(dice)
    crowd.kill_all()

    assert min(crowd.lowest) >= 0, "overspent"
    assert min(crowd.lowest) < 12 * 10_000, "no purse came near its end: the test shows nothing"
    books_are_right(crowd)
    held = held_calls(crowd)
    assert held, "no orphan: the test shows nothing"
    said = crowd.answers()
    assert {ref for ref, verb in said.items() if verb == "reserve"} <= held
    assert not held & {ref for ref, verb in said.items() if verb in {"charge", "release", "refused"}}
    every_charge_is_whole_and_once(crowd, said)

    living = {ref for ref in held if dice.random() < 0.3}
    await sweep(crowd, living)
    assert held_calls(crowd) == living, "what has no living channel is given back, and nothing else"
    await sweep(crowd, set())
    assert held_calls(crowd) == set()
    books_are_right(crowd)
    assert [row["reserved_micro"] for row in wallets(crowd)] == [0] * ACCOUNTS


def books_are_right(crowd: Crowd) -> None:
    assert crowd.db.all("select * from telecom_wallet_problems() where account_id = any(%s)", crowd.accounts) == []
    for wallet in wallets(crowd):
        paid, charged = (
            crowd.db.value(
                "select coalesce(sum(abs(amount_micro)), 0)::bigint from telecom_wallet_entry"
                " where account_id = %s and kind = %s",
                wallet["account_id"],
                kind,
            )
            for kind in ("topup", "charge")
        )
        assert wallet["balance_micro"] == paid - charged


def every_charge_is_whole_and_once(crowd: Crowd, said: dict[str, str | None]) -> None:
    """Entries are unique by key in the table itself; here: who was told "charged" is, and nobody else."""
    rows = crowd.db.all(
        "select distinct split_part(reference, ':', 1) as ref from telecom_wallet_entry where kind = 'charge'"
    )
    charged = {row["ref"] for row in rows}
    told = {ref for ref, verb in said.items() if verb == "charge"}
    unsure = {ref for ref, verb in said.items() if verb is None}
    free = charge_free_calls(crowd)
    assert told - free <= charged <= told | unsure


def charge_free_calls(crowd: Crowd) -> set[str]:
    """Calls whose charge was zero at every level: they leave no entry."""
    return {
        ref
        for number in range(PROCESSES)
        for ask, _ in read_diary(crowd.diary(number))
        if ask["verb"] == "charge"
        for ref, terms in ask["calls"].items()
        if not any(terms["amounts"])
    }


def held_calls(crowd: Crowd) -> set[str]:
    return {row["call_ref"] for row in crowd.db.all("select call_ref from telecom_reservation")}


def wallets(crowd: Crowd) -> list[dict]:
    return crowd.db.all("select * from telecom_wallet where account_id = any(%s)", crowd.accounts)


class Channels:
    """Port `Switch`: says which channels live."""

    def __init__(self, living: set[str]) -> None:
        self._living = living

    async def living(self) -> list[Living]:
        return [Living(uniqueid, "PJSIP/x", uniqueid, is_up=True) for uniqueid in self._living]

    async def userfield(self, _channel: str) -> str:
        return ""


async def sweep(crowd: Crowd, living: set[str]) -> None:
    """The bridge's own sweeper, two rounds for each node, a while after everybody died."""
    crowd.db.all("update telecom_reservation set created_at = created_at - interval '1 hour'")
    metrics, clock = Metrics(), SwitchClock(read_clocks)
    declare_counters(metrics)
    for number in range(PROCESSES):
        store = Store(crowd.db.bridge_dsn(), application="sweeper")
        ledger = StoredLedger(store, node=crowd.node(number), terms=PriceTerms(store))
        log, live = Log("sweep"), LiveLegs()
        journal = ImportJournal(
            node=crowd.node(number), ledger=ledger, live=live, log=log, metrics=metrics, clock=clock
        )  # fmt: skip
        one = Sweep(
            ledger=ledger, switch=Channels(living), journal=journal, journal_caught_up=caught_up, life=SwitchLife(),
            clock=clock, live=live, log=log, metrics=metrics,
        )  # fmt: skip
        for _ in range(2):  # what looks dead once may only be young
            await one.run_once(datetime.now(UTC), None)
        await store.close()


async def caught_up() -> bool:
    return True
