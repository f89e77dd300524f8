"""A carrier that is known to be down is tried last, until it is back; addresses of a trunk are an access list."""

import pytest

from tests.support import staff
from tests.support.asterisk import free_addresses
from tests.support.carrier_tap import CarrierTap
from tests.support.raw_sip import RawPhone
from tests.support.until import until

ALONE, SHARED = "4420794661", "4420794662"
OUR_NUMBER = "442079460999"


@pytest.fixture
def carrier(switch):
    """A carrier that is asked every 2 s and is not there; busy when it is called. First of two for one prefix."""
    tap = CarrierTap(switch.far_ip)
    trunk = staff.new_trunk(
        switch,
        "Sleepy",
        switch.far_ip,
        tap.port,
        prefix=ALONE,
        price=0.001,
        check_s=2,
        match_ips="127.0.0.249",
    )
    company = switch.odoo.read("telecom.trunk", trunk, "carrier_id")[0]
    with switch.noticed():
        switch.odoo.create(
            "telecom.deck.rate", carrier_id=company, prefix=SHARED, price=0.001, first_increment_s=1,
            next_increment_s=1,
        )  # fmt: skip
        route = switch.odoo.create("telecom.route", prefix=SHARED, rule="cost")
        for priority, one in ((1, trunk), (2, switch.ref("trunk_pacific"))):
            switch.odoo.create("telecom.route.line", route_id=route, trunk_id=one, priority=priority)
    yield tap, trunk
    tap.close()
    staff.forget_trunk(switch, trunk)


def found(switch, trunk, state):
    until(lambda: switch.odoo.read("telecom.trunk", trunk, "link_state") == state, seconds=20, reason=state)


def legs_of_call(switch, number, *, answered):
    """Trunks that a call was tried on, by its records."""
    point, phone = switch.last_record(), switch.phone("101")
    phone.dial(number)
    if answered:
        phone.state("CONFIRMED")
        phone.hang_up()
    phone.ended()
    switch.hang_up_all()
    return [leg["trunk_id"] for leg in switch.settled(point)]


def test_a_carrier_that_is_down_is_tried_last_until_it_is_back(switch, carrier):
    tap, trunk = carrier
    pacific = switch.ref("trunk_pacific")
    found(switch, trunk, "unreachable")
    told = switch.odoo.read("telecom.trunk", trunk, "link_since", "link_remedy")
    assert told["link_since"]
    assert "does not answer" in told["link_remedy"]
    assert legs_of_call(switch, "02079466200", answered=True) == [pacific]
    assert not tap.invites
    assert legs_of_call(switch, "02079466100", answered=False) == [trunk]  # there is no other
    assert len(tap.invites) == 1

    tap.is_there = True
    found(switch, trunk, "reachable")
    assert legs_of_call(switch, "02079466200", answered=False) == [trunk]
    assert len(tap.invites) == 2


def test_the_addresses_of_a_trunk_are_its_access_list(switch, carrier):
    """Who calls from one of them is the carrier, everybody else is a stranger; from the next call on."""
    _tap, trunk = carrier
    (address,) = free_addresses(1)
    network = f"{address.rpartition('.')[0]}.0/24"
    caller = RawPhone(address, switch.node.sip, "442071234567", "x")
    phone = switch.phone("101", answer="486")
    try:
        assert caller.invite(OUR_NUMBER) == 401
        for matches in (f"127.0.0.249,{network}", f"127.0.0.248/30, {address}, 127.0.0.7"):
            switch.odoo.write("telecom.trunk", trunk, match_ips=matches)
            until(lambda: caller.invite(OUR_NUMBER) == 486, seconds=8, reason=matches)
            switch.odoo.write("telecom.trunk", trunk, match_ips="127.0.0.249")
            until(lambda: caller.invite(OUR_NUMBER) == 401, seconds=8, reason="a stranger again")
    finally:
        caller.close()
        phone.close()


def test_a_trunk_over_tcp_carries_calls(switch):
    trunk = staff.new_trunk(
        switch, "Stream", switch.far_ip, 5060, prefix="4420794663", price=0.001, transport="tcp", check_s=2,
        match_ips="127.0.0.248",
    )  # fmt: skip
    try:
        found(switch, trunk, "reachable")
        assert legs_of_call(switch, "02079466300", answered=True) == [trunk]
        assert "tcp" in switch.node.command("pjsip show transports")
    finally:
        staff.forget_trunk(switch, trunk)
