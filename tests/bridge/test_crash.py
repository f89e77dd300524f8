"""Kill -9, a database that goes away, half lines: nothing is lost, nothing is charged twice, nothing stays reserved."""

import os
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


def test_a_database_that_goes_away_stops_charged_calls_only_and_loses_nothing(bench, proxy):
    demo, line = bench.demo, bench.line()
    before = demo.balance(demo.acme)[0]
    line.ask(ACME_PHONE, "02079460000")
    line.answer(1)
    until(lambda: bench.db.all("select from telecom_leg_open where leg_uniqueid = %s", line.leg()))
    populated = len(bench.ami.actions("SorceryMemoryCachePopulate"))
    proxy.down()
    try:
        began = time.monotonic()
        assert bench.line().ask(ACME_PHONE, "02079460000")["BSS_REASON"] == "unavailable"
        assert time.monotonic() - began < 3.5
        internal = bench.line()
        answer = internal.ask(ACME_PHONE, "102")
        assert (answer["BSS_DECISION"], answer["BSS_CALL_REF"]) == ("internal", f"silent.internal.{demo.acme}.102")
        assert bench.line().ask(ACME_PHONE, "999")["BSS_DECISION"] == "emergency"
        until(lambda: bench.daemon.health()[0] == 503)
        assert bench.daemon.health()[1]["database"] == "down"
        line.hang_up(76)
        internal.write("HANGUP", 9, internal.leg(), f"{answer['BSS_CALL_REF']}/1", '{""hangupcause"":16}')
        until(lambda: "journal_waits" in bench.daemon.log())
        assert len(bench.ami.actions("SorceryMemoryCachePopulate")) == populated
    finally:
        proxy.up()
    _, silent = bench.settled(line.leg(), internal.leg(), seconds=15)
    assert demo.balance(demo.acme) == (before - 43_800, 0)
    assert (silent["direction"], silent["account_id"], silent["company_id"]) == ("internal", demo.acme, demo.northwind)
    bench.daemon.until_healthy()
    after = bench.line()
    assert after.ask(ACME_PHONE, "02079460000")["BSS_DECISION"] == "external"
    after.end(1)


def test_connections_broken_by_the_server_are_made_again_without_a_refused_call(bench):
    for _ in range(3):
        bench.db.end_connections()
        line = bench.line()
        assert line.ask(ACME_PHONE, "02079460000")["BSS_DECISION"] == "external"
        line.end(1)
    until(lambda: bench.reserved() == 0)
    bench.daemon.until_healthy()


def test_cut_and_garbled_lines_are_set_aside_once_and_charge_nothing(bench):
    demo, line = bench.demo, bench.line()
    before = demo.balance(demo.acme)
    line.ask(ACME_PHONE, "02079460000")
    whole = line.text("HANGUP", 5, line.leg(), f"{line.call_ref}/1", '{""hangupcause"":17}')
    aside = bench.daemon.metric("bss_journal_set_aside_total")
    line.raw(whole[:80] + "\n")  # cut by a full disk
    line.raw("\x00\x00garbage \"'; drop table\n")
    line.raw('"ANSWER","soon","x","x","x","x","","","","","","",""\n')
    until(lambda: bench.daemon.metric("bss_journal_set_aside_total") == aside + 3)
    rows = bench.db.all("select line, reason from telecom_journal_set_aside order by id desc limit 3")
    assert [row["reason"] != "" for row in rows] == [True] * 3 and rows[2]["line"] == whole[:80]
    assert bench.daemon.log().count("action=journal_line_set_aside") >= 3
    line.hang_up(5, cause=17)
    bench.settled(line.leg())
    until(lambda: bench.reserved() == 0)
    assert demo.balance(demo.acme) == before


def test_half_a_line_waits_for_its_other_half(bench):
    line = bench.line()
    line.ask(ACME_PHONE, "02079460000")
    line.answer(1)
    whole = line.text("HANGUP", 31, line.leg(), f"{line.call_ref}/1", '{""hangupcause"":16}') + "\n"
    line.raw(whole[:90])
    time.sleep(0.5)
    assert bench.db.all("select from telecom_call_record where leg_uniqueid = %s", line.leg()) == []
    line.raw(whole[90:])
    bench.settled(line.leg())
    assert bench.charges(line.leg())[0] == (bench.demo.acme, 25_000)


def test_a_renamed_journal_is_finished_before_the_new_one(bench):
    first, second = bench.line(), bench.line()
    for line in (first, second):
        line.ask(ACME_PHONE, "02079460000")
        line.answer(1)
    bench.daemon.stop(signal.SIGKILL)
    first.hang_up(31)
    bench.daemon.journal.rename(bench.daemon.journal.with_name("a-legs.csv.1"))
    second.hang_up(31)
    bench.daemon.start()
    bench.settled(first.leg(), second.leg())
    assert bench.charges(first.leg()) == bench.charges(second.leg())


def test_a_stalled_client_is_dropped_and_others_are_served(bench):
    dropped = bench.daemon.metric("bss_agi_dropped_total")
    stalled = socket.create_connection(bench.daemon.agi, timeout=10)
    stalled.sendall(b"agi_network: yes\n")
    line = bench.line()
    assert line.ask(ACME_PHONE, "02079460000")["BSS_DECISION"] == "external"
    assert stalled.recv(100) == b""  # within its deadline of 3 s
    stalled.close()
    line.end(1)
    assert bench.daemon.metric("bss_agi_dropped_total") == dropped + 1


def test_legs_lost_with_their_asterisk_end_at_its_last_sign_of_life(bench):
    demo = bench.demo
    now = int(time.time())
    line = bench.line(begun=now - 60)
    line.ask(ACME_PHONE, "02079460000")
    line.answer(0)
    until(lambda: bench.db.all("select from telecom_leg_open where leg_uniqueid = %s", line.leg()))
    time.sleep(5.5)  # a heartbeat sees it alive
    bench.ami.stop()
    bench.ami.channels.clear()
    bench.ami.uptime_s = 0
    bench.ami.start()
    (record,) = bench.settled(line.leg(), seconds=15)
    assert record["terms"]["note"] == "ended by sweep"
    assert 60 <= record["answered_s"] <= 70 < int(time.time()) - now + 70
    (acme, gross_micro), _ = bench.charges(line.leg())
    assert acme == demo.acme and 37_500 <= gross_micro <= 41_700
    assert bench.db.all("select from telecom_leg_open") == [] and os.getpid()
