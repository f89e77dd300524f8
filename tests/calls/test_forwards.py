"""Calls that a telephone passes on: outside at its account's cost, to a colleague, or nowhere."""

import time

import pytest

from tests.support import staff
from tests.support.detours import (
    charge_equals_the_carriers_record,
    extension,
    price_micro,
    set_phone,
    target_of,
    target_outside,
)
from tests.support.inbound import new_number, new_price
from tests.support.sound import loud_seconds, tone_share
from tests.support.until import until

OUTSIDE = "442079460000"
CREDIT = 1_000_000


@pytest.fixture
def office(switch):
    """An account with two telephones, of which the story registers what it needs; (account, caller, called)."""
    office.count = getattr(office, "count", 0) + 1
    account, caller = staff.new_account(switch, f"6{office.count:02}1", CREDIT)
    return account, caller, staff.new_phone(switch, account, f"6{office.count:02}2")


def talk(phone, called):
    phone.forget()
    phone.dial(extension(called))
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()


def refusal(switch, before):
    return until(
        lambda: next((one for one in switch.node.log()[before:].splitlines() if "action=call_refused" in one), None),
        seconds=8,
    )


def test_an_internal_call_goes_on_outside_at_the_forwarding_telephones_cost(switch, office):
    account, caller, called = office
    set_phone(switch, called, forward_always_id=target_outside(switch, account, OUTSIDE))
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone, silent = switch.phone(caller), switch.phone(called)

    phone.dial(extension(called))
    phone.state("CONFIRMED")
    time.sleep(1.5)
    phone.hang_up()
    phone.ended()

    assert tone_share(phone.recording, 620) > 0.9  # the far end returns what it hears
    assert not any(event["event"] == "incoming" for event in silent.events)
    (leg,) = switch.settled(point)
    assert (leg["direction"], leg["account_id"], leg["e164"]) == ("outbound", account, OUTSIDE)
    assert leg["phone_id"] == switch.odoo.find("telecom.phone", ("sip_username", "=", called.username))
    assert leg["from_number"] == extension(caller)
    told = charge_equals_the_carriers_record(switch, leg, carried)
    assert told.userfield == f"atlantic/{OUTSIDE}"
    assert switch.wallet(account) == (CREDIT - price_micro(leg["answered_s"]), 0)


def test_an_inbound_call_goes_on_outside(switch, office):
    account, _caller, called = office
    set_phone(switch, called, forward_always_id=target_outside(switch, account, OUTSIDE))
    number = new_number(switch, account, called)
    point, carried = switch.last_record(), len(switch.carrier_legs())

    switch.call_in(number, seconds=2)
    legs = {leg["direction"]: leg for leg in switch.settled(point, legs=2)}

    assert set(legs) == {"inbound", "outbound"}
    told = charge_equals_the_carriers_record(switch, legs["outbound"], carried)
    assert told.account == number  # the number that was called is shown, a stranger's is not ours to show
    assert switch.charges(legs["inbound"]["id"]) == []
    assert legs["inbound"]["linkedid"] == legs["outbound"]["linkedid"]


def test_a_busy_telephone_forwards(switch, office):
    account, caller, called = office
    set_phone(switch, called, forward_busy_id=target_outside(switch, account, OUTSIDE))
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone, _busy = switch.phone(caller), switch.phone(called, answer="486")

    phone.dial(extension(called))
    phone.state("CONFIRMED")
    time.sleep(1)
    phone.hang_up()
    phone.ended()

    rung, outside = sorted(switch.settled(point, legs=2), key=lambda leg: leg["direction"])
    assert (rung["direction"], rung["disposition"]) == ("internal", "busy")
    charge_equals_the_carriers_record(switch, outside, carried)


def test_an_unanswered_inbound_call_goes_on_and_both_legs_are_charged(switch, office):
    """It rings 5 s; then both legs are longer than their first slice of 6 s, so the limits of both have to move."""
    account, _caller, called = office
    owner = switch.odoo.read("telecom.billing.account", switch.ref("lighthouse"), "company_id")[0]
    price = new_price(switch, "Forwarded numbers", 0.6, owner)
    switch.odoo.write("telecom.billing.account", account, inbound_rate_plan_id=price)
    set_phone(switch, called, ring_s=5, forward_no_answer_id=target_outside(switch, account, OUTSIDE))
    number = new_number(switch, account, called)
    point, carried = switch.last_record(), len(switch.carrier_legs())
    ringing = switch.phone(called, answer="ring")

    switch.call_in(number, seconds=8)
    rang = ringing.rings()["at"]
    stopped = ringing.ended(seconds=9)
    assert 4.5 < stopped["at"] - rang < 7
    time.sleep(6)  # the talk goes on
    legs = {leg["direction"]: leg for leg in switch.settled(point, legs=2)}

    outbound, inbound = legs["outbound"], legs["inbound"]
    charge_equals_the_carriers_record(switch, outbound, carried)
    assert {outbound["answered_s"], inbound["answered_s"]} <= {8, 9}
    (charge,) = switch.charges(inbound["id"])
    assert charge["gross_micro"] == inbound["answered_s"] * 10_000
    spent = price_micro(outbound["answered_s"]) + inbound["answered_s"] * 10_000
    assert switch.wallet(account) == (CREDIT - spent, 0)


