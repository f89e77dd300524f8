"""The machine's clock is set in mid call, by a person or NTP: everybody pays for the seconds that have passed.

Asterisk and the bridge run under a clock of the story's own (tests/support/wall_clock.py); the carrier's stays right.
"""

import time

import pytest

from tests.support import staff
from tests.support.until import until

HOUR_S = 3600.0
GRANT_S = 6  # tests/support/switch.py


def findings(switch, kind):
    return switch.all("select * from telecom_switch_finding where kind = %s order by id", kind)


@pytest.mark.parametrize("step_s", [-HOUR_S, -2.0, 2.0])
def test_a_call_over_a_step_is_extended_and_charged_by_the_time_that_passed(switch, clock, step_s):
    acme, point = switch.account("acme"), switch.last_record()
    before, known = switch.wallet(acme)[0], len(findings(switch, "clock_set"))
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    answered = time.monotonic()
    until(lambda: switch.all("select from telecom_leg_open"), reason="the answer to be read")
    time.sleep(1)
    clock.set(step_s)
    (finding,) = until(lambda: findings(switch, "clock_set")[known:], reason="the bridge to notice")
    assert float(finding["seconds"]) == pytest.approx(step_s, abs=0.01)
    time.sleep(max(0.0, answered + GRANT_S + 1.4 - time.monotonic()))
    assert not any(event.get("state") == "DISCONNECTED" for event in phone.events)
    phone.hang_up()
    phone.ended()
    talked = time.monotonic() - answered
    (leg,) = switch.settled(point)
    assert leg["duration_us"] / 1e6 == pytest.approx(talked, abs=0.5)
    assert leg["terms"]["clock_set_s"] == pytest.approx(step_s, abs=0.01)
    assert switch.wallet(acme) == (before - switch.charges(leg["id"])[0]["gross_micro"], 0)
    assert "clock_set" in switch.bridge.health()["alarms"]


def test_a_clock_set_back_gives_nobody_time_that_is_not_paid_for(switch, clock):
    """Asterisk's own limits are wall clock: without the bridge this call would last an hour longer than its 8 s."""
    account, sip = staff.new_account(switch, "504", 16_000)
    point = switch.last_record()
    phone = switch.phone(sip)
    phone.dial("004915112340000")
    phone.state("CONFIRMED")
    began = time.monotonic()
    time.sleep(1)
    clock.set(-HOUR_S)
    phone.ended(seconds=15)
    assert time.monotonic() - began == pytest.approx(7.8, abs=0.7)
    (leg,) = switch.settled(point)
    (charge,) = switch.charges(leg["id"])
    assert (leg["answered_s"], charge["gross_micro"]) == (8, 16_000)
    assert switch.wallet(account) == (0, 0)


def test_a_clock_set_far_forward_ends_calls_and_charges_nobody_for_the_jump(switch, clock):
    """Asterisk sees its limit passed at once; what is charged is what was talked."""
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    began = time.monotonic()
    time.sleep(1.5)
    clock.set(HOUR_S)
    phone.ended(seconds=5)
    talked = time.monotonic() - began
    (leg,) = switch.settled(point)
    assert leg["duration_us"] / 1e6 == pytest.approx(talked, abs=0.5)
    assert switch.wallet(acme) == (before - switch.charges(leg["id"])[0]["gross_micro"], 0)


def test_a_step_while_the_bridge_is_away_is_seen_by_the_next_one(switch, clock):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial("02079460003")
    phone.state("CONFIRMED", seconds=8)
    began = time.monotonic()
    until(lambda: switch.all("select from telecom_leg_open"), reason="the answer to be read")
    switch.bridge.stop()
    clock.set(-HOUR_S)
    switch.bridge.start()
    phone.hang_up()
    phone.ended()
    talked = time.monotonic() - began
    (leg,) = switch.settled(point)
    assert leg["duration_us"] / 1e6 == pytest.approx(talked, abs=0.5)
    assert switch.wallet(acme) == (before - switch.charges(leg["id"])[0]["gross_micro"], 0)
