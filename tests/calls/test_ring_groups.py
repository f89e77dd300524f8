"""Several ring for one call: each one outside is a reservation and a charge of its own, by the carrier's record."""

import time

import pytest

from tests.support import staff
from tests.support.detours import (
    answered_by_carriers,
    charge_equals_the_carriers_record,
    charged_like,
    new_group,
    number_to,
    price_micro,
    set_phone,
    target_of,
    target_outside,
)
from tests.support.inbound import new_price
from tests.support.sound import tone_share
from tests.support.until import until

CREDIT = 1_000_000
ANSWERS = "442079460000"
ANSWERS_AFTER_3_S = "442079460003"
ALSO_AFTER_3_S = "442079470003"
RINGS_FOR_EVER = "442079460480"
GROUP = "755"
LOSE_RACE = 26  # Asterisk ends a channel with this cause when somebody else answered first


@pytest.fixture
def office(switch):
    """An account with credit, a telephone that calls and a second one; (account, caller, second)."""
    office.count = getattr(office, "count", 0) + 1
    account, caller = staff.new_account(switch, f"7{office.count:02}1", CREDIT)
    return account, caller, staff.new_phone(switch, account, f"7{office.count:02}2")


def outside(switch, account, *numbers):
    return [target_outside(switch, account, number) for number in numbers]


def reserved_calls(switch):
    return [one for one in switch.reservations() if any(one["amounts_micro"])]


def test_whoever_outside_answers_is_charged_and_the_other_is_given_back(switch, office):
    """The talk is longer than the first slice of 6 s, so the limit of the leg outside has to move."""
    account, caller, second = office
    members = [target_of(switch, second), *outside(switch, account, RINGS_FOR_EVER, ANSWERS_AFTER_3_S)]
    new_group(switch, account, GROUP, members)
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone, ringing = switch.phone(caller), switch.phone(second, answer="ring")

    phone.dial(GROUP)
    ringing.rings()
    until(lambda: len(reserved_calls(switch)) == 2, seconds=2.5, reason="a reservation for each member outside")
    phone.state("CONFIRMED")
    until(lambda: len(reserved_calls(switch)) == 1, seconds=3, reason="the other reservation to be given back")
    ringing.ended()
    time.sleep(8)
    assert not any(event.get("state") == "DISCONNECTED" for event in phone.events)
    phone.hang_up()
    phone.ended()

    assert tone_share(phone.recording, 620) > 0.9  # the far end returns what it hears
    legs = {leg["e164"]: leg for leg in switch.settled(point, legs=3)}
    told = charge_equals_the_carriers_record(switch, legs[ANSWERS_AFTER_3_S], carried)
    assert told.userfield == f"atlantic/{ANSWERS_AFTER_3_S}"
    assert legs[ANSWERS_AFTER_3_S]["answered_s"] in {8, 9}
    assert len(switch.carrier_legs()) == carried + 2
    assert (legs[RINGS_FOR_EVER]["answered_s"], switch.charges(legs[RINGS_FOR_EVER]["id"])) == (0, [])
    assert len({leg["call_ref"] for leg in legs.values()}) == 3
    assert switch.wallet(account) == (CREDIT - price_micro(legs[ANSWERS_AFTER_3_S]["answered_s"]), 0)


def test_a_telephone_that_answers_first_ends_the_others_for_nothing(switch, office):
    account, caller, second = office
    new_group(switch, account, GROUP, [target_of(switch, second), *outside(switch, account, RINGS_FOR_EVER)])
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone, other = switch.phone(caller), switch.phone(second, answer="ring", tone_hz=440)

    phone.dial(GROUP)
    other.rings()
    until(lambda: reserved_calls(switch), seconds=4, reason="a reservation for the member outside")
    time.sleep(1)
    other.answer()
    phone.state("CONFIRMED")
    time.sleep(1.5)
    phone.hang_up()
    phone.ended()

    assert tone_share(phone.recording, 440) > 0.9
    switch.settled(point, legs=2)
    assert len(switch.carrier_legs()) == carried + 1
    assert answered_by_carriers(switch, carried) == []
    assert switch.wallet(account) == (CREDIT, 0)


def test_two_that_answer_at_the_same_moment_are_charged_as_the_carriers_recorded(switch, office):
    """Who is connected is chance. An answer that crosses our CANCEL lasts no time: no journal of ours can have it."""
    account, caller, _second = office
    new_group(switch, account, GROUP, outside(switch, account, ANSWERS_AFTER_3_S, ALSO_AFTER_3_S))
    phone, spent = switch.phone(caller), 0
    for _ in range(3):
        point, carried = switch.last_record(), len(switch.carrier_legs())
        phone.forget()
        phone.dial(GROUP)
        phone.state("CONFIRMED", seconds=8)
        time.sleep(1)
        phone.hang_up()
        phone.ended()

        legs = {leg["e164"]: leg for leg in switch.settled(point, legs=2)}
        told = {one.userfield.partition("/")[2]: one for one in answered_by_carriers(switch, carried)}
        crossed = {e164 for e164, one in told.items() if one.cause == LOSE_RACE and one.seconds < 0.05}
        charged = {e164 for e164, leg in legs.items() if switch.charges(leg["id"])}
        assert told.keys() - crossed <= charged <= told.keys()
        for e164 in charged:
            charged_like(switch, legs[e164], told[e164])
        spent += sum(price_micro(legs[e164]["answered_s"]) for e164 in charged)
        assert switch.wallet(account) == (CREDIT - spent, 0)