def test_a_telephone_that_is_off_forwards_to_a_colleague(switch, office):
    account, caller, called = office
    colleague = staff.new_phone(switch, account, "699")
    set_phone(switch, called, forward_unreachable_id=target_of(switch, colleague))
    point = switch.last_record()
    phone, other = switch.phone(caller), switch.phone(colleague, tone_hz=440)

    phone.dial(extension(called))
    assert f"sip:{extension(caller)}@" in other.rings()["remote"]
    phone.state("CONFIRMED")
    time.sleep(1)
    phone.hang_up()
    phone.ended()

    assert tone_share(phone.recording, 440) > 0.9
    legs = switch.settled(point)
    assert {leg["direction"] for leg in legs} == {"internal"}
    assert switch.wallet(account) == (CREDIT, 0)


def test_without_credit_a_forwarded_call_is_refused_in_words_and_nothing_is_reserved(switch):
    account, caller = staff.new_account(switch, "671", 0)
    called = staff.new_phone(switch, account, "672")
    set_phone(switch, called, forward_busy_id=target_outside(switch, account, OUTSIDE))
    number = new_number(switch, account, called)
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone, _busy = switch.phone(caller), switch.phone(called, answer="486")

    phone.dial("672")
    assert phone.ended(seconds=12)["code"] == 403
    assert loud_seconds(phone.recording) > 2, "the sentence was not heard"
    before = len(switch.node.log())
    switch.call_in(number)
    assert "reason=no_credit cause=21 " in refusal(switch, before)

    legs = switch.settled(point, legs=2)
    assert {leg["direction"] for leg in legs} == {"internal", "inbound"}
    assert [leg for leg in legs if switch.charges(leg["id"])] == []
    assert len(switch.carrier_legs()) == carried
    assert switch.wallet(account) == (0, 0)


def test_forwards_in_a_circle_end(switch, office):
    account, caller, first = office
    second = staff.new_phone(switch, account, "698")
    set_phone(switch, first, forward_always_id=target_of(switch, second))
    set_phone(switch, second, forward_always_id=target_of(switch, first))
    phone, other = switch.phone(caller), switch.phone(second)
    phone.dial(extension(first))
    other.rings()  # the forward back is not followed
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()

    set_phone(switch, first, forward_always_id=False, forward_busy_id=target_of(switch, second))
    set_phone(switch, second, forward_always_id=False, forward_busy_id=target_of(switch, first))
    other.close()
    busy = [switch.phone(sip, answer="486") for sip in (first, second)]
    phone.forget()
    phone.dial(extension(first))
    assert phone.ended(seconds=6)["code"] == 486
    for one in busy:
        one.rings()
        assert sum(event["event"] == "incoming" for event in one.events) == 1


def test_a_forward_taken_back_is_not_followed_on_the_next_call(switch, office):
    account, caller, called = office
    set_phone(switch, called, forward_always_id=target_outside(switch, account, OUTSIDE))
    phone, other = switch.phone(caller), switch.phone(called)
    carried = len(switch.carrier_legs())
    talk(phone, called)
    assert not any(event["event"] == "incoming" for event in other.events)
    assert len(switch.carrier_legs()) == carried + 1

    set_phone(switch, called, forward_always_id=False)
    talk(phone, called)
    other.rings()
    assert len(switch.carrier_legs()) == carried + 1


def test_while_the_bridge_is_silent_telephones_ring_and_nothing_is_forwarded(switch, office):
    account, caller, called = office
    outside = target_outside(switch, account, OUTSIDE)
    set_phone(switch, called, forward_always_id=outside, forward_busy_id=outside)
    carried, point = len(switch.carrier_legs()), switch.last_record()
    key = f"/bss_ext/{account}-{extension(called)}"
    until(lambda: key in switch.node.command("database show bss_ext"), seconds=8, reason="the routing extract")
    phone, other = switch.phone(caller), switch.phone(called)
    switch.bridge.stop()
    try:
        phone.dial(extension(called))
        other.rings()
        phone.state("CONFIRMED")
        phone.hang_up()
        phone.ended()
    finally:
        switch.bridge.start()
    switch.settled(point)
    assert len(switch.carrier_legs()) == carried


def test_the_bridge_falls_silent_while_the_telephone_rings(switch, office):
    """The caller gets the telephone's own answer; the forward, which costs money, is not made."""
    account, caller, called = office
    set_phone(switch, called, forward_busy_id=target_outside(switch, account, OUTSIDE))
    carried, point = len(switch.carrier_legs()), switch.last_record()
    phone, other = switch.phone(caller), switch.phone(called, answer="ring")
    phone.dial(extension(called))
    other.rings()
    switch.bridge.stop()
    try:
        other.answer(486)
        assert phone.ended(seconds=8)["code"] == 486
    finally:
        switch.bridge.start()
    switch.settled(point)
    assert len(switch.carrier_legs()) == carried
    assert switch.wallet(account) == (CREDIT, 0)
