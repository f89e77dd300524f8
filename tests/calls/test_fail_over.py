"""The cheapest carrier has no line: the next one carries the call, and its cost is the one that counts."""

import time

import pytest

from tests.support import staff
from tests.support.carrier_tap import CarrierTap

GIVE_UP_S = 3
PRICE, TOO_DEAR = 0.013, 5.0


def test_the_second_carrier_carries_and_is_paid(switch):
    """Atlantic (0.010 a minute) answers 503 for this number; Pacific costs 0.013: 2 s are 0.000433."""
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone("101")

    phone.dial("02079460503")
    phone.state("CONFIRMED")
    time.sleep(1.4)
    phone.hang_up()
    phone.ended()

    failed, answered = switch.settled(point, legs=2)
    assert (failed["attempt"], failed["disposition"], failed["hangup_cause"]) == (1, "failed", 34)
    assert failed["carrier_id"] == switch.ref("atlantic")
    assert switch.charges(failed["id"]) == []
    assert (answered["attempt"], answered["disposition"], answered["answered_s"]) == (2, "answered", 2)
    assert (answered["carrier_id"], answered["carrier_cost_micro"]) == (switch.ref("pacific"), 433)
    assert [charge["gross_micro"] for charge in switch.charges(answered["id"])] == [13_300, 10_700]
    first, second = switch.carrier_legs()[carried:]
    assert (first.userfield, second.userfield) == ("atlantic/442079460503", "pacific/442079460503")


def test_a_number_that_no_carrier_can_reach_is_tried_once(switch):
    """404 is the number's own fault: a second carrier would say the same."""
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone("101")
    phone.dial("02079460404")
    assert phone.ended()["code"] == 404
    switch.settled(point)
    assert len(switch.carrier_legs()) == carried + 1


@pytest.fixture
def second(switch):
    """A silent carrier, tried first for a prefix, and a second one that answers there; their trunks and its price."""
    tap = CarrierTap(switch.far_ip, "")
    other = staff.new_trunk(
        switch, "Second", switch.far_ip, 5060, prefix="4420794641", price=PRICE, add_prefix="0077",
        match_ips="127.0.0.250",
    )  # fmt: skip
    silent = staff.new_trunk(
        switch, "Silent", switch.far_ip, tap.port, prefix="44207946410", price=0.001, give_up_s=GIVE_UP_S,
        match_ips="127.0.0.251",
    )  # fmt: skip
    route = switch.odoo.find("telecom.route", ("prefix", "=", "44207946410"))
    with switch.noticed():
        switch.odoo.create("telecom.route.line", route_id=route, trunk_id=other, priority=2)
    yield silent, other, switch.odoo.find("telecom.deck.rate", ("prefix", "=", "4420794641"))
    tap.close()
    with switch.noticed():
        switch.odoo.call("telecom.trunk", [silent, other], "write", {"active": False})


def test_every_attempt_keeps_the_price_and_margin_that_it_was_allowed_with(switch, second):
    """The second carrier's price rises to a loss while the first attempt is under way: the next call is the first to
    meet it, and is not sent there."""
    silent, other, rate = second
    point, phone = switch.last_record(), switch.phone("101")
    phone.dial("02079464100")
    with switch.noticed():
        switch.odoo.write("telecom.deck.rate", rate, price=TOO_DEAR)
    changed_at = time.time()
    phone.state("CONFIRMED", seconds=GIVE_UP_S + 4)
    time.sleep(0.3)
    phone.hang_up()
    phone.ended()

    failed, answered = switch.settled(point, legs=2)
    assert [(leg["attempt"], leg["trunk_id"]) for leg in (failed, answered)] == [(1, silent), (2, other)]
    assert answered["answered_at"].timestamp() > changed_at  # else the story tells nothing
    assert answered["carrier_cost_micro"] == round(answered["answered_s"] * PRICE / 60 * 1_000_000)
    page = switch.odoo.read(
        "telecom.call.record", answered["id"], "leg_ids", "carrier_price", "margin", "cause_text", "dial"
    )
    assert page["leg_ids"] == [failed["id"], answered["id"]]
    assert page["carrier_price"].startswith("0.013000 EUR per 60 s")
    micro = answered["revenue_net_micro"] - answered["carrier_cost_micro"]
    assert round(page["margin"] * 1_000_000) == micro > 0
    assert "0077442079464100@" in page["dial"]
    page = switch.odoo.read("telecom.call.record", failed["id"], "leg_ids", "carrier_price", "cause_text", "margin")
    assert page["leg_ids"] == [failed["id"], answered["id"]]
    assert page["carrier_price"].startswith("0.001000 EUR per 60 s")
    assert page["cause_text"] == "the other side gave no sign of life (102)"

    point = switch.last_record()
    phone.forget()
    phone.dial("02079464100")
    assert phone.ended(seconds=GIVE_UP_S + 12)["code"] == 503
    (alone,) = switch.settled(point)
    assert (alone["trunk_id"], alone["disposition"]) == (silent, "failed")
