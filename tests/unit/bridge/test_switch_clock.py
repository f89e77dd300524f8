"""The wall clock is set while calls run: everybody pays for the seconds that have passed, and limits hold."""

from datetime import timedelta

import pytest

from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.services.extend_grants import ExtendGrants
from telecom_switch_bridge.services.switch_clock import STEP_US, SwitchClock
from telecom_switch_bridge.services.watch_switch import WatchSwitch

from .fakes import FakeReservations, FakeSwitch
from .journal_world import LEG, REF, Machine, World
from .world import ACME, RESELLER

HOUR_S = 3600.0


class Room:
    """A volume with room."""

    state, free_bytes = "ok", 10**12

    def look(self):
        return False


def watch(world):
    return WatchSwitch(
        clock=world.clock, room=Room(), tell=(world.live,), ledger=world.ledger, log=Log("test"), metrics=world.metrics
    )


async def answered(world):
    await world.authorise()
    await world.journal(("ANSWER", world.machine.now, LEG, f"{REF}/1"))


async def ended(world):
    await world.journal(("HANGUP", world.machine.now, LEG, f"{REF}/1", 16))
    return world.record


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S, 0.4, -0.4])
async def test_a_clock_set_in_mid_call_changes_no_duration(step_s):
    world = World()
    await answered(world)
    world.machine.run(10)
    world.machine.set(step_s)
    world.machine.run(20)
    record = await ended(world)
    assert (record["duration_us"], record["answered_s"]) == (30_000_000, 30)
    assert record["terms"]["clock_set_s"] == step_s


async def test_two_steps_that_cancel_leave_nothing():
    world = World()
    await answered(world)
    for step_s in (HOUR_S, -HOUR_S):
        world.machine.run(10)
        world.machine.set(step_s)
        world.clock.look()
    world.machine.run(10)
    record = await ended(world)
    assert record["duration_us"] == 30_000_000 and "clock_set_s" not in record["terms"]


async def test_noise_of_two_clocks_is_no_step():
    world = World()
    await answered(world)
    world.machine.run(10)
    world.machine.offset += STEP_US - 1
    await ended(world)
    assert world.clock.steps == 0 and world.record["duration_us"] == 10_000_000 + STEP_US - 1


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])
async def test_a_line_written_before_the_step_and_read_after_it_has_the_old_time(step_s):
    """Both lines of a call wait in the file: the database was away while the clock was set between them."""
    world = World()
    await world.authorise()
    begun = world.machine.now
    world.machine.run(10)
    world.clock.look()
    world.machine.set(step_s)
    world.machine.run(0.2)
    world.clock.look()
    world.machine.run(20)
    end = world.machine.now
    await world.journal(("ANSWER", begun, LEG, f"{REF}/1"), ("HANGUP", end, LEG, f"{REF}/1", 16))
    assert world.record["duration_us"] == 30_200_000


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])
async def test_a_step_while_no_bridge_ran_is_seen_by_the_next_one(step_s):
    world = World()
    await answered(world)
    world.machine.run(5)
    world.clock.look()
    stored = world.clock.to_json()
    world.machine.set(step_s)
    world.machine.run(5)
    fresh = SwitchClock(world.machine.read)
    fresh.restore(stored)
    assert fresh.look() == round(step_s * 10**6)
    assert fresh.moved(world.ledger.legs[LEG].stamp) == timedelta(seconds=step_s)


def test_after_a_new_boot_old_offsets_mean_nothing():
    machine = Machine()
    clock = SwitchClock(machine.read)
    clock.look()
    stamp = clock.stamp(machine.now)
    machine.boot_id, machine.boot_us, machine.offset = "boot-2", 10**7, 10**12
    assert clock.look() == 0 and clock.moved(stamp) == timedelta()


@pytest.mark.parametrize("stored", [None, "x", {}, {"epochs": 3}, {"boot_id": "b", "epochs": [[1]]},
                                    {"boot_id": "b", "epochs": [["1", 2, 3]]}])  # fmt: skip
def test_what_a_strange_bridge_stored_counts_as_unknown(stored):
    clock = SwitchClock(Machine().read)
    clock.restore(stored)
    assert clock.look() == 0


@pytest.mark.parametrize("step_s", [30.0, -HOUR_S])
async def test_the_limits_of_running_calls_are_told_anew(step_s):
    world, switch = World(), FakeSwitch()
    await answered(world)
    extend = ExtendGrants(
        world.live, reservations=FakeReservations({ACME: 0, RESELLER: 0}), switch=switch, log=Log("test"),
        slice_s=120, extend_below_s=20,
    )  # fmt: skip
    watching = watch(world)
    assert await watching.run_once() is False
    world.machine.run(10)
    world.machine.set(step_s)
    assert await watching.run_once() is True
    await extend.run_once(world.machine.now)
    assert switch.timeouts[f"PJSIP/x-{LEG}"] == pytest.approx(120 - 10 - 0.25)
    assert world.metrics.value("bss_clock_steps_total") == 1
    assert [(one.kind, one.seconds) for one in world.ledger.findings] == [("clock_set", step_s)]
    assert watching.alarms() == ["clock_set"]
    assert await watching.run_once() is False


async def test_a_step_that_cannot_be_stored_now_is_stored_later():
    world = World()
    watching = watch(world)
    world.machine.set(HOUR_S)
    world.ledger.away = True
    await watching.run_once()
    world.ledger.away = False
    await watching.run_once()
    assert [one.kind for one in world.ledger.findings] == ["clock_set"]


@pytest.mark.parametrize("unseen_s", [HOUR_S, -HOUR_S])
async def test_an_end_that_cannot_be_is_not_believed(unseen_s):
    """The clock was set twice while no bridge ran, and the end was written in between: by no offset that is known."""
    world = World()
    machine = world.machine
    machine.set(60)
    world.clock.look()
    await answered(world)
    machine.run(10)
    world.clock.look()
    await world.ledger.mark_seen([LEG], machine.now, world.clock.newest)
    machine.set(unseen_s)
    machine.run(5)
    end = machine.now
    machine.set(-unseen_s)
    world.clock.look()
    await world.journal(("HANGUP", end, LEG, f"{REF}/1", 16))
    assert world.record["answered_s"] == 10 and "no bridge has seen" in world.record["terms"]["note"]


async def test_when_a_leg_was_seen_is_kept_in_the_clock_of_its_answer():
    """The bridge that comes next may know nothing of the clock that held then."""
    world = World()
    await answered(world)
    world.machine.run(10)
    world.machine.set(HOUR_S)
    world.clock.look()
    await world.ledger.mark_seen([LEG], world.machine.now, world.clock.newest)
    leg = world.ledger.legs[LEG]
    assert leg.seen_at - leg.answered_at == timedelta(seconds=10)


def test_what_a_bridge_saw_before_the_database_told_it_of_the_last_one_is_kept():
    machine = Machine()
    first, second = SwitchClock(machine.read), SwitchClock(machine.read)
    first.look()
    machine.run(100)
    first.look()
    stamps = [first.stamp(machine.now)]
    stored = first.to_json()
    for step_s in (HOUR_S, -3 * HOUR_S):
        machine.set(step_s)
        machine.run(10)
        second.look()
        stamps.append(second.stamp(machine.now))
    second.restore(stored)
    assert (second.steps, second.moved_us) == (2, round(-2 * HOUR_S * 10**6))
    assert [second.moved(stamp).total_seconds() for stamp in stamps] == [-2 * HOUR_S, -3 * HOUR_S, 0]
