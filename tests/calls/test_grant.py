"""A call lasts as long as it is paid for: extended while there is credit, ended when there is none."""

import signal
import time

import pytest

from tests.support import staff


def test_a_call_is_cut_off_when_the_credit_ends(switch):
    """0.016 buys 8 s to a German mobile at 0.12 a minute; the charge never exceeds it."""
    account, sip = staff.new_account(switch, "501", 16_000)
    point = switch.last_record()
    phone = switch.phone(sip)

    phone.dial("004915112340000")
    phone.state("CONFIRMED")
    assert phone.talked(seconds=15) == pytest.approx(7.8, abs=0.5)
    (leg,) = switch.settled(point)
    (charge,) = switch.charges(leg["id"])
    assert (leg["answered_s"], charge["gross_micro"]) == (8, 16_000)
    assert switch.wallet(account) == (0, 0)


def test_a_call_goes_on_past_its_first_slice(switch):
    """The first slice is 6 s in these tests; the call lasts longer and is charged once, for all of it."""
    account, sip = staff.new_account(switch, "502", 1_000_000)
    point = switch.last_record()
    phone = switch.phone(sip)

    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(7.4)
    assert not any(event.get("state") == "DISCONNECTED" for event in phone.events)
    phone.hang_up()
    phone.ended()

    (leg,) = switch.settled(point)
    (charge,) = switch.charges(leg["id"])
    assert (leg["answered_s"], charge["gross_micro"]) == (8, 5_300)  # 8 x 0.04/60 = 0.005333 -> 0.0053
    assert switch.wallet(account) == (1_000_000 - 5_300, 0)


def test_a_call_ends_at_its_grant_when_the_bridge_is_dead(switch):
    """The bridge is killed while it rings: Asterisk itself ends the call after the 6 s that were set aside."""
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")

    phone.dial("02079460003")
    phone.state("EARLY")
    switch.bridge.stop(signal.SIGKILL)
    phone.state("CONFIRMED")
    talked = phone.talked(seconds=12)
    switch.bridge.start()

    assert talked == pytest.approx(5.8, abs=0.4)
    (leg,) = switch.settled(point)
    assert leg["answered_s"] == 6
    assert switch.wallet(acme) == (before - 15_000, 0)  # 0.0125 + 6 x 0.025/60


def test_credit_that_comes_in_mid_call_is_used(switch):
    """6 s of credit, a top-up while talking: the call is not cut."""
    account, sip = staff.new_account(switch, "503", 12_000)
    point = switch.last_record()
    phone = switch.phone(sip)

    phone.dial("004915112340000")
    phone.state("CONFIRMED")
    time.sleep(1)
    staff.top_up(switch, account, 20_000)
    time.sleep(6.4)
    phone.hang_up()
    phone.ended()

    (leg,) = switch.settled(point)
    assert leg["answered_s"] == 8
    assert switch.wallet(account) == (16_000, 0)
