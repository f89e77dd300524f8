"""A trunk that logs in at its carrier: calls both ways, its state on the page, a right password counts at once."""

import re
import time

import pytest

from tests.support import staff
from tests.support.raw_sip import RawPhone
from tests.support.switch import LINE
from tests.support.until import until

PREFIX, NUMBER, DIALLED = "4420794651", "442079465100", "02079465100"
OUR_NUMBER = "442079460999"


@pytest.fixture
def trunk(switch):
    """A trunk to the far end's line, at the address of another trunk; archived at the end."""
    made = staff.new_trunk(
        switch, "Baltic", switch.far_ip, 5060, prefix=PREFIX, price=0.001, check_s=2, registers=True, identity="login",
        username=LINE["username"], new_password=LINE["password"],
    )  # fmt: skip
    yield made
    staff.forget_trunk(switch, made)


def page(switch, trunk):
    return switch.odoo.read("telecom.trunk", trunk, "link_state", "link_since", "link_remedy")


def found(switch, trunk, state):
    until(
        lambda: page(switch, trunk)["link_state"] == state, seconds=20,
        reason=lambda: f"{state}, not {page(switch, trunk)}; {switch.node.log()[-800:]}",
    )  # fmt: skip


def contact(switch):
    """Our contact, as the far end's registrar keeps it; '' when we are not there."""
    found = re.search(r'"uri":"(sip:line@[^"]+)"', switch.far.command("database show registrar"))
    return found[1].replace("^3B", ";") if found else ""


def test_calls_go_out_and_come_in_over_a_registered_trunk(switch, trunk):
    found(switch, trunk, "registered")
    assert page(switch, trunk)["link_since"] and not page(switch, trunk)["link_remedy"]

    point, carried, phone = switch.last_record(), len(switch.carrier_legs()), switch.phone("101")
    phone.dial(DIALLED)
    phone.state("CONFIRMED")
    time.sleep(0.3)
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    assert (leg["trunk_id"], leg["disposition"]) == (trunk, "answered")
    (carried,) = switch.carrier_legs()[carried:]
    assert (carried.userfield, carried.account) == (f"baltic/{NUMBER}", OUR_NUMBER)

    point = switch.last_record()
    phone.forget()
    switch.call_in(OUR_NUMBER, channel=f"PJSIP/baltic/{contact(switch).replace('sip:line@', f'sip:{OUR_NUMBER}@')}")
    phone.state("CONFIRMED")
    phone.ended()
    arrived = next(leg for leg in switch.settled(point) if leg["direction"] == "inbound")
    assert arrived["trunk_id"] == trunk


def test_a_carrier_that_calls_our_contact_names_the_number_in_to(switch, trunk):
    """Known by the mark that only the registrar has: from any address, and not without it."""
    found(switch, trunk, "registered")
    mark = contact(switch).partition(";")[2]
    carrier, point = RawPhone(switch.phone_ip, switch.node.sip, "442071234567", "x"), switch.last_record()
    phone = switch.phone("101", answer="200")
    try:
        to = {"To": f'"Baltic" <sip:+{OUR_NUMBER}@baltic.example;user=phone>'}
        assert carrier.invite("line", to, parameters=f";{mark}") == 200
        phone.ended()
        arrived = next(leg for leg in switch.settled(point) if leg["direction"] == "inbound")
        assert (arrived["trunk_id"], arrived["account_id"]) == (trunk, switch.account("acme"))
        for text in ("<sip:line@y>", "<sip:y>", "<sip:1$2&3,4@y>", "<tel:+44>", "sip:1(2)@y"):
            assert carrier.invite("line", {"To": text}, parameters=f";{mark}") in (400, 404, 416), text
        assert carrier.invite("line", to, parameters=";line=0a1b2c3d") == 401
        assert carrier.invite("line", to) == 401
    finally:
        carrier.close()


def test_a_wrong_password_is_told_and_a_right_one_counts_at_once(switch, trunk):
    found(switch, trunk, "registered")
    switch.odoo.write("telecom.trunk", trunk, new_password="not-" + LINE["password"])
    found(switch, trunk, "rejected")
    assert "user name and password" in page(switch, trunk)["link_remedy"]
    for log in (switch.node.log(), switch.bridge.log()):
        assert LINE["password"] not in log
    switch.odoo.write("telecom.trunk", trunk, new_password=LINE["password"])
    found(switch, trunk, "registered")


def test_an_archived_trunk_is_logged_out(switch, trunk):
    found(switch, trunk, "registered")
    assert contact(switch)
    switch.odoo.write("telecom.trunk", trunk, active=False)
    until(lambda: not contact(switch), seconds=15, reason="logged out")
    left = "select * from telecom_trunk_state where trunk_id = %s"
    until(lambda: not switch.all(left, trunk), seconds=8, reason="no state of it is left")
    switch.odoo.write("telecom.trunk", trunk, active=True)
    found(switch, trunk, "registered")
