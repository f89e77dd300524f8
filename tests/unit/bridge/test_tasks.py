"""Background work goes on after a fault of ours, and ends when it is told to."""

import asyncio

import pytest

from telecom_switch_bridge import tasks as tasks_module
from telecom_switch_bridge.errors import DatabaseAbsent
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.observe.metrics import Metrics
from telecom_switch_bridge.tasks import Tasks


@pytest.fixture
async def tasks(monkeypatch):
    monkeypatch.setattr(tasks_module, "RESTART_S", 0.01)
    one = Tasks(Log("test"), Metrics())
    yield one
    await one.cancel_all()


async def test_a_task_that_fails_is_counted_and_started_again(tasks):
    runs = []

    async def work():
        runs.append(1)
        if len(runs) < 3:
            raise ZeroDivisionError

    tasks.keep("work", work)
    await tasks.finish("work", 2)
    assert len(runs) == 3 and tasks._metrics.value("bss_task_failures_total") == 2


async def test_an_absent_database_skips_a_round_and_an_event_begins_the_next(tasks):
    rounds = []

    async def one_round():
        rounds.append(1)
        raise DatabaseAbsent("away")

    wake = tasks.every("round", 60, one_round)
    for wanted in (1, 2, 3):
        async with asyncio.timeout(2):
            while len(rounds) < wanted:
                await asyncio.sleep(0.01)
        wake.set()
    assert tasks._metrics.value("bss_task_failures_total") == 0
