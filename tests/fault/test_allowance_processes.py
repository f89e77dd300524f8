"""Included minutes used by many processes that are killed at any instant: given = used + held + left, always.

The workers are the bridge's own services on its own store. Whatever was killed or came twice: no bucket goes below
zero, every settled leg has taken its seconds once, and its charge is the price of the seconds that were not covered.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from telecom_switch_bridge.core.rating import price_call
from tests.support.allowance_rows import allowance, give, seconds_of
from tests.support.allowance_worker import NOW, TARIFF
from tests.support.daemon import REPO
from tests.support.db import Database
from tests.support.demo_rows import Demo
from tests.support.until import until

PROCESSES, ACCOUNTS, KILLS = 4, 3, 20
GIVEN_S, GIFTS = 700, 6
PAUSE_S = 0.25
LEAST_CALLS = 8

LEGS = """
    select charge.leg_uniqueid, charge.account_id, charge.gross_micro, record.answered_s,
           coalesce((charge.terms ->> 'included_s')::int, 0) as included_s,
           coalesce((select -sum(entry.seconds) from telecom_allowance_entry entry
                       join telecom_allowance_bucket bucket on bucket.id = entry.bucket_id
                      where entry.leg_uniqueid = charge.leg_uniqueid and bucket.account_id = charge.account_id), 0)::int
               as used_s
      from telecom_call_charge charge join telecom_call_record record on record.id = charge.record_id"""


class Crowd:
    """Processes that share the minutes and purses of a few accounts."""

    def __init__(self, demo: Demo, folder: Path, seed: int) -> None:
        self.demo, self.db, self.folder, self.seed = demo, demo.db, folder, seed
        self.block = allowance(self.db, demo.owner, demo.uk_fixed)
        self.accounts = [demo.open_account(f"I{seed}{place}", demo.owner, plan=None) for place in range(ACCOUNTS)]
        for account in self.accounts:
            demo.top_up(account, 100_000_000, f"start {account}")
        self.gifts = 0
        self.begun = dict.fromkeys(range(PROCESSES), 0)
        self.processes = [self.start(number) for number in range(PROCESSES)]

    def give_all(self) -> None:
        """Every account gets some seconds more."""
        self.gifts += 1
        for account in self.accounts:
            give(self.db, account, self.block, GIVEN_S, f"gift {self.gifts} of {account}")

    def diary(self, number: int) -> Path:
        return self.folder / f"i{self.seed}.{number}.diary"

    def calls(self, number: int) -> int:
        """Calls that the processes of a node have begun."""
        return len(self.diary(number).read_text().splitlines()) if self.diary(number).exists() else 0

    def start(self, number: int) -> subprocess.Popen[bytes]:
        node = f"i{self.seed}.{number}"
        self.begun[number] = self.calls(number)
        settings = {
            "dsn": self.db.bridge_dsn(), "node": node,
            "seed": self.seed * 100 + number, "accounts": self.accounts, "allowance": self.block,
            "diary": str(self.diary(number)),
        }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-m", "tests.support.allowance_worker", json.dumps(settings)], cwd=REPO,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, stderr=(self.folder / f"{node}.log").open("ab"),
        )  # fmt: skip

    def kill_one(self, dice: random.Random) -> None:
        """Any one that is in the middle of its work: a start takes longer than many calls."""
        number = dice.randrange(PROCESSES)
        until(lambda: self.calls(number) >= self.begun[number] + LEAST_CALLS, seconds=40, reason="a worker to work")
        time.sleep(dice.uniform(0, PAUSE_S))
        process = self.processes[number]
        assert process.poll() is None, (self.folder / f"i{self.seed}.{number}.log").read_text()[-3000:]
        process.send_signal(signal.SIGKILL)
        process.wait(5)
        self.processes[number] = self.start(number)

    def close(self) -> None:
        """Nobody comes back; what the server still runs is waited for."""
        for process in self.processes:
            process.kill()
            process.wait(5)
        busy = "select from pg_stat_activity where datname = %s and usename = 'bss_bridge'"
        until(lambda: not self.db.all(busy, self.db.name), reason="the last statements to end")


@pytest.fixture(params=[1, 2])
def crowd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Crowd]:
    with closing(Database(f"bss_minutes_crowd_{os.getpid()}")) as database:
        crowd = Crowd(Demo(database), tmp_path, request.param)
        yield crowd
        crowd.close()


def test_seconds_are_spent_once_whatever_is_killed(crowd):
    dice = random.Random(crowd.seed)
    for round_ in range(KILLS):
        if round_ % (KILLS // GIFTS) == 0:
            crowd.give_all()
        crowd.kill_one(dice)
    crowd.close()

    given = crowd.gifts * GIVEN_S
    for account in crowd.accounts:
        used, held, left = seconds_of(crowd.db, account)
        assert used + held + left == given
        assert used > GIVEN_S, "hardly anything was used: the test shows nothing"
    legs = crowd.db.all(LEGS)
    assert {leg["included_s"] == 0 for leg in legs} == {True, False}, "no leg was paid, or all were: it shows nothing"
    for leg in legs:
        assert leg["used_s"] == leg["included_s"], f"ledger and charge differ: {leg}"
        assert leg["gross_micro"] == price_of(leg["answered_s"], leg["included_s"]), leg
    orphans = crowd.db.all("select call_ref from telecom_reservation")
    assert orphans, "no orphan: the test shows nothing"
    crowd.db.all("select telecom_wallet_release(%s)", [row["call_ref"] for row in orphans])
    assert crowd.db.all("select * from telecom_allowance_hold") == []
    assert crowd.db.all("select * from telecom_wallet_problems()") == []


def price_of(answered_s: int, included_s: int) -> int:
    """By the second: what is not included, and the fee where the first second is not."""
    rest = answered_s - included_s
    if not included_s:
        return price_call(TARIFF, NOW, rest).cost_micro
    return rest * 1_000
