"""Trunks are watched: what is down is tried last, each state is dated, a new password is used at once."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from telecom_switch_bridge.ami.trunks import AmiTrunks
from telecom_switch_bridge.core.routing import RouteCandidate, RoutingRule, order_routes
from telecom_switch_bridge.errors import DatabaseAbsent, SwitchAbsent
from telecom_switch_bridge.explain.lines import lines_of_page
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.services.plan_routes import plan_emergency
from telecom_switch_bridge.services.watch_trunks import WatchTrunks, state_of
from telecom_switch_bridge.trunk_ports import TrunkFound, TrunkState
from telecom_switch_bridge.values import Trunk

from .test_ami import asterisk, connected
from .test_explain import ask
from .world import NOW, demo

__all__ = ["asterisk"]
LATER = NOW + timedelta(minutes=5)
PLAIN, LINE = 1, 2


class World:
    """Two trunks, one of which registers; what Asterisk says of them is set by the test."""

    def __init__(self):
        self.trunks = {
            PLAIN: Trunk(PLAIN, 7, "trunk-1", "active", 0, "", plus_sign=False, check_s=30),
            LINE: Trunk(LINE, 8, "trunk-2", "active", 0, "", plus_sign=False, registers=True),
        }
        self.reach = {"trunk-1": True}
        self.accepted = {"trunk-2": True}
        self.anew, self.down, self.saved, self.away = [], [], [], False
        self.rows = {}
        self.watch = WatchTrunks(
            self, self, trunks=lambda: list(self.trunks.values()), on_down=self.down.append, log=Log("test")
        )

    async def registrations(self):
        return self.accepted

    async def is_reachable(self, endpoint):
        return self.reach[endpoint]

    async def log_out(self, endpoint):
        self.anew.append(f"out {endpoint}")

    async def register_anew(self, endpoint):
        self.anew.append(endpoint)

    async def stored(self):
        return self.rows

    async def save(self, found):
        if self.away:
            raise DatabaseAbsent("away")
        self.saved.append(dict(found))


@pytest.mark.parametrize("reachable", [True, False, None])
@pytest.mark.parametrize("registered", [True, False, None])
def test_a_carrier_that_is_not_there_cannot_have_refused_us(reachable, registered):
    state = state_of(reachable=reachable, registered=registered)
    assert state == {
        (True, None): "reachable", (True, True): "registered", (True, False): "rejected",
        (None, None): "unknown", (None, True): "registered", (None, False): "rejected",
    }.get((reachable, registered), "unreachable")  # fmt: skip


async def test_a_change_is_written_once_with_its_time():
    world = World()
    await world.watch.run_once(NOW)
    await world.watch.run_once(LATER)
    first = {PLAIN: TrunkFound(TrunkState.REACHABLE, NOW), LINE: TrunkFound(TrunkState.REGISTERED, NOW)}
    assert world.saved == [first]
    assert set(world.down) == {frozenset()}
    world.reach["trunk-1"] = False
    await world.watch.run_once(LATER)
    assert world.saved[1:] == [{**first, PLAIN: TrunkFound(TrunkState.UNREACHABLE, LATER)}]
    assert world.down[-1] == {PLAIN}
    world.accepted["trunk-2"] = False
    await world.watch.run_once(LATER)
    assert world.down[-1] == {PLAIN, LINE}
    del world.trunks[PLAIN]
    await world.watch.run_once(LATER)
    assert world.down[-1] == {LINE} and set(world.saved[-1]) == {LINE}


async def test_what_the_last_bridge_found_keeps_its_date():
    world = World()
    world.rows = {LINE: TrunkFound(TrunkState.REGISTERED, NOW), PLAIN: TrunkFound(TrunkState.UNREACHABLE, NOW)}
    await world.watch.run_once(LATER)
    assert world.saved == [
        {PLAIN: TrunkFound(TrunkState.REACHABLE, LATER), LINE: TrunkFound(TrunkState.REGISTERED, NOW)}
    ]


async def test_without_the_database_calls_go_by_what_is_found_and_it_is_written_later():
    world = World()
    await world.watch.run_once(NOW)
    world.away, world.reach["trunk-1"] = True, False
    with pytest.raises(DatabaseAbsent):
        await world.watch.run_once(LATER)
    assert world.down[-1] == {PLAIN}
    world.away = False
    await world.watch.run_once(LATER + timedelta(minutes=1))
    assert world.saved[-1][PLAIN] == TrunkFound(TrunkState.UNREACHABLE, LATER)


async def test_only_a_changed_log_in_is_used_at_once():
    world = World()
    await world.watch.log_in_anew()
    await world.watch.log_in_anew()
    assert world.anew == []
    world.trunks = {trunk_id: replace(trunk, login_version=1) for trunk_id, trunk in world.trunks.items()}
    await world.watch.log_in_anew()
    await world.watch.log_in_anew()
    assert world.anew == ["trunk-2"]  # the other one has nowhere to log in


async def test_who_registers_no_more_is_logged_out():
    world = World()
    assert not await world.watch.log_out()
    world.trunks[LINE] = replace(world.trunks[LINE], registers=False)
    assert await world.watch.log_out()
    assert world.anew == ["out trunk-2"]


def test_whatever_the_rule_trunks_that_are_down_come_last_in_its_order():
    tariff = demo().deck_tariff(7, "442079460000", NOW)
    order = ((1, True), (2, False), (3, True), (4, False))
    for rule in ("priority", "cost", "weight"):
        candidates = [RouteCandidate(7, one, tariff, priority=one, down=down) for one, down in order]
        for shuffled in itertools.permutations(candidates):
            plan = order_routes(shuffled, RoutingRule(rule, margin=None), 60, NOW)
            assert [route.candidate.trunk_id for route in plan.routes] == [2, 4, 1, 3]
    all_down = [RouteCandidate(7, one, tariff, priority=one, down=True) for one in (2, 1)]
    plan = order_routes(all_down, RoutingRule(margin=None), 60, NOW)
    assert [route.candidate.trunk_id for route in plan.routes] == [1, 2]


def test_calls_and_emergency_calls_leave_what_is_down_to_the_end():
    catalogue = demo(down_trunks=frozenset({1}))
    assert [route.trunk_id for route in plan_emergency(catalogue, "112")] == [2, 1]
    page = ask(catalogue=catalogue)
    assert [(one["trunk"], one["down"]) for one in page["route"]["tried"]] == [("trunk-2", False), ("trunk-1", True)]
    assert sum("the trunk is down at present" in line for line in lines_of_page(page)) == 1


async def test_asterisks_words_are_understood(asterisk):
    asterisk.listings = {
        "PJSIPShowRegistrationsOutbound": [
            {"Event": "AuthDetail", "ObjectName": "trunk-5", "Password": "x"},
            {"Event": "OutboundRegistrationDetail", "ObjectName": "trunk-5", "Status": "Registered"},
            {"Event": "OutboundRegistrationDetail", "ObjectName": "trunk-6", "Status": "Rejected"},
            {"Event": "OutboundRegistrationDetail", "ObjectName": "trunk-7", "Status": "Unregistered"},
        ],
        "PJSIPShowEndpoint": [
            {"Event": "EndpointDetail", "ObjectName": "trunk-5", "Status": "x"},
            {"Event": "ContactStatusDetail", "AOR": "trunk-5", "Status": "NonQualified"},
            {"Event": "ContactStatusDetail", "AOR": "trunk-5-check", "Status": "Unreachable"},
        ],
    }
    async with connected(asterisk) as client:
        probe = AmiTrunks(client)
        assert await probe.registrations() == {"trunk-5": True, "trunk-6": False, "trunk-7": None}
        assert await probe.is_reachable("trunk-5") is False
        asterisk.listings["PJSIPShowEndpoint"] = []
        assert await probe.is_reachable("trunk-5") is None
        asterisk.refuses.add("PJSIPShowEndpoint")  # not known to Asterisk yet
        assert await probe.is_reachable("trunk-5") is None
        await probe.register_anew("trunk-5")
        await probe.log_out("trunk-5")
        assert asterisk.actions("PJSIPUnregister")[0]["Registration"] == "trunk-5"
        assert asterisk.actions("PJSIPRegister")[0]["Registration"] == "trunk-5"
        asterisk.stop()
        with pytest.raises(SwitchAbsent):
            await probe.is_reachable("trunk-5")
