"""Telephones of one account call each other for nothing, by extension; telephones of others are out of reach."""

import time

from tests.support.sound import tone_share


def test_an_internal_call_is_heard_and_free(switch):
    acme = switch.account("acme")
    before, point, carried = switch.wallet(acme), switch.last_record(), len(switch.carrier_legs())
    caller = switch.phone("101", tone_hz=620)
    called = switch.phone("102", tone_hz=440)

    caller.dial("102")
    caller.state("CONFIRMED")
    time.sleep(1.2)
    caller.hang_up()
    caller.ended()
    called.ended()

    assert tone_share(caller.recording, 440) > 0.9
    assert tone_share(called.recording, 620) > 0.9
    (leg,) = switch.settled(point)
    assert (leg["direction"], leg["disposition"]) == ("internal", "answered")
    assert switch.charges(leg["id"]) == []
    assert switch.wallet(acme) == before
    assert len(switch.carrier_legs()) == carried


def test_a_telephone_of_another_account_is_no_colleague(switch):
    """201 is Harbour Cafe's: dialled by Acme it is an ordinary number, and none that exists."""
    stranger = switch.phone("201")
    caller = switch.phone("101")
    caller.dial("201")
    assert caller.ended(seconds=12)["code"] in (404, 484)
    assert not any(event["event"] == "incoming" for event in stranger.events)
