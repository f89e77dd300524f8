"""The whole PostgreSQL server goes away under calls: stopped, restarted at once, killed -9. Nothing is lost."""

import signal
import time

import pytest

from tests.support.silence import charged_calls_stop_and_others_go_on
from tests.support.until import until

AWAY_S = 1.5


@pytest.fixture
def server(switch, cluster):
    """The server of the switch; it runs again, and the bridge is healthy, after the story."""
    yield cluster
    if not cluster.runs:
        cluster.start()
    until(switch.bridge.healthy, seconds=20, reason="the bridge to be healthy again")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_call_that_runs_is_charged_when_the_server_is_back(switch, server, number):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    until(lambda: switch.all("select from telecom_leg_open"), reason="the answer to be read")
    server.stop(number)
    time.sleep(AWAY_S)
    phone.hang_up()
    phone.ended()
    server.start()
    until(lambda: switch.last_record() > point, seconds=20, reason="settlement")
    (leg,) = switch.settled(point)
    assert leg["answered_s"] >= AWAY_S
    assert switch.wallet(acme) == (before - switch.charges(leg["id"])[0]["gross_micro"], 0)


def test_a_restart_in_the_middle_of_settlements_charges_each_leg_once(switch, server):
    """Calls end one after the other while the server is restarted under them."""
    point = switch.last_record()
    phones = [switch.phone("101"), switch.phone("102")]
    for phone in phones:
        phone.dial("02079460000")
    for phone in phones:
        phone.state("CONFIRMED")
    time.sleep(1)
    phones[0].hang_up()
    server.stop()
    phones[1].hang_up()
    server.start()
    until(lambda: switch.last_record() > point, seconds=20, reason="settlement")
    assert len(switch.settled(point, legs=2)) == 2


def test_without_the_server_charged_calls_are_refused_in_words_and_others_go_on(switch, server):
    caller, called = switch.phone("101"), switch.phone("102", answer="486")
    server.stop(signal.SIGKILL)
    charged_calls_stop_and_others_go_on(switch, caller, called, patience_s=15)
    server.start()
