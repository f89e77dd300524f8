"""The bridge is stopped (SIGSTOP) for half a minute: running calls end at their grants, new ones are refused."""

import signal
import time

import pytest

from tests.support.until import until

HUNG_S = 30
GRANT_S = 6  # tests/support/switch.py


@pytest.fixture
def hung(switch):
    """Freezes the bridge; it runs on by itself after the story."""
    yield lambda: switch.bridge.send(signal.SIGSTOP)
    switch.bridge.send(signal.SIGCONT)
    until(switch.bridge.healthy, seconds=15)


def test_half_a_minute_without_the_bridge_loses_and_gives_away_nothing(switch, hung):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    running, late = switch.phone("101"), switch.phone("102")
    running.dial("02079460000")
    running.state("CONFIRMED")
    time.sleep(0.5)
    carried = len(switch.carrier_legs())
    hung()
    frozen_at = time.monotonic()
    granted_s = switch.reservations()[0]["granted_s"]  # ahead of the first slice by what a warning would need
    assert granted_s < HUNG_S
    late.dial("02079460000")
    running.ended(seconds=granted_s + 4)
    assert late.ended(seconds=12)["code"] == 503
    assert len(switch.carrier_legs()) == carried
    time.sleep(max(0.0, frozen_at + HUNG_S - time.monotonic()))
    assert switch.last_record() == point
    switch.bridge.send(signal.SIGCONT)
    (leg,) = switch.settled(point)
    assert GRANT_S <= leg["answered_s"] <= granted_s
    assert switch.wallet(acme) == (before - switch.charges(leg["id"])[0]["gross_micro"], 0)
