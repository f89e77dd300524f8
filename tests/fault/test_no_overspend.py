"""Two bridges on one purse, one of them killed again and again: whatever happens, no purse is ever overspent.

The test to keep of perf-facts ("Reservations"): run to exhaustion, then every figure must add up.
"""

import random
import signal
import threading
import time

import pytest

from tests.support.daemon import Daemon, Line
from tests.support.until import until

CALLS_A_THREAD = 25
TRIES_A_THREAD = 40 * CALLS_A_THREAD
"""Questions to a bridge that is being killed get no answer and buy nothing: they are asked again."""

PAUSE_S = 0.05
THREADS = 4
START_MICRO = 1_500_000


@pytest.fixture
def second(bench, tmp_path, proxy):
    daemon = Daemon(tmp_path, bench.db.bridge_dsn(proxy.address), bench.ami, node="b")
    daemon.start()
    yield daemon
    daemon.close()


def callers(daemon, seed, stop):
    """Place calls, let most of them talk; every journal line is written once, as Asterisk does."""
    dice, answered = random.Random(seed), 0
    for _ in range(TRIES_A_THREAD):
        if stop.is_set() or answered == CALLS_A_THREAD:
            return
        line = Line(daemon)
        answer = line.ask("n100001-101", "02079460000")
        if answer:
            answered += 1
        else:
            time.sleep(PAUSE_S)
        if answer.get("BSS_DECISION") == "external" and dice.random() < 0.8:
            line.answer(0.1)
            line.hang_up(0.1 + min(dice.uniform(1, 130), float(answer["BSS_GRANT_S"])))
        else:
            line.end(0.2)


def test_two_bridges_and_a_killer_spend_a_purse_to_its_end_and_not_beyond(bench, second):
    demo, db = bench.demo, bench.db
    db.all("update telecom_wallet set balance_micro = %s where account_id = %s", START_MICRO, demo.acme)
    lowest, stop = [START_MICRO], threading.Event()
    threads = [
        threading.Thread(target=callers, args=(daemon, seed, stop))
        for seed, daemon in enumerate((bench.daemon, second) * (THREADS // 2))
    ]
    for thread in threads:
        thread.start()
    for _ in range(3):
        lowest.append(headroom(db, demo.acme))
        second.stop(signal.SIGKILL)
        second.start()
    for thread in threads:
        thread.join(120)
    stop.set()
    until(lambda: settled(bench, second), seconds=30, reason=f"all settled; {second.log()[-1500:]}")

    lowest.append(headroom(db, demo.acme))
    assert min(lowest) >= 0
    charged = db.value(
        "select coalesce(sum(gross_micro), 0)::bigint from telecom_call_charge where account_id = %s", demo.acme
    )
    assert demo.balance(demo.acme) == (START_MICRO - charged, 0) and charged > START_MICRO // 2
    wrong = db.all(
        "select account_id from telecom_wallet wallet where reserved_micro <> coalesce((select sum(amount) from"
        " telecom_reservation, unnest(account_ids, amounts_micro) held (account_id, amount)"
        " where held.account_id = wallet.account_id), 0)"
    )
    assert wrong == []
    legs = db.all(
        "select leg_uniqueid from telecom_call_record where direction = 'outbound' and disposition = 'answered'"
        " and (select count(*) from telecom_call_charge charge"
        "       where charge.leg_uniqueid = telecom_call_record.leg_uniqueid) <> 2"
    )
    assert legs == []
    spent = db.value("select -sum(amount_micro)::bigint from telecom_wallet_entry where kind = 'charge'"
                     " and account_id = %s", demo.acme)  # fmt: skip
    assert spent == charged


def settled(bench, second):
    lag = [daemon.health()[1].get("journal_lag_bytes") for daemon in (bench.daemon, second)]
    return lag == [0, 0] and bench.reserved() == 0


def headroom(db, account):
    return db.value(
        "select balance_micro + credit_limit_micro - reserved_micro from telecom_wallet where account_id = %s", account
    )
