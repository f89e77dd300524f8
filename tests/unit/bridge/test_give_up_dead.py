"""An attempt that brings nothing back is ended; one that brought anything is left alone."""

import asyncio

import pytest

from telecom_switch_bridge.ami.attempts import attempt_of
from telecom_switch_bridge.ami.switch import AmiSwitch
from telecom_switch_bridge.core.rating import Tariff
from telecom_switch_bridge.errors import SwitchAbsent
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.observe.metrics import Metrics
from telecom_switch_bridge.observe.names import declare_counters
from telecom_switch_bridge.services import give_up_dead
from telecom_switch_bridge.services.frozen_terms import terms_from_json, terms_to_json
from telecom_switch_bridge.services.give_up_dead import GiveUpDead
from telecom_switch_bridge.services.prepare_call import prepare_call

from .fakes import FakeSwitch
from .test_ami import asterisk, connected, until
from .world import NOW, demo, request

__all__ = ["asterisk"]
LEG = "PJSIP/trunk-1-00000001"


class Watch:
    """The service with a clock that a test moves."""

    def __init__(self, switch):
        self.switch = switch
        self.metrics = Metrics()
        declare_counters(self.metrics)
        self.waits = []
        self.service = GiveUpDead(switch=switch, log=Log("test"), metrics=self.metrics, sleep=self._sleep)

    async def _sleep(self, seconds):
        gate = asyncio.Event()
        self.waits.append((seconds, gate))
        await gate.wait()

    async def pass_time(self):
        """All waiting is over; lets the tasks run."""
        await asyncio.sleep(0)
        for _seconds, gate in self.waits:
            gate.set()
        for _ in range(5):
            await asyncio.sleep(0)

    def given_up(self):
        return self.metrics.value("bss_attempts_given_up_total") == 1


@pytest.mark.parametrize("answered_back", [False, True])
async def test_only_a_leg_that_brought_nothing_back_is_ended(answered_back):
    watch = Watch(FakeSwitch({"a-1.1": LEG}))
    if answered_back:
        watch.switch.answered_back.add(LEG)
    watch.service.attempt_began(LEG, 4)
    await asyncio.sleep(0)
    assert [seconds for seconds, _gate in watch.waits] == [4]
    assert watch.switch.hung_up == []  # not before its time
    await watch.pass_time()
    assert watch.switch.hung_up == ([] if answered_back else [LEG])
    assert watch.switch.causes.get(LEG) == (None if answered_back else 102)
    assert watch.given_up() is not answered_back


async def test_a_leg_that_is_gone_and_a_switch_that_is_away_are_left_alone():
    for switch in (FakeSwitch(), FakeSwitch({"a-1.1": LEG}, away=True)):
        watch = Watch(switch)
        watch.service.attempt_began(LEG, 4)
        await watch.pass_time()
        assert switch.hung_up == []
        assert not watch.given_up()
        assert watch.metrics.value("bss_task_failures_total") == 0


async def test_there_is_a_bound_to_what_is_watched(monkeypatch):
    monkeypatch.setattr(give_up_dead, "MAX_WATCHED", 2)
    watch = Watch(FakeSwitch({"a-1.1": LEG}))
    for seconds in (0, 61, 9999, 4, 4, 4):
        watch.service.attempt_began(LEG, seconds)
    await asyncio.sleep(0)
    assert [seconds for seconds, _gate in watch.waits] == [4, 4]
    watch.service.stop()
    await watch.pass_time()
    assert watch.switch.hung_up == []


def test_what_is_no_attempt_is_not_read():
    good = {"Event": "UserEvent", "UserEvent": "BssAttempt", "Channel": LEG, "GiveUpS": "4"}
    assert attempt_of(good) == (LEG, 4)
    for change in (
        {"UserEvent": "Other"}, {"Channel": ""}, {"GiveUpS": ""}, {"GiveUpS": "-1"}, {"GiveUpS": "4.5"},
        {"GiveUpS": "99999"}, {"GiveUpS": "\u0664"},
    ):  # fmt: skip
        assert attempt_of({**good, **change}) is None, change
    assert attempt_of({"Event": "UserEvent"}) is None


async def test_the_manager_interface_tells_attempts_and_knows_what_came_back(asterisk):
    told = []
    async with connected(asterisk, on_user_event=told.append) as client:
        assert asterisk.actions("Events")[0]["EventMask"] == "user"
        asterisk.tell(Event="UserEvent", UserEvent="BssAttempt", Channel=LEG, GiveUpS="4")
        await until(lambda: told)
        assert attempt_of(told[0]) == (LEG, 4)

        switch = AmiSwitch(client)
        assert await switch.has_answered_back(LEG) is False
        asterisk.responses[LEG] = "SIP 100 Trying"
        assert await switch.has_answered_back(LEG) is True
        assert asterisk.actions("Getvar")[0]["Variable"] == f"HANGUPCAUSE({LEG},tech)"
        asterisk.responses[LEG], asterisk.states[LEG] = "", "Up"  # as after a transfer
        assert await switch.has_answered_back(LEG) is True
        assert await switch.has_answered_back("gone") is True
        asterisk.refuses.add("Getvar")
        with pytest.raises(SwitchAbsent):
            await switch.has_answered_back(LEG)
        await switch.hang_up(LEG, 102)
        assert asterisk.actions("Hangup")[0]["Cause"] == "102"


def test_the_time_is_frozen_with_the_route_and_old_reservations_have_none():
    terms = prepare_call(request(), catalogue=demo(), now=NOW)
    assert [route.give_up_s for route in terms.routes] == [4, None]
    assert all(isinstance(route.tariff, Tariff) for route in terms.routes)
    frozen = terms_to_json(terms)
    assert terms_from_json(frozen) == terms
    for route in frozen["routes"]:
        del route["give_up_s"]
    assert [route.give_up_s for route in terms_from_json(frozen).routes] == [None, None]
