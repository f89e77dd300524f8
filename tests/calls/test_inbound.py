"""A carrier brings a call for one of our numbers."""

import pytest

from tests.support.sound import tone_share
from tests.support.until import until


def test_a_call_to_our_number_rings_its_telephone(switch):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)
    phone = switch.phone("101")

    switch.call_in("442079460999")
    phone.rings()
    phone.state("CONFIRMED")
    phone.ended()

    assert tone_share(phone.recording, 440) > 0.9
    legs = switch.settled(point)
    assert {leg["direction"] for leg in legs} <= {"inbound", "internal"}
    inbound = next(leg for leg in legs if leg["direction"] == "inbound")
    assert (inbound["account_id"], inbound["disposition"]) == (acme, "answered")
    assert switch.wallet(acme) == before


@pytest.mark.parametrize("number", ["442079460998", "0", "44207946099912345"])
def test_a_number_that_is_not_ours_is_unallocated(switch, number):
    log = len(switch.node.log())
    switch.call_in(number)
    lines = until(
        lambda: [line for line in switch.node.log()[log:].splitlines() if "action=call_refused" in line], seconds=5
    )
    assert len(lines) == 1
    assert "reason=bad_number cause=1 " in lines[0]


def test_a_stranger_cannot_bring_calls(switch):
    """Only a carrier's own address is a trunk: the telephones' address is challenged."""
    from tests.support.raw_sip import RawPhone

    stranger = RawPhone(switch.phone_ip, switch.node.sip, "442071234567", "x")
    try:
        assert stranger.invite("442079460999") in (401, 403)
    finally:
        stranger.close()
