"""The bridge is killed, or stopped: what it had begun is finished by the next one, once."""

import signal
import socket
import time

import pytest

from tests.support.until import until

ACME_PHONE = "n100001-101"


@pytest.fixture(autouse=True)
def serving(bench):
    """Every test begins and ends with a bridge that serves."""
    yield
    if bench.daemon.process is None:
        bench.daemon.start()
    bench.ami.channels.clear()


def test_a_bridge_killed_between_reserve_and_settle_settles_after_its_restart(bench):
    demo, line, unheard = bench.demo, bench.line(), bench.line()
    before = demo.balance(demo.acme)[0]
    line.ask(ACME_PHONE, "02079460000")
    unheard.ask(ACME_PHONE, "02079460000")
    line.answer(1)
    until(lambda: bench.db.all("select from telecom_leg_open where leg_uniqueid = %s", line.leg()))
    bench.daemon.stop(signal.SIGKILL)
    line.hang_up(76)  # everything ends while nobody looks
    unheard.answer(1)
    unheard.hang_up(61)
    assert demo.balance(demo.acme) == (before, 125_000)
    bench.daemon.start()
    bench.settled(line.leg(), unheard.leg())
    assert bench.charges(line.leg()) == [(demo.acme, 43_800), (demo.reseller, 35_000)]
    assert bench.charges(unheard.leg()) == [(demo.acme, 37_500), (demo.reseller, 30_000)]
    assert demo.balance(demo.acme) == (before - 81_300, 0)
    assert bench.db.all("select from telecom_leg_open") == [] and bench.reserved() == 0


def test_a_bridge_killed_in_mid_call_goes_on_extending_after_its_restart(bench):
    line = bench.line(begun=int(time.time()) - 110)
    leg = f"PJSIP/x-{line.leg()}"
    line.ask(ACME_PHONE, "02079460000")
    line.answer(0)
    until(lambda: bench.db.all("select from telecom_leg_open where leg_uniqueid = %s", line.leg()))
    bench.daemon.stop(signal.SIGKILL)
    bench.daemon.start()
    granted = "select granted_s from telecom_reservation where call_ref = %s"
    until(lambda: bench.db.value(granted, line.call_ref) == 240)
    # 240 s from the answer, 110 s ago, less the margin
    until(lambda: 100 < bench.ami.timeouts().get(leg, 0) < 131)
    line.hang_up(130)
    bench.settled(line.leg())
    assert bench.charges(line.leg())[0] == (bench.demo.acme, 66_700)  # fee and 130 s, rounded once


def test_a_clean_stop_is_quick_and_leaves_no_error(bench):
    mark = len(bench.daemon.log())
    idle = socket.create_connection(bench.daemon.agi)
    assert bench.daemon.stop() < 5
    idle.close()
    log = bench.daemon.log()[mark:]
    assert "bridge_stopped" in log and "ERROR" not in log and "Traceback" not in log
