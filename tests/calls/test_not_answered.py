"""Calls that nobody answers: the caller learns the cause, nobody pays, the attempt is recorded."""

import time

import pytest


@pytest.mark.parametrize(
    ("number", "sip_code", "disposition", "cause"),
    [("02079460486", 486, "busy", 17), ("02079460404", 404, "failed", 1)],
)
def test_a_call_that_the_other_side_ends(switch, number, sip_code, disposition, cause):
    acme = switch.account("acme")
    before, point = switch.wallet(acme), switch.last_record()
    phone = switch.phone("101")

    phone.dial(number)
    assert phone.ended()["code"] == sip_code

    (leg,) = switch.settled(point)
    assert (leg["disposition"], leg["hangup_cause"], leg["answered_s"]) == (disposition, cause, 0)
    assert switch.charges(leg["id"]) == []
    assert switch.wallet(acme) == before


def test_the_caller_hangs_up_while_it_rings(switch):
    acme = switch.account("acme")
    before, point = switch.wallet(acme), switch.last_record()
    phone = switch.phone("101")

    phone.dial("02079460480")
    phone.state("EARLY")
    assert len(switch.reservations()) == 1
    time.sleep(0.5)
    phone.hang_up()
    assert phone.ended()["code"] == 487

    (leg,) = switch.settled(point)
    assert (leg["disposition"], leg["answered_s"]) == ("cancelled", 0)
    assert switch.wallet(acme) == before


def test_a_telephone_that_is_not_there(switch):
    phone = switch.phone("101")
    phone.dial("102")
    assert phone.ended()["code"] in (404, 480)
