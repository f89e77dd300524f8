"""Half lines, garbage, renamed files, stalled clients: one clear log line each, nothing charged wrongly."""

import signal
import socket
import time

import pytest

from tests.support.daemon import Daemon
from tests.support.until import until

ACME_PHONE = "n100001-101"


@pytest.fixture(autouse=True)
def serving(bench):
    """Every test begins and ends with a bridge that serves."""
    yield
    if bench.daemon.process is None:
        bench.daemon.start()
    bench.ami.channels.clear()


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


def test_a_second_bridge_on_the_same_door_says_so_and_ends(bench, tmp_path):
    twin = Daemon(tmp_path, bench.db.bridge_dsn(), bench.ami, node="twin")
    taken = twin.config.read_text().replace(f"port = {twin.agi[1]}", f"port = {bench.daemon.agi[1]}")
    twin.config.write_text(taken)
    twin.start(healthy=False)
    assert twin.process.wait(15) == 2
    assert f"agi 127.0.0.1:{bench.daemon.agi[1]} cannot be served" in twin.log()
    assert bench.line().ask(ACME_PHONE, "102")["BSS_DECISION"] == "internal"
