"""Asterisk is killed in mid call: the call is charged for what is proven, never for more than was granted."""

import signal
import time

from tests.support.until import until

HEARTBEAT_S = 5  # charging.md 13


def test_a_call_cut_by_a_crash_is_charged_to_the_last_heartbeat(switch):
    acme = switch.account("acme")
    before, point = switch.wallet(acme), switch.last_record()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    answered = time.monotonic()
    time.sleep(2)
    granted = switch.reservations()[0]["granted_s"]
    set_aside = switch.wallet(acme)[1]

    switch.node.stop(signal.SIGKILL)
    talked = time.monotonic() - answered
    switch.far.command("channel request hangup all")  # a dead node says no BYE: the carrier finds out by itself
    switch.books.allow(talked + 1)
    switch.node.start()

    (leg,) = until(
        lambda: switch.all("select * from telecom_call_record where id > %s", point),
        seconds=45,
        reason="the leg to end",
    )
    until(lambda: not switch.reservations(), seconds=10)
    charge = switch.charges(leg["id"])[0]
    assert leg["answered_s"] <= min(granted, talked + 1)
    assert charge["gross_micro"] <= set_aside
    assert switch.wallet(acme) == (before[0] - charge["gross_micro"], 0)


def test_calls_go_on_after_asterisk_came_back(switch):
    switch.node.stop(signal.SIGKILL)
    switch.node.start()
    until(switch.bridge.healthy, seconds=15)
    point = switch.last_record()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    assert leg["disposition"] == "answered"
