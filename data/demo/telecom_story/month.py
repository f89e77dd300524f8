"""Runs the month: day by day, in windows of some calls that are authorised together as live ones are."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.store.catalogue import LoadedCatalogue
from telecom_switch_bridge.store.database import Database
from telecom_switch_bridge.store.load_catalogue import CatalogueLoader
from telecom_switch_bridge.store.reservations import StoredReservations

from .books import NODE, Books, open_books
from .calls import Outcome, World, place_call
from .faults import read_faults
from .purses import Purse, pay_first, pay_in
from .traffic import DAYS, Caller, Habits, PlannedCall, plan_month

WINDOW = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Story:
    """All that the records and tables say. `carriers`: ids by key; `fault_rows`: the table of faults."""

    dsn: str
    end: datetime
    callers: Sequence[Caller]
    purses: Sequence[Purse]
    habits: Habits
    fault_rows: Sequence[Mapping[str, str]]
    carriers: Mapping[str, int]
    inbound_trunk: str
    scale: float = 1.0


def run_month(story: Story) -> Counter[str]:
    """Bring the days into the books that are not there yet; counts of legs by direction, refusals by reason."""
    return asyncio.run(_run(story))


async def _run(story: Story) -> Counter[str]:
    calls = plan_month(story.callers, story.habits, story.end, scale=story.scale)
    async with open_books(story.dsn) as books:
        await books.prepare_months(story.end - timedelta(days=DAYS))
        last = await books.last_call()
        world = await _world(story, books)
        told: Counter[str] = Counter()
        for day, today in _days(calls):
            if last is not None and day <= last.astimezone(UTC).date().isoformat():
                continue
            async with books.day():
                if last is None and not told:
                    await books.set_clock(today[0].at - WINDOW)
                    await pay_first(story.purses, books)
                told += await _run_day(today, story, world, books)
        await books.fold_ledger()
    return told


def _days(calls: Sequence[PlannedCall]) -> Iterator[tuple[str, list[PlannedCall]]]:
    for day, today in groupby(calls, key=lambda call: call.at.date().isoformat()):
        yield day, list(today)


async def _world(story: Story, books: Books) -> World:
    return World(
        catalogue=await _catalogue(story.dsn),
        reservations=StoredReservations(books, node=NODE, log=Log("demo"), terms=books.terms),  # type: ignore[arg-type]  # fetch is all
        faults=read_faults(story.fault_rows, story.carriers, story.end),
        end=story.end,
        inbound_trunk=story.inbound_trunk,
    )


async def _catalogue(dsn: str) -> LoadedCatalogue:
    """What the bridge knows, read as it reads it."""
    database = Database(dsn, application="bss-demo-month")
    try:
        return await CatalogueLoader(database, Log("demo")).load(None, ())
    finally:
        await database.close()


async def _run_day(calls: Sequence[PlannedCall], story: Story, world: World, books: Books) -> Counter[str]:
    told: Counter[str] = Counter()
    for window, together in groupby(calls, key=lambda call: int(call.at.timestamp() // WINDOW.total_seconds())):
        at = datetime.fromtimestamp((window + 1) * WINDOW.total_seconds(), UTC)
        await books.set_clock(min(at, story.end))
        told["payments"] += await pay_in(story.purses, books, at)
        outcomes = await asyncio.gather(*(place_call(call, world) for call in together))
        told += await _into_books(outcomes, books)
    return told


async def _into_books(outcomes: Sequence[Outcome], books: Books) -> Counter[str]:
    legs = [leg for outcome in outcomes for leg in outcome.legs]
    await books.settle(legs)
    if unanswered := [outcome.release for outcome in outcomes if outcome.release]:
        await books.release(unanswered)
    told = Counter(f"{leg['direction']} legs" for leg in legs)
    told.update(f"refused {outcome.refused}" for outcome in outcomes if outcome.refused)
    return told
