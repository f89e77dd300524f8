"""PostgreSQL does not answer and does not go away either: every process of it hangs, or the network path does."""

import time

import pytest

from tests.support.silence import charged_calls_stop_and_others_go_on
from tests.support.until import until

HUNG_S = 4
GRANT_S = 6  # tests/support/switch.py


@pytest.fixture(params=["server", "path"])
def hung(request, switch, cluster, way):
    """`begin()` and `end()` of the silence; it has ended, and the bridge is healthy, after the story."""
    part = cluster if request.param == "server" else way
    yield part.freeze, part.thaw
    part.thaw()
    until(switch.bridge.healthy, seconds=30, reason="the bridge to be healthy again")


def test_a_call_ends_at_its_grant_and_is_charged_once_when_the_database_answers_again(switch, hung):
    begin, end = hung
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    until(lambda: switch.all("select from telecom_leg_open"), reason="the answer to be read")
    begin()
    phone.ended(seconds=GRANT_S + 4)
    time.sleep(HUNG_S)
    end()
    until(lambda: switch.last_record() > point, seconds=40, reason="settlement")
    (leg,) = switch.settled(point)
    assert leg["answered_s"] <= GRANT_S
    assert switch.wallet(acme) == (before - switch.charges(leg["id"])[0]["gross_micro"], 0)


def test_new_calls_that_cost_are_refused_in_words_and_others_go_on(switch, hung):
    begin, _ = hung
    caller, called = switch.phone("101"), switch.phone("102", answer="486")
    begin()
    charged_calls_stop_and_others_go_on(switch, caller, called, patience_s=15)
