"""The volume of the leg journal fills: staff are told in time, nothing that costs money starts, and legs whose lines
Asterisk could not write are charged by what its list of living channels shows."""

import time

import pytest

from tests.support.books import SAME_S
from tests.support.silence import charged_calls_stop_and_others_go_on
from tests.support.small_volume import SmallVolume
from tests.support.until import until

HALF_A_LINE = 100
GRANT_S = 6  # tests/support/switch.py
LATE_S = 3.0
"""Living channels are asked for every second, and what is gone must be gone twice."""


@pytest.fixture
def volume(switch):
    """The journal on a volume of 4 MB; in its old place again after the story."""
    switch.bridge.stop()
    switch.node.stop()
    small = SmallVolume(switch.node)
    try:
        switch.node.start()
        switch.bridge.start()
        yield small
        small.free()
        switch.hang_up_all()
        until(lambda: not switch.reservations(), seconds=10, reason="nothing is reserved")
    finally:
        switch.bridge.stop()
        switch.node.stop()
        small.close()
    switch.node.start()
    switch.bridge.start()


def state(switch):
    return [alarm for alarm in switch.bridge.health()["alarms"] if alarm.startswith("journal_volume")]


def kinds(switch, after=0):
    return [row["kind"] for row in switch.all("select kind from telecom_switch_finding where id > %s", after)]


def newest_finding(switch):
    return switch.one("select coalesce(max(id), 0) as last from telecom_switch_finding")["last"]


def test_staff_are_told_before_it_is_full_and_calls_go_on(switch, volume):
    assert state(switch) == []
    volume.leave(2)
    until(lambda: state(switch) == ["journal_volume_low"])
    assert switch.bridge.healthy()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
    query = "select alarms, journal_free_mb from telecom_switch_node_page where name = %s"
    until(lambda: switch.one(query, switch.name)["alarms"] == "journal_volume_low", seconds=8)
    assert switch.one(query, switch.name)["journal_free_mb"] in (1, 2)


def test_nothing_that_costs_money_starts_while_it_is_full_and_the_rest_goes_on(switch, volume):
    caller, called = switch.phone("101"), switch.phone("102", answer="486")
    volume.leave(0.5)
    until(lambda: state(switch) == ["journal_volume_full"])
    assert not switch.bridge.healthy() and switch.bridge.health()["journal_volume"] == "down"
    charged_calls_stop_and_others_go_on(switch, caller, called, patience_s=15)
    volume.free()
    until(switch.bridge.healthy)
    caller.forget()
    caller.dial("02079460000")
    caller.state("CONFIRMED")
    caller.hang_up()
    caller.ended()


def test_a_leg_whose_end_could_not_be_written_ends_when_it_was_seen_last(switch, volume):
    """Half a line is all that the volume takes; the next whole record on that line is read all the same."""
    acme, point, found = switch.account("acme"), switch.last_record(), newest_finding(switch)
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    until(lambda: switch.all("select from telecom_leg_open"), reason="the answer to be read")
    volume.fill(room_for=HALF_A_LINE)
    time.sleep(2)
    phone.hang_up()
    talked = phone.talked(seconds=10)
    switch.books.allow(LATE_S)
    (lost,) = switch.settled(point)
    assert lost["terms"]["note"] == "ended by sweep"
    assert talked - LATE_S <= lost["duration_us"] / 1e6 <= talked + SAME_S
    assert switch.wallet(acme) == (before - switch.charges(lost["id"])[0]["gross_micro"], 0)

    volume.free()
    until(switch.bridge.healthy)
    phone.forget()
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
    later = switch.settled(point, legs=2)[-1]
    assert later["disposition"] == "answered" and "note" not in later["terms"]
    (aside,) = switch.all("select * from telecom_journal_set_aside where resolved_at is null")
    assert len(aside["line"]) == HALF_A_LINE
    assert {"lost_leg", "line_set_aside", "journal_volume"} <= set(kinds(switch, found))
    switch.all("select telecom_journal_resolve(array[%s]::bigint[], 1, 'a story')", aside["id"])


def test_a_leg_whose_answer_could_not_be_written_is_found_and_charged(switch, volume):
    """It is full before the carrier answers: no line of the leg is ever written."""
    acme, point, found = switch.account("acme"), switch.last_record(), newest_finding(switch)
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial("02079460003")
    phone.state("EARLY")
    volume.fill(room_for=0)
    phone.state("CONFIRMED", seconds=8)
    until(lambda: switch.all("select from telecom_leg_open"), reason="the leg to be found among the living")
    until(lambda: switch.reservations()[0]["granted_s"] > GRANT_S, seconds=8, reason="an extension of its grant")
    phone.hang_up()
    talked = phone.talked(seconds=10)
    switch.books.allow(2 * LATE_S)
    (leg,) = switch.settled(point)
    assert talked - 2 * LATE_S <= leg["duration_us"] / 1e6 <= talked + SAME_S
    assert leg["answered_s"] > 0
    assert switch.wallet(acme) == (before - switch.charges(leg["id"])[0]["gross_micro"], 0)
    assert {"lost_answer", "lost_leg"} <= set(kinds(switch, found))
