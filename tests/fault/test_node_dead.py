"""A node dies with all that is on it and does not come back: another node's bridge ends what it left behind."""

import signal
import time

from tests.support.until import until

ANSWERS_AT_ONCE, RINGS_3_S = "02079460000", "02079460003"

HOURS_PASS = """
    with node as (
        update telecom_switch_node set heartbeat_at = heartbeat_at - interval '2 hours'
         where name = %(node)s returning 1)
    update telecom_leg_open set answered_at = answered_at - interval '2 hours', seen_at = seen_at - interval '2 hours'
     where node = %(node)s"""


def test_calls_of_a_node_that_died_for_good_are_ended_once_by_another(switch, second):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    talking, ringing = second.phone("101"), second.phone("102")
    talking.dial(ANSWERS_AT_ONCE)
    talking.state("CONFIRMED")
    begun = time.monotonic()
    until(lambda: switch.all("select from telecom_leg_open where node = %s", second.name), reason="the answer read")
    ringing.dial(RINGS_3_S)
    until(lambda: len(switch.reservations()) == 2, reason="the call that rings to be reserved")
    granted_s = max(one["granted_s"] for one in switch.reservations())
    second.bridge.stop(signal.SIGKILL)
    second.node.stop(signal.SIGKILL)
    switch.books.allow(time.monotonic() - begun + 1)
    switch.far.command("channel request hangup all")  # a dead node says no BYE: the carrier finds out by itself

    with switch.connect() as database:
        database.execute(HOURS_PASS, {"node": second.name})
    switch.bridge.stop()
    switch.bridge.start()  # its first sweep is at once

    (leg,) = switch.settled(point)
    assert (leg["node"], leg["terms"]["note"]) == (second.name, "ended by sweep")
    assert leg["answered_s"] <= granted_s
    assert switch.wallet(acme) == (before - switch.charges(leg["id"])[0]["gross_micro"], 0)
    found = switch.all("select kind from telecom_switch_finding where detail like %s order by 1", "%node%dead%")
    found += switch.all("select kind from telecom_switch_finding where detail like %s", f"node {second.name} was%")
    assert [one["kind"] for one in found] == ["orphan_reservation", "dead_node_leg"]

    second.node.start()  # it comes back after all
    second.bridge.start()
    until(second.bridge.healthy, seconds=15)
    time.sleep(1)
    assert len(switch.settled(point)) == 1
