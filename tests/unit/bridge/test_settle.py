"""From journal events to charges: every leg once, for the seconds it was answered, whatever happens in between."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telecom_switch_bridge.ledger_ports import JournalPosition, SetAside
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.services.route_inbound import route_inbound
from telecom_switch_bridge.services.sweep import Sweep
from telecom_switch_bridge.services.switch_life import SwitchLife

from .fakes import FakeSwitch
from .journal_world import ANSWERED, CALLER, LEG, REF, World, gross
from .world import ACME, ATLANTIC, NORTHWIND, NOW, OWNER, PACIFIC, RESELLER, demo, request


@pytest.fixture
async def world():
    one = World()
    await one.authorise()
    return one


async def test_a_call_of_75_seconds_costs_what_the_contract_says(world):
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"), ("ANSWER", ANSWERED, CALLER, ""))
    assert list(world.ledger.legs) == [LEG] and len(world.live) == 1
    ended = ANSWERED + timedelta(seconds=74, microseconds=300_001)
    await world.journal(("HANGUP", ended, LEG, f"{REF}/1", 16), ("CHAN_END", ended, CALLER, ""))
    record = world.record
    assert gross(record) == [(ACME, NORTHWIND, 43_800), (RESELLER, OWNER, 35_000)]
    assert (record["answered_s"], record["duration_us"]) == (75, 74_300_001)
    assert (record["carrier_id"], record["carrier_cost_micro"], record["carrier_billed_s"]) == (ATLANTIC, 12_500, 75)
    assert (record["direction"], record["disposition"], record["release"]) == ("outbound", "answered", True)
    assert record["started_at"] == datetime(2026, 11, 23, 22, 38, 39, tzinfo=UTC)
    assert world.ledger.legs == {} and len(world.live) == 0 and world.ledger.stored == {}
    assert world.ledger.position == JournalPosition("f", world.offset + 100)


async def test_the_journal_read_twice_charges_once(world):
    events = (
        ("ANSWER", ANSWERED, LEG, f"{REF}/1"),
        ("HANGUP", ANSWERED + timedelta(seconds=10), LEG, f"{REF}/1", 16),
    )
    for _ in range(3):
        await world.journal(*events)
    assert len(world.ledger.records) == 1 and world.ledger.aside == []
    assert world.metrics.value("bss_legs_repeated_total") == 2


async def test_the_carrier_that_answered_is_paid_and_the_one_that_failed_is_recorded(world):
    at = ANSWERED - timedelta(seconds=5)
    await world.journal(("HANGUP", at, "a-1795473519.1", f"{REF}/1", 34))
    await world.journal(
        ("ANSWER", ANSWERED, "a-1795473520.2", f"{REF}/2"),
        ("HANGUP", ANSWERED + timedelta(seconds=60), "a-1795473520.2", f"{REF}/2", 16),
    )
    failed, answered = world.ledger.records.values()
    assert (failed["disposition"], failed["carrier_id"], failed["charges"]) == ("failed", ATLANTIC, [])
    assert not failed["release"] and failed["carrier_cost_micro"] is None
    assert (answered["carrier_id"], answered["carrier_cost_micro"]) == (PACIFIC, 15_000)
    assert world.ledger.moved == {REF: ("trunk:1", "trunk:2")}


async def test_a_call_counts_on_no_further_trunk_when_its_last_attempt_fails_or_one_was_answered(world):
    at = ANSWERED - timedelta(seconds=5)
    await world.journal(("HANGUP", at, "a-1795473519.1", f"{REF}/2", 34))
    await world.journal(
        ("ANSWER", at, "a-1795473519.2", f"{REF}/1"), ("HANGUP", ANSWERED, "a-1795473519.2", f"{REF}/1")
    )
    assert world.ledger.moved == {}


@pytest.mark.parametrize(
    ("cause", "after_s", "expected"),
    [(17, 1, "busy"), (19, 60, "no_answer"), (0, 3, "cancelled"), (0, 61, "no_answer"), (1, 1, "failed"),
     (None, 2, "cancelled")],
)  # fmt: skip
async def test_unanswered_legs_are_recorded_free_and_the_callers_end_gives_the_money_back(
    world, cause, after_s, expected
):
    ended = datetime.fromtimestamp(1795473519 + after_s, UTC)
    await world.journal(("HANGUP", ended, LEG, f"{REF}/1", cause))
    assert REF in world.ledger.stored  # another carrier may follow
    await world.journal(("CHAN_END", ended, CALLER, ""))
    assert world.ledger.stored == {} and world.ledger.given_back == [REF]
    assert (world.record["disposition"], world.record["charges"], world.record["answered_s"]) == (expected, [], 0)


async def test_the_callers_end_does_not_release_what_an_answered_leg_still_needs(world):
    """After a blind transfer the caller is gone and the charged leg goes on."""
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"), ("CHAN_END", ANSWERED, CALLER, ""))
    assert REF in world.ledger.stored


async def test_seconds_beyond_the_grant_are_charged_to_nobody_but_the_carrier_is_paid(world):
    await world.journal(
        ("ANSWER", ANSWERED, LEG, f"{REF}/1"),
        ("HANGUP", ANSWERED + timedelta(seconds=600), LEG, f"{REF}/1", 16),
    )
    assert gross(world.record) == [(ACME, NORTHWIND, 62_500), (RESELLER, OWNER, 50_000)]  # 120 s
    assert world.record["carrier_cost_micro"] == 100_000
    assert world.metrics.value("bss_seconds_beyond_grant_total") == 480


@pytest.mark.parametrize("attempt", [0, 3, 99])
async def test_an_attempt_that_was_never_planned_is_charged_but_has_no_carrier(world, attempt):
    await world.journal(
        ("ANSWER", ANSWERED, LEG, f"{REF}/{attempt}"),
        ("HANGUP", ANSWERED + timedelta(seconds=60), LEG, f"{REF}/{attempt}", 16),
    )
    assert gross(world.record)[0] == (ACME, NORTHWIND, 37_500)
    assert (world.record["carrier_id"], world.record["carrier_cost_micro"]) == (None, None)


async def test_a_leg_answered_without_any_terms_is_set_aside_not_guessed(world):
    stray = "a-1795473600.9"
    await world.journal(
        ("ANSWER", ANSWERED, stray, "a-1795473600.8-1/1"), ("HANGUP", ANSWERED, stray, "a-1795473600.8-1/1", 16)
    )
    assert world.ledger.records == {} and len(world.ledger.aside) == 1
    assert world.metrics.value("bss_journal_set_aside_total") == 1


async def test_unreadable_lines_are_kept_and_the_rest_goes_on(world):
    bad = SetAside("f", 50, '"HANGUP","17', "cut")
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"), unreadable=(bad,))
    assert world.ledger.aside == [bad] and LEG in world.ledger.legs


async def test_a_failed_commit_changes_nothing_in_memory(world):
    world.ledger.refuses.add(LEG)
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    with pytest.raises(ValueError, match="refused"):
        await world.journal(("HANGUP", ANSWERED, LEG, f"{REF}/1", 16))
    assert len(world.live) == 1 and LEG in world.ledger.legs and REF in world.ledger.stored


async def test_internal_and_emergency_calls_are_recorded_free():
    for dialled, direction in (("102", "internal"), ("112", "emergency")):
        world = World()
        await world.authorise(asked=request(dialled))
        await world.journal(
            ("ANSWER", ANSWERED, LEG, f"{REF}/1"),
            ("HANGUP", ANSWERED + timedelta(seconds=5), LEG, f"{REF}/1", 16),
        )
        assert (world.record["direction"], world.record["charges"], world.record["answered_s"]) == (direction, [], 5)
        assert world.ledger.stored == {}


@pytest.mark.parametrize(
    ("userfield", "direction", "number"),
    [
        ("silent/internal/10/102", "internal", "102"),
        ("silent/inbound/10/442079460999", "inbound", "442079460999"),
        ("silent.emergency.10.112/1", "emergency", "112"),
        ("silent.inbound.10.442079460999/in", "inbound", "442079460999"),
    ],
)
async def test_calls_let_through_in_silence_are_recorded_free(userfield, direction, number):
    world = World()
    await world.journal(("ANSWER", ANSWERED, LEG, userfield), ("HANGUP", ANSWERED, LEG, userfield, 16))
    record = world.record
    assert (record["direction"], record["dialled"], record["account_id"]) == (direction, number, ACME)
    assert (record["company_id"], record["charges"]) == (NORTHWIND, [])
    assert record["terms"]["note"].startswith("bridge silent")


async def test_an_inbound_call_is_the_carriers_leg_and_not_the_telephones():
    world = World()
    await world.authorise(route_inbound, request("442079460999", "trunk-1", cli="4930123"))
    await world.journal(
        ("ANSWER", ANSWERED, LEG, f"{REF}/1"),
        ("ANSWER", ANSWERED, CALLER, f"{REF}/in"),
    )
    assert list(world.ledger.legs) == [CALLER]
    ended = ANSWERED + timedelta(seconds=9)
    await world.journal(("HANGUP", ended, CALLER, f"{REF}/in", 16), ("CHAN_END", ended, CALLER, f"{REF}/in"))
    await world.journal(("HANGUP", ended, LEG, f"{REF}/1", 16))  # its reservation is gone by now
    record = world.record
    assert (record["leg_uniqueid"], record["direction"], record["number_id"]) == (CALLER, "inbound", 1)
    assert (record["from_number"], record["answered_s"], record["charges"]) == ("4930123", 9, [])
    assert world.ledger.stored == {} and world.ledger.aside == []


@pytest.mark.parametrize("outbound_first", [True, False])
async def test_a_forwarded_number_charges_its_account_and_records_both_legs(outbound_first):
    world = World()
    await world.authorise(route_inbound, request("+442079460998", "trunk-1", cli="4930123"))
    ended = ANSWERED + timedelta(seconds=61)
    legs = [("HANGUP", ended, LEG, f"{REF}/1", 16), ("HANGUP", ended, CALLER, f"{REF}/in", 16)]
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"), ("ANSWER", ANSWERED, CALLER, f"{REF}/in"))
    for leg in legs if outbound_first else reversed(legs):
        await world.journal(leg)
    await world.journal(("CHAN_END", ended, CALLER, f"{REF}/in"))
    outbound, inbound = world.ledger.records[LEG, "outbound"], world.ledger.records[CALLER, "inbound"]
    assert gross(outbound) == [(ACME, NORTHWIND, 44_700), (RESELLER, OWNER, 40_700)]
    assert (outbound["e164"], inbound["e164"]) == ("447700900123", "442079460998")
    assert inbound["charges"] == [] and world.ledger.stored == {} and world.ledger.aside == []


# The sweeper


class Sweeping(World):
    def __init__(self, channels=None, *, away=False, caught_up=True):
        super().__init__()
        self.life = SwitchLife()
        self.switch = FakeSwitch(channels, away=away)

        async def journal_caught_up():
            return caught_up

        self.sweep = Sweep(
            ledger=self.ledger, switch=self.switch, journal=self.service, journal_caught_up=journal_caught_up,
            life=self.life, clock=self.clock, live=self.live, log=Log("test"), metrics=self.metrics,
        )  # fmt: skip


async def test_reservations_without_a_living_caller_are_released_when_old_enough():
    world = Sweeping()
    await world.authorise()
    for age_s, released in ((59, []), (61, []), (62, [REF])):  # once is no proof: its channel may be a new one
        world.ledger.clock = NOW + timedelta(seconds=age_s)
        await world.sweep.run_once(NOW, demo())
        assert world.ledger.given_back == released
    assert [finding.kind for finding in world.ledger.findings] == ["orphan_reservation"]


@pytest.mark.parametrize("channels", [{CALLER: "PJSIP/a10-101-0"}])
async def test_a_caller_that_still_rings_keeps_its_reservation(channels):
    world = Sweeping(channels)
    await world.authorise()
    world.ledger.clock = NOW + timedelta(hours=1)
    for _ in range(3):
        await world.sweep.run_once(NOW + timedelta(hours=1), demo())
    assert REF in world.ledger.stored


async def test_nothing_is_released_while_the_journal_is_behind():
    world = Sweeping(caught_up=False)
    await world.authorise()
    world.ledger.clock = NOW + timedelta(hours=1)
    for _ in range(3):
        await world.sweep.run_once(NOW + timedelta(hours=1), demo())
    assert REF in world.ledger.stored


async def test_a_leg_lost_with_its_asterisk_ends_at_the_last_sign_of_life():
    world = Sweeping()
    await world.authorise()
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    world.life.connected("a", ANSWERED - timedelta(seconds=90), ANSWERED - timedelta(seconds=60))
    world.life.seen(ANSWERED + timedelta(seconds=30))
    world.life.connected("b", ANSWERED + timedelta(seconds=300), ANSWERED + timedelta(seconds=301))  # started again
    await world.sweep.run_once(ANSWERED + timedelta(seconds=310), demo())
    assert world.sweep.suspects == {LEG} and LEG in world.ledger.legs  # once is no proof
    await world.sweep.run_once(ANSWERED + timedelta(seconds=312), demo())
    assert gross(world.record)[0] == (ACME, NORTHWIND, 25_000)  # fee and 30 s
    assert world.record["terms"]["note"] == "ended by sweep"
    assert world.ledger.legs == {} and world.ledger.stored == {} and len(world.live) == 0


@pytest.mark.parametrize("step_s", [0.0, 3600.0, -3600.0])
async def test_a_leg_ends_with_the_asterisk_that_it_lived_in_though_later_ones_were_lost_as_well(step_s):
    """Asterisk is killed again before the sweep could look twice; the clock may have been set in between."""
    world = Sweeping()
    machine = world.machine
    await world.authorise()
    start = machine.now - timedelta(seconds=60)
    world.life.connected("first", start, machine.now)
    await world.journal(("ANSWER", machine.now, LEG, f"{REF}/1"))
    machine.run(3)
    world.life.seen(machine.now)
    for number in range(3):
        machine.run(2)
        machine.set(step_s)
        world.life.clock_moved(timedelta(microseconds=world.clock.look()))
        world.life.connected(f"later {number}", machine.now - timedelta(seconds=1), machine.now)
        machine.run(6)
        world.life.seen(machine.now)
    for _ in range(2):
        machine.run(1)
        await world.sweep.run_once(machine.now, demo())
    assert world.record["answered_s"] == 3


def test_lives_of_asterisk_are_kept_for_the_next_bridge_and_told_in_the_clock_that_holds():
    life, next_one = SwitchLife(), SwitchLife()
    for second in (0, 100, 200):
        life.connected(f"start {second}", NOW + timedelta(seconds=second), NOW + timedelta(seconds=second + 10))
        life.seen(NOW + timedelta(seconds=second + 50))
    next_one.restore(json.loads(json.dumps(life.to_json())))
    next_one.connected("start 200", NOW + timedelta(seconds=201), NOW + timedelta(seconds=260))  # the same one
    next_one.clock_moved(timedelta(hours=1))
    for lived_at, seen_at in ((-5, None), (20, 50), (99, 50), (120, 150), (220, None)):
        found = next_one.last_seen(NOW + timedelta(hours=1, seconds=lived_at))
        assert found == (None if seen_at is None else NOW + timedelta(hours=1, seconds=seen_at))


@pytest.mark.parametrize("stored", [{}, {"lives": 3}, {"lives": [3]}, {"lives": [{"seen_at": "x"}]},
                                    {"seen_at": "2026-11-23T10:00:00+00:00", "started_at": None}])  # fmt: skip
def test_lives_that_a_strange_bridge_stored_count_as_unknown(stored):
    life = SwitchLife()
    life.restore(stored)
    assert life.lives == [] and life.last_seen(NOW) is None


async def test_a_lost_leg_is_never_charged_beyond_its_grant():
    world = Sweeping()
    await world.authorise()
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    world.ledger.legs[LEG] = replace(world.ledger.legs[LEG], seen_at=ANSWERED + timedelta(hours=2))
    for _ in range(2):
        await world.sweep.run_once(ANSWERED + timedelta(hours=3), demo())
    assert gross(world.record)[0] == (ACME, NORTHWIND, 62_500)


@pytest.mark.parametrize("step_s", [3600.0, -3600.0])
async def test_a_lost_leg_that_was_seen_before_the_clock_was_set_is_charged_what_it_lived(step_s):
    """This bridge was started after it was seen: all that is known is what stands in the database, in the old time."""
    world = Sweeping()
    await world.authorise()
    machine = world.machine
    await world.journal(("ANSWER", machine.now, LEG, f"{REF}/1"))
    machine.run(30)
    world.clock.look()
    world.ledger.legs[LEG] = replace(world.ledger.legs[LEG], seen_at=machine.now)
    machine.set(step_s)
    world.clock.look()
    for _ in range(2):
        machine.run(1)
        await world.sweep.run_once(machine.now, demo())
    assert world.record["answered_s"] == 30


async def test_living_legs_are_noted_as_seen_and_one_missing_once_may_come_back():
    world = Sweeping({LEG: "PJSIP/x"})
    await world.authorise()
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    later = ANSWERED + timedelta(seconds=30)
    await world.sweep.run_once(later, demo())
    assert world.ledger.legs[LEG].seen_at == later
    for channels in ({}, {LEG: "PJSIP/x"}, {}):
        world.switch.channels = channels
        await world.sweep.run_once(later, demo())
    assert LEG in world.ledger.legs and world.ledger.records == {}
