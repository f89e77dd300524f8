"""Calls in progress on a real PostgreSQL: published by the transactions of the call itself; commands done once."""

import json
import time

import psycopg
import pytest

from tests.support.daemon import Daemon
from tests.support.until import until

ACME_PHONE = "n100001-101"


@pytest.fixture
def web(bench):
    """What Odoo's web servers hear: NOTIFY imbus in the database `postgres`, while a page is open."""
    bench.db.all("select telecom_live_watch()")
    place = psycopg.conninfo.conninfo_to_dict(bench.db.dsn)
    with psycopg.connect(**{**place, "dbname": "postgres"}, autocommit=True) as connection:
        connection.execute("listen imbus")
        mine = bench.db.value("select current_database()")
        yield lambda: [
            json.loads(one.payload) for one in connection.notifies(timeout=0.05) if f'"{mine}"' in one.payload
        ]
    bench.db.all("update telecom_live_watch set watched_until = '-infinity'")


@pytest.fixture
def heard(bench):
    """Topics of the seam's own channel, as the bridge hears them."""
    with psycopg.connect(bench.db.dsn, autocommit=True) as connection:
        connection.execute("listen bss_live")
        yield lambda: [one.payload for one in connection.notifies(timeout=0.3)]


def live(bench):
    return bench.db.all("select * from telecom_live_call_page order by authorised_at")


def hang_up(bench, call_ref):
    return bench.db.value("select telecom_switch_hang_up(%s, 2)", call_ref)


def command(bench, command_id):
    return bench.db.one("select outcome, done_at from telecom_switch_command where id = %s", command_id)


def hung_up(bench):
    return [block["Channel"] for block in bench.ami.actions("Hangup")]


def until_done(bench, command_id, outcome):
    until(
        lambda: command(bench, command_id)["outcome"] == outcome,
        seconds=8, reason=lambda: f"{command(bench, command_id)}; {bench.daemon.log()[-1500:]}",
    )  # fmt: skip


def test_a_call_is_a_row_from_its_start_to_its_end(bench):
    line = bench.line()
    line.ask(ACME_PHONE, "02079460000")
    (call,) = live(bench)
    assert (call["state"], call["call_ref"], call["to_number"]) == ("ringing", line.call_ref, "442079460000")
    assert (call["account_id"], call["company_id"]) == (bench.demo.acme, bench.db.value(
        "select company_id from telecom_billing_account where id = %s", bench.demo.acme))  # fmt: skip
    line.answer(1)
    until(lambda: live(bench)[0]["state"] == "answered")
    assert (live(bench)[0]["carrier_id"], live(bench)[0]["id"]) == (bench.demo.atlantic, call["id"])
    line.hang_up(11)
    bench.settled(line.leg())
    assert live(bench) == []


def test_open_pages_are_told_of_start_answer_and_end(bench, web):
    line = bench.line()
    for act in (
        lambda: line.ask(ACME_PHONE, "02079460000"),
        lambda: line.answer(1),
        lambda: line.hang_up(11),
    ):
        until(lambda: not web())
        act()
        (channels,) = until(web, seconds=5, reason=lambda: bench.daemon.log()[-1500:])[-1:]
        assert channels[0][1] == "res.groups"
    messages = bench.db.all("select distinct message from bus_bus where channel = %s", json.dumps(
        channels[0], separators=(",", ":")))  # fmt: skip
    assert [json.loads(one["message"]) for one in messages] == [{"type": "telecom_live_call", "payload": {}}]
    bench.settled(line.leg())


def test_many_events_of_a_moment_are_one_message_or_few(bench, web):
    lines = [bench.line() for _ in range(20)]
    for line in lines:
        line.ask(ACME_PHONE, "102")
    for line in lines:
        line.end(2)
    until(lambda: bench.reserved() == 0)
    until(web, seconds=3)
    time.sleep(0.6)
    count = bench.db.value("select count(*) from bus_bus where create_date > now() at time zone 'UTC' - interval '3 s'")
    assert count <= 8


def test_while_no_page_is_open_nothing_is_sent(bench, heard):
    bench.db.all("update telecom_live_watch set watched_until = '-infinity'")
    line = bench.line()
    line.ask(ACME_PHONE, "02079460000")
    line.end(1)
    until(lambda: bench.reserved() == 0)
    assert heard() == []


def test_a_refused_call_is_not_published(bench, heard):
    bench.db.all("select telecom_live_watch()")
    line = bench.line()
    assert line.ask(ACME_PHONE, "0033140000000")["BSS_DECISION"] == "refused"
    assert heard() == []


def test_a_hang_up_ends_this_call_and_no_other(bench):
    mine, other = bench.line(), bench.line()
    for line in (mine, other):
        line.ask(ACME_PHONE, "02079460000")
        line.answer(1)
    until(lambda: [call["state"] for call in live(bench)] == ["answered", "answered"])
    bench.ami.asked.clear()
    pressed = bench.db.one(  # twice, in one transaction: the bridge cannot have obeyed in between
        "select telecom_switch_hang_up(%s, 2) as first, telecom_switch_hang_up(%s, 2) as second",
        mine.call_ref,
        mine.call_ref,
    )
    command_id = pressed["first"]
    assert pressed["second"] == command_id
    until_done(bench, command_id, "done")
    assert hung_up(bench) == [bench.ami.channels[mine.caller], bench.ami.channels[mine.leg()]]
    mine.hang_up(5)
    other.hang_up(6)
    bench.settled(mine.leg(), other.leg())
    assert bench.charges(mine.leg()) == [(bench.demo.acme, 14_200), (bench.demo.reseller, 11_300)]


def test_a_command_for_a_call_that_ended_meanwhile_is_gone(bench):
    line = bench.line()
    line.ask(ACME_PHONE, "02079460000")
    bench.ami.channels.pop(line.caller)
    bench.ami.asked.clear()
    until_done(bench, hang_up(bench, line.call_ref), "gone")
    assert hung_up(bench) == []
    line.hang_up(1)
    until(lambda: bench.reserved() == 0)
    assert hang_up(bench, line.call_ref) is None


def test_only_the_bridge_of_the_node_obeys_and_also_when_it_was_away(bench, tmp_path):
    line = bench.line()
    line.ask(ACME_PHONE, "02079460000")
    line.answer(1)
    until(lambda: live(bench)[0]["state"] == "answered")
    other = Daemon(tmp_path, bench.db.bridge_dsn(), bench.ami, node="b")
    other.start()
    try:
        bench.ami.asked.clear()
        bench.daemon.stop()
        command_id = hang_up(bench, line.call_ref)
        until(lambda: bench.ami.asked, seconds=8)  # the other one works, and leaves it alone
        time.sleep(1)
        assert command(bench, command_id)["outcome"] is None and hung_up(bench) == []
        bench.daemon.start()
        until_done(bench, command_id, "done")
        assert hung_up(bench) == [bench.ami.channels[line.caller], bench.ami.channels[line.leg()]]
    finally:
        other.close()
    line.hang_up(3)
    bench.settled(line.leg())
