"""The bridge is away or hangs: what costs money is refused in words, everything else goes on (charging.md 15)."""

import signal

import pytest

from tests.support.silence import charged_calls_stop_and_others_go_on
from tests.support.until import until


@pytest.fixture(params=["down", "hung"])
def silent(request, whole_switch):
    """A switch whose bridge does not answer; it answers again, and has caught up, when the story is over."""
    switch = whole_switch
    until(lambda: "bss_emergency" in switch.node.command("database show"), seconds=10, reason="the extract in AstDB")
    if request.param == "down":
        switch.bridge.stop()
    else:
        switch.bridge.send(signal.SIGSTOP)
    yield switch
    switch.hang_up_all()
    if request.param == "down":
        switch.bridge.start()
    else:
        switch.bridge.send(signal.SIGCONT)
        until(switch.bridge.healthy, seconds=10)


@pytest.mark.usefixtures("switch")
def test_a_silent_bridge_stops_charged_calls_only(silent):
    switch = silent
    acme, point = switch.account("acme"), switch.last_record()
    before, carried = switch.wallet(acme), len(switch.carrier_legs())
    caller, called = switch.phone("101"), switch.phone("102", answer="486")

    charged_calls_stop_and_others_go_on(switch, caller, called, patience_s=12)
    (emergency,) = switch.carrier_legs()[carried:]
    assert emergency.userfield == "atlantic/999"
    assert emergency.account == "442079460999"

    called.forget()
    switch.call_in("442079460999", seconds=2)
    caller.rings(seconds=8)

    assert switch.wallet(acme) == before
    assert switch.last_record() == point, "nobody can have written records"
