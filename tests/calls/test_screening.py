"""Whoever answers is asked: 1 takes the call, anything else does not; answered seconds are charged either way."""

import time

import pytest

from tests.support import staff
from tests.support.detours import (
    answered_by_carriers,
    charge_equals_the_carriers_record,
    charged_like,
    extension,
    new_group,
    price_micro,
    set_phone,
    target_of,
    target_outside,
)
from tests.support.sound import loud_seconds, tone_share

CREDIT = 1_000_000
PRESSES_1 = "442079460021"
PRESSES_2 = "442079460022"
PRESSES_NOTHING = "442079460000"


@pytest.fixture
def office(switch):
    """An account with credit, a telephone that calls and one whose calls are announced; (account, caller, called)."""
    office.count = getattr(office, "count", 0) + 1
    account, caller = staff.new_account(switch, f"8{office.count:02}1", CREDIT)
    called = staff.new_phone(switch, account, f"8{office.count:02}2")
    set_phone(switch, called, screen_calls=True)
    return account, caller, called


def test_a_telephone_that_presses_1_talks(switch, office):
    _account, caller, called = office
    point = switch.last_record()
    phone, other = switch.phone(caller), switch.phone(called, tone_hz=440)

    phone.dial(extension(called))
    other.state("CONFIRMED")
    time.sleep(2)
    assert not phone.was_answered()
    assert loud_seconds(other.recording) > 0.5, "nobody was asked"
    other.digits("1")
    phone.state("CONFIRMED")
    time.sleep(2)
    phone.hang_up()
    phone.ended()

    assert tone_share(phone.recording, 440) > 0.9
    assert tone_share(other.recording, 620) > 0.2  # after the question
    (leg,) = switch.settled(point)
    assert (leg["direction"], leg["disposition"]) == ("internal", "answered")


@pytest.mark.parametrize("key", ["5", ""])
def test_a_telephone_that_does_not_press_1_is_not_connected(switch, office, key):
    """Nothing pressed: the question comes twice. Then the no-answer forward has its turn."""
    account, caller, called = office
    colleague = staff.new_phone(switch, account, "899" if key else "898")
    set_phone(switch, called, forward_no_answer_id=target_of(switch, colleague))
    phone, asked = switch.phone(caller), switch.phone(called)
    other = switch.phone(colleague, tone_hz=440)

    phone.dial(extension(called))
    asked.state("CONFIRMED")
    if key:
        time.sleep(1)
        asked.digits(key)
    other.rings(seconds=5 if key else 40)
    assert asked.ended()["code"] == 200
    phone.state("CONFIRMED")
    time.sleep(1)
    phone.hang_up()
    phone.ended()
    assert tone_share(phone.recording, 440) > 0.9
    assert tone_share(asked.recording, 620) < 0.2


def test_a_caller_who_gives_up_ends_the_question(switch, office):
    account, caller, called = office
    set_phone(switch, called, forward_always_id=target_outside(switch, account, PRESSES_NOTHING))
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone(caller)

    phone.dial(extension(called))
    time.sleep(2)
    phone.hang_up()
    phone.ended()

    leg = outbound(switch, point)
    assert charge_equals_the_carriers_record(switch, leg, carried).seconds < 5
    assert switch.wallet(account) == (CREDIT - price_micro(leg["answered_s"]), 0)


@pytest.mark.parametrize("by", ["forward", "group"])
def test_a_number_outside_that_presses_1_is_charged_from_its_answer(switch, office, by):
    account, caller, called = office
    dialled = lead_outside(switch, account, called, PRESSES_1, by)
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone(caller)

    phone.dial(dialled)
    phone.state("CONFIRMED", seconds=8)
    time.sleep(2)
    phone.hang_up()
    phone.ended()

    assert tone_share(phone.recording, 620) > 0.9  # the far end returns what it hears
    leg = outbound(switch, point)
    told = charge_equals_the_carriers_record(switch, leg, carried)
    assert told.seconds > 4  # asked for 2 s, talked for 2
    assert switch.wallet(account) == (CREDIT - price_micro(leg["answered_s"]), 0)


@pytest.mark.parametrize("by", ["forward", "group"])
def test_a_number_outside_that_declines_is_charged_what_the_carrier_recorded(switch, office, by):
    account, caller, called = office
    dialled = lead_outside(switch, account, called, PRESSES_2, by)
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone(caller)

    phone.dial(dialled)
    assert phone.ended(seconds=10)["code"] >= 400
    assert not phone.was_answered()

    leg = outbound(switch, point)
    told = charge_equals_the_carriers_record(switch, leg, carried)
    assert 2 < told.seconds < 6
    assert leg["answered_s"] >= 3
    assert switch.wallet(account) == (CREDIT - price_micro(leg["answered_s"]), 0)


def test_two_outside_that_answer_and_are_asked_are_both_charged(switch, office):
    """One presses 1 after 2 s and talks; the other one was answered as long as it was asked."""
    account, caller, _called = office
    targets = [target_outside(switch, account, number) for number in (PRESSES_1, PRESSES_NOTHING)]
    new_group(switch, account, "856", targets, screen_calls=True)
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone(caller)

    phone.dial("856")
    phone.state("CONFIRMED", seconds=8)
    time.sleep(2)
    phone.hang_up()
    phone.ended()

    legs = {leg["e164"]: leg for leg in switch.settled(point, legs=2)}
    told = {one.userfield.partition("/")[2]: one for one in answered_by_carriers(switch, carried)}
    assert told.keys() == {PRESSES_1, PRESSES_NOTHING}
    for e164, one in told.items():
        charged_like(switch, legs[e164], one)
    assert 1.5 < told[PRESSES_NOTHING].seconds < told[PRESSES_1].seconds - 0.5  # ends within a word
    assert legs[PRESSES_1]["call_ref"] != legs[PRESSES_NOTHING]["call_ref"]
    spent = sum(price_micro(legs[e164]["answered_s"]) for e164 in told)
    assert switch.wallet(account) == (CREDIT - spent, 0)


def lead_outside(switch, account, called, number, by):
    """Let an extension lead to a number outside that is asked; the extension."""
    target = target_outside(switch, account, number)
    if by == "group":
        new_group(switch, account, "855", [target], screen_calls=True)
        return "855"
    set_phone(switch, called, forward_always_id=target)
    return extension(called)


def outbound(switch, point):
    (leg,) = [leg for leg in switch.settled(point) if leg["direction"] == "outbound"]
    return leg
