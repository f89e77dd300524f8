"""A carrier that does not answer at all costs its give-up time; one that says "trying" keeps its ringing time."""

import time

import pytest

from tests.support import staff
from tests.support.carrier_tap import CarrierTap

GIVE_UP_S = 2


@pytest.fixture
def carrier(switch):
    """Make a carrier that is cheaper than Pacific for a prefix, and says only one thing."""
    taps, made = [], []

    def make(status, prefix):
        tap = CarrierTap(switch.far_ip, status)
        taps.append(tap)
        trunk = staff.new_trunk(
            switch, f"Carrier of {prefix}", switch.far_ip, tap.port, prefix=prefix, price=0.001, give_up_s=GIVE_UP_S,
            match_ips="127.0.0.252",
        )  # fmt: skip
        made.append(trunk)
        route = switch.odoo.find("telecom.route", ("prefix", "=", prefix))
        with switch.noticed():
            switch.odoo.create("telecom.route.line", route_id=route, trunk_id=switch.ref("trunk_pacific"), priority=2)
        return tap, trunk

    yield make
    for tap in taps:
        tap.close()
    for trunk in made:
        with switch.noticed():
            switch.odoo.write("telecom.trunk", trunk, active=False)


def test_a_carrier_that_is_dead_costs_two_seconds(switch, carrier):
    hole, trunk = carrier("", "442079462")
    point = switch.last_record()
    phone = switch.phone("101")
    began = time.monotonic()
    phone.dial("02079462000")
    phone.state("CONFIRMED", seconds=8)
    waited_s = time.monotonic() - began
    time.sleep(0.3)
    phone.hang_up()
    phone.ended()

    assert GIVE_UP_S - 0.2 < waited_s < GIVE_UP_S + 3  # Asterisk alone takes 12.8 s
    dead, answered = switch.settled(point, legs=2)
    assert hole.invites
    assert (dead["attempt"], dead["trunk_id"], dead["disposition"], dead["hangup_cause"]) == (1, trunk, "failed", 102)
    assert switch.charges(dead["id"]) == []
    assert dead["carrier_cost_micro"] == 0
    assert (answered["attempt"], answered["carrier_id"]) == (2, switch.ref("pacific"))


def test_a_carrier_that_says_trying_keeps_its_ringing_time(switch, carrier):
    slow, trunk = carrier("100 Trying", "442079463")
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone("101")
    phone.dial("02079463000")
    time.sleep(GIVE_UP_S + 2.5)
    assert slow.invites
    assert len(switch.carrier_legs()) == carried  # nobody else was tried
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    assert (leg["trunk_id"], leg["attempt"], leg["disposition"]) == (trunk, 1, "cancelled")
