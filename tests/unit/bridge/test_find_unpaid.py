"""What the sweeper finds among the living channels: lost answers, legs that nobody pays, legs beyond grants."""

from datetime import timedelta

import pytest

from telecom_switch_bridge.ledger_ports import DeadLeg
from telecom_switch_bridge.services.sweep import DEAD_NODE_S

from .journal_world import ANSWERED, CALLER, LEG, REF, gross
from .test_settle import Sweeping
from .world import ACME, NORTHWIND, demo

CHANNEL = f"PJSIP/x-{LEG}"
UP = {CALLER: "PJSIP/a10-101-0", LEG: CHANNEL}


def at(seconds):
    return ANSWERED + timedelta(seconds=seconds)


async def world_of(channels, *, marks=None, authorised=True):
    world = Sweeping(channels)
    world.switch.links = {LEG: CALLER}
    world.switch.marks = {CHANNEL: f"{REF}/1"} if marks is None else marks
    if authorised:
        await world.authorise()
    return world


def kinds(world):
    return [finding.kind for finding in world.ledger.findings]


async def test_a_leg_whose_answer_was_lost_is_opened_as_of_when_it_was_first_seen_up():
    world = await world_of(UP)
    for second in (5, 6, 7):
        await world.sweep.run_once(at(second), demo())
    assert world.ledger.legs[LEG].answered_at == at(5) and len(world.live) == 1
    assert kinds(world) == ["lost_answer"] and world.metrics.value("bss_answers_lost_total") == 1
    await world.journal(("HANGUP", at(35), LEG, f"{REF}/1", 16))
    assert gross(world.record)[0] == (ACME, NORTHWIND, 25_000)  # fee and 30 s
    assert world.ledger.stored == {}


async def test_a_leg_of_which_no_line_was_written_is_charged_for_as_long_as_it_was_seen():
    world = await world_of(UP)
    for second in (5, 6, 34, 35):
        await world.sweep.run_once(at(second), demo())
    world.switch.channels = {}
    for second in (36, 37):
        await world.sweep.run_once(at(second), demo())
    assert world.record["duration_us"] == 30_000_000
    assert kinds(world) == ["lost_answer", "lost_leg"] and world.ledger.stored == {}


async def test_a_leg_that_rings_is_not_answered():
    world = await world_of(UP)
    world.switch.ringing = {LEG}
    for second in (5, 6, 7):
        await world.sweep.run_once(at(second), demo())
    assert world.ledger.legs == {} and kinds(world) == []


async def test_an_answer_that_is_only_late_is_opened_by_the_journal():
    world = await world_of(UP)
    await world.sweep.run_once(at(1), demo())
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    for second in (2, 3):
        await world.sweep.run_once(at(second), demo())
    assert world.ledger.legs[LEG].answered_at == ANSWERED and kinds(world) == []


async def test_a_channel_that_nobody_pays_is_ended_after_two_looks():
    world = await world_of(UP, authorised=False)
    await world.sweep.run_once(at(5), demo())
    assert world.switch.hung_up == []
    await world.sweep.run_once(at(6), demo())
    assert world.switch.hung_up == [CHANNEL] and kinds(world) == ["unpaid_channel"]


@pytest.mark.parametrize("mark", ["", "silent/internal/7/102", "silent.emergency.7.999/1"])
async def test_channels_without_an_authorisation_are_left_alone_and_asked_about_once(mark):
    world = await world_of(UP, marks={CHANNEL: mark}, authorised=False)
    asked = []
    userfield = world.switch.userfield

    async def counted(channel):
        asked.append(channel)
        return await userfield(channel)

    world.switch.userfield = counted
    for second in range(5, 10):
        await world.sweep.run_once(at(second), demo())
    assert world.switch.hung_up == [] and kinds(world) == []
    assert sorted(asked) == sorted(UP.values())


async def test_a_leg_that_was_settled_already_is_not_opened_again():
    world = await world_of(UP)
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"), ("HANGUP", at(9), LEG, f"{REF}/1", 16))
    for second in (10, 11, 12):
        await world.sweep.run_once(at(second), demo())
    assert world.ledger.legs == {} and world.switch.hung_up == []


@pytest.mark.parametrize(("second", "ended"), [(122, []), (124, [CHANNEL])])
async def test_a_leg_that_lives_beyond_its_grant_is_ended(second, ended):
    world = await world_of(UP)
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    await world.sweep.run_once(at(second), demo())
    assert world.switch.hung_up == ended and kinds(world) == ["beyond_grant"] * len(ended)


async def test_living_legs_are_written_down_seldom_but_remembered_always():
    world = await world_of(UP)
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    for second in (1, 2, 3):
        await world.sweep.run_once(at(second), demo())
    assert world.ledger.legs[LEG].seen_at == at(1)
    world.switch.channels = {}
    for second in (4, 5):
        await world.sweep.run_once(at(second), demo())
    assert world.record["duration_us"] == 3_000_000


async def test_a_lost_leg_over_a_clock_that_was_set_back_ends_when_it_was_seen_last():
    world = await world_of(UP)
    await world.journal(("ANSWER", world.machine.now, LEG, f"{REF}/1"))
    world.machine.run(10)
    world.machine.set(-3600)
    world.sweep.clock_moved(timedelta(microseconds=world.clock.look()))
    world.machine.run(10)
    await world.sweep.run_once(world.machine.now, demo())
    world.switch.channels = {}
    for _ in range(2):
        world.machine.run(5)
        await world.sweep.run_once(world.machine.now, demo())
    assert world.record["duration_us"] == 20_000_000


# Nodes that do not come back


@pytest.mark.parametrize(("silent_s", "ended"), [(DEAD_NODE_S - 1, False), (DEAD_NODE_S + 1, True)])
async def test_legs_of_a_node_that_is_long_dead_end_at_its_last_heartbeat(silent_s, ended):
    world = await world_of({})
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    leg = world.ledger.legs.pop(LEG)
    world.ledger.dead = [DeadLeg("b", at(30), leg)]
    world.ledger.clock = at(30 + silent_s)
    await world.sweep.run_once(world.ledger.clock, demo())
    assert bool(world.ledger.records) is ended
    if ended:
        assert gross(world.record)[0] == (ACME, NORTHWIND, 25_000)  # fee and 30 s
        assert (world.record["node"], kinds(world)) == ("b", ["dead_node_leg"])


async def test_money_held_by_a_node_that_is_long_dead_is_given_back():
    world = await world_of({CALLER: "PJSIP/a10-101-0"})
    world.ledger.dead_calls = [REF]
    await world.sweep.run_once(at(1), demo())
    assert world.ledger.given_back == [REF] and kinds(world) == ["orphan_reservation"]