def test_one_after_the_other_rings_in_the_order_of_the_page(switch, office):
    account, caller, busy = office
    silent = staff.new_phone(switch, account, "756")
    order = [target_of(switch, busy), target_of(switch, silent), *outside(switch, account, ANSWERS)]
    new_group(switch, account, GROUP, order, strategy="serial", ring_s=5)
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone(caller)
    first, then = switch.phone(busy, answer="486"), switch.phone(silent, answer="ring")

    phone.dial(GROUP)
    first.rings()
    rang = then.rings()["at"]
    assert len(switch.carrier_legs()) == carried
    stopped = then.ended(seconds=8)["at"]
    assert 4.5 < stopped - rang < 7
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()

    legs = switch.settled(point, legs=3)
    (talked,) = [leg for leg in legs if leg["direction"] == "outbound"]
    charge_equals_the_carriers_record(switch, talked, carried)
    assert sorted(leg["disposition"] for leg in legs if leg["direction"] == "internal") == ["busy", "no_answer"]


def test_without_credit_telephones_ring_and_nobody_outside_does(switch):
    account, caller = staff.new_account(switch, "7901", 0)
    second = staff.new_phone(switch, account, "7902")
    new_group(switch, account, GROUP, [target_of(switch, second), *outside(switch, account, ANSWERS)])
    new_group(switch, account, "757", outside(switch, account, ANSWERS))
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone, other = switch.phone(caller), switch.phone(second, answer="ring")

    phone.dial(GROUP)
    other.rings()
    time.sleep(1)
    assert reserved_calls(switch) == []
    other.answer()
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
    switch.settled(point)

    before = len(switch.node.log())
    phone.forget()
    phone.dial("757")
    assert phone.ended(seconds=6)["code"] >= 400
    assert "action=call_refused reason=no_credit" in switch.node.log()[before:]
    assert len(switch.carrier_legs()) == carried
    assert switch.wallet(account) == (0, 0)


def test_a_number_that_leads_to_a_ring_group_pays_both_legs(switch, office):
    account, _caller, second = office
    owner = switch.odoo.read("telecom.billing.account", switch.ref("lighthouse"), "company_id")[0]
    price = new_price(switch, "Numbers of ring groups", 0.6, owner)
    switch.odoo.write("telecom.billing.account", account, inbound_rate_plan_id=price)
    group = new_group(switch, account, GROUP, [target_of(switch, second), *outside(switch, account, ANSWERS_AFTER_3_S)])
    number = number_to(switch, account, group)
    point, carried = switch.last_record(), len(switch.carrier_legs())
    ringing = switch.phone(second, answer="ring")

    switch.call_in(number, seconds=8)
    assert "sip:442071234567@" in ringing.rings()["remote"]
    time.sleep(12)
    legs = {(leg["direction"], leg["e164"]): leg for leg in switch.settled(point, legs=2)}

    outbound, inbound = legs["outbound", ANSWERS_AFTER_3_S], legs["inbound", number]
    told = charge_equals_the_carriers_record(switch, outbound, carried)
    assert told.account == number
    assert {outbound["answered_s"], inbound["answered_s"]} <= {8, 9}
    (charge,) = switch.charges(inbound["id"])
    assert charge["gross_micro"] == inbound["answered_s"] * 10_000
    spent = price_micro(outbound["answered_s"]) + inbound["answered_s"] * 10_000
    assert switch.wallet(account) == (CREDIT - spent, 0)


def test_while_the_bridge_is_silent_the_telephones_of_a_group_ring(switch, office):
    account, caller, second = office
    third = staff.new_phone(switch, account, "758")
    new_group(switch, account, GROUP, [*(target_of(switch, one) for one in (second, third)),
                                       *outside(switch, account, ANSWERS)])  # fmt: skip
    carried, point, key = len(switch.carrier_legs()), switch.last_record(), f"/bss_ext/{account}-{GROUP}"
    until(lambda: key in switch.node.command("database show bss_ext"), seconds=8, reason="the routing extract")
    phone = switch.phone(caller)
    others = [switch.phone(one, answer="ring") for one in (second, third)]
    switch.bridge.stop()
    try:
        phone.dial(GROUP)
        for other in others:
            other.rings(seconds=8)
        others[0].answer()
        phone.state("CONFIRMED")
        phone.hang_up()
        phone.ended()
    finally:
        switch.bridge.start()
    switch.settled(point)
    assert len(switch.carrier_legs()) == carried


def test_a_member_that_forwards_all_calls_rings_there(switch, office):
    account, caller, second = office
    set_phone(switch, second, forward_always_id=target_outside(switch, account, ANSWERS))
    new_group(switch, account, GROUP, [target_of(switch, second)])
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone(caller)

    phone.dial(GROUP)
    phone.state("CONFIRMED")
    time.sleep(1)
    phone.hang_up()
    phone.ended()

    (leg,) = switch.settled(point)
    charge_equals_the_carriers_record(switch, leg, carried)
    assert leg["phone_id"] == switch.odoo.find("telecom.phone", ("sip_username", "=", second.username))
