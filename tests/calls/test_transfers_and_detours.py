"""Transfers meet ring groups and forwards: each leg is still charged to its end, as the carrier counts it."""

import time

import pytest

from tests.support.detours import new_group, number_to, set_phone, target_of, target_outside
from tests.support.transfers import LONDON, LONDON_E164, MOBILE, MOBILE_E164, Office, Story


@pytest.fixture(scope="module")
def office(whole_switch):
    return Office(whole_switch, "Transfers and detours")


@pytest.mark.parametrize("attended", [False, True], ids=["blind", "attended"])
def test_a_member_of_a_ring_group_that_was_asked_hands_the_call_on(switch, office, attended):
    """The member is behind a channel of its own (Local), which stays between the carrier and the number outside."""
    account = office.accounts[0]
    group = new_group(switch, account, f"64{attended:d}", [target_of(switch, office.first)], screen_calls=True)
    number = number_to(switch, account, group)
    story = Story(switch, office.accounts, office.first)

    switch.call_in(number, seconds=9)
    story.phone.state("CONFIRMED")
    time.sleep(1)
    story.phone.digits("1")
    time.sleep(1)
    story.transfer(MOBILE, attended=attended)
    time.sleep(2)
    story.phone.hang_up()

    found = {leg["e164"] or leg["direction"]: leg for leg in story.agrees(2)}
    assert found[MOBILE_E164]["answered_s"] >= 2
    assert len({leg["linkedid"] for leg in found.values()}) == 1


def test_a_party_sent_to_a_busy_colleague_goes_on_by_the_colleagues_forward(switch, office):
    """Its own leg runs on while the bridge is asked a second time; the forward is the account's cost."""
    set_phone(switch, office.second, forward_busy_id=target_outside(switch, office.accounts[0], MOBILE_E164))
    story = Story(switch, office.accounts, office.first)
    busy = switch.phone(office.second, answer="486")
    try:
        story.dial(LONDON)
        story.transfer("602", attended=False)
        time.sleep(3)
        assert switch.node.channels() == 2
        story.hang_up_far()
        answered = [leg for leg in story.agrees(3) if leg["answered_s"]]
        assert {leg["e164"] for leg in answered} == {LONDON_E164, MOBILE_E164}
        assert busy.wait(lambda event: event["event"] == "incoming")
    finally:
        set_phone(switch, office.second, forward_busy_id=False)
