"""Without credit a call does not start: the caller hears why, and nothing is set aside."""

from tests.support.sound import loud_seconds


def test_a_caller_without_credit_hears_why_and_nothing_is_reserved(switch):
    empty = switch.account("empty")
    carried, point = len(switch.carrier_legs()), switch.last_record()
    phone = switch.phone("401")

    phone.dial("02079460000")
    end = phone.ended(seconds=12)

    assert end["code"] == 403
    assert not phone.was_answered()
    assert loud_seconds(phone.recording) > 2, "the sentence was not heard"
    assert switch.wallet(empty) == (0, 0)
    assert switch.last_record() == point
    assert len(switch.carrier_legs()) == carried
    assert "action=call_refused reason=no_credit" in switch.node.log()


def test_a_telephone_without_credit_is_still_called(switch):
    """Its emergency calls go through as well."""
    point = switch.last_record()
    phone = switch.phone("401")
    phone.dial("999")
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    assert (leg["direction"], leg["dialled"]) == ("emergency", "999")
    assert switch.charges(leg["id"]) == []
