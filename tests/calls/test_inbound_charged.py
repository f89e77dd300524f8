"""A carrier brings calls to numbers whose accounts pay for being called."""

import pytest

from tests.support import staff
from tests.support.inbound import new_number, new_price
from tests.support.journal import legs
from tests.support.sound import tone_share
from tests.support.until import until

PER_MINUTE = 0.6  # 0.01 a second


@pytest.fixture(scope="module")
def price(whole_switch):
    owner = whole_switch.odoo.read("telecom.billing.account", whole_switch.ref("lighthouse"), "company_id")[0]
    return new_price(whole_switch, "Story numbers", PER_MINUTE, owner)


def called(switch, price, extension, credit_micro):
    """An account with so much credit that pays for being called, its telephone and its number."""
    account, sip = staff.new_account(switch, extension, credit_micro)
    switch.odoo.write("telecom.billing.account", account, inbound_rate_plan_id=price)
    return account, switch.phone(sip), new_number(switch, account, sip)


def charge_of(switch, leg):
    (charge,) = switch.charges(leg["id"])
    return charge["gross_micro"]


def test_the_called_account_pays_for_the_carriers_leg_past_its_first_slice(switch, price):
    """The first slice is 6 s: the limits of both channels have to move, or the call would end at 5.75 s."""
    account, phone, number = called(switch, price, "611", 1_000_000)
    point = switch.last_record()
    switch.call_in(number, seconds=8)
    phone.rings()
    phone.state("CONFIRMED")
    phone.ended(seconds=14)

    assert tone_share(phone.recording, 440) > 0.9
    (leg,) = switch.settled(point)
    assert (leg["direction"], leg["account_id"], leg["answered_s"] in (8, 9)) == ("inbound", account, True)
    assert leg["carrier_id"] is not None
    assert charge_of(switch, leg) == leg["answered_s"] * 10_000
    assert switch.wallet(account) == (1_000_000 - leg["answered_s"] * 10_000, 0)
    talked = [one for one in legs(switch.far.journal) if one.answered_at is not None][-1]
    assert abs(leg["duration_us"] / 1e6 - talked.seconds) < 0.2  # the carrier's own word


def test_a_call_to_an_account_with_little_credit_ends_when_it_is_used_up(switch, price):
    account, phone, number = called(switch, price, "612", 40_000)
    point = switch.last_record()
    switch.call_in(number, seconds=15)
    phone.state("CONFIRMED")
    assert phone.talked(seconds=12) == pytest.approx(3.75, abs=0.5)
    (leg,) = switch.settled(point)
    assert (leg["answered_s"], charge_of(switch, leg)) == (4, 40_000)
    assert switch.wallet(account) == (0, 0)


def test_a_call_to_an_empty_account_does_not_ring(switch, price):
    _account, phone, number = called(switch, price, "613", 0)
    log = len(switch.node.log())
    switch.call_in(number)
    line = until(
        lambda: next((one for one in switch.node.log()[log:].splitlines() if "action=call_refused" in one), None),
        seconds=5,
    )
    assert "reason=no_credit cause=21 " in line
    assert not any(event["event"] == "incoming" for event in phone.events)


def test_a_number_that_leads_outside_is_two_charged_legs(switch, price):
    """Both are longer than their first slice. Outbound 0.04 a minute: 8 s cost 0.005333, 9 s 0.006."""
    account, _sip = staff.new_account(switch, "614", 1_000_000)
    switch.odoo.write("telecom.billing.account", account, inbound_rate_plan_id=price)
    number = new_number(switch, account, outside="442079460000")
    point = switch.last_record()
    switch.call_in(number, seconds=8)
    outbound, inbound = sorted(switch.settled(point, legs=2), key=lambda leg: leg["direction"], reverse=True)

    assert (outbound["direction"], inbound["direction"]) == ("outbound", "inbound")
    assert outbound["linkedid"] == inbound["linkedid"]
    assert {outbound["answered_s"], inbound["answered_s"]} <= {8, 9}
    out_micro = {8: 5_300, 9: 6_000}[outbound["answered_s"]]
    in_micro = inbound["answered_s"] * 10_000
    assert (charge_of(switch, outbound), charge_of(switch, inbound)) == (out_micro, in_micro)
    assert outbound["carrier_cost_micro"] > 0
    assert switch.wallet(account) == (1_000_000 - out_micro - in_micro, 0)


def test_a_call_that_came_in_while_the_bridge_was_away_is_free(switch, price):
    """Charging rule 15: it is let through and recorded, and costs nothing."""
    account, phone, number = called(switch, price, "615", 1_000_000)
    until(lambda: number in switch.node.command("database show bss_did"), seconds=8, reason="the routing extract")
    point = switch.last_record()
    switch.bridge.stop()
    try:
        switch.call_in(number, seconds=2)
        phone.rings()
        phone.state("CONFIRMED")
        phone.ended()
    finally:
        switch.bridge.start()
    (leg,) = switch.settled(point)
    assert (leg["direction"], leg["account_id"], leg["disposition"]) == ("inbound", account, "answered")
    assert switch.charges(leg["id"]) == []
    assert switch.wallet(account) == (1_000_000, 0)
