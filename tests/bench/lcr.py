"""Least-cost routing over ten million rates: decisions a second against one SQL query each, memory, loading, a change.

50 carriers with 200,000 prefixes each, of which 140,000 are shared by all (fixed seed), some nested. A decision orders
the carriers of a route by the cost of a call of 180 s and gives the first five that do not lose money, as live calls
take them (services/plan_routes.py), for numbers below a rate of any deck. Decks are loaded by the bridge's own loader.
"""

import asyncio
import ctypes
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np
import psycopg

from telecom_switch_bridge.cli import seek_cycles_seldom
from telecom_switch_bridge.core.rating import Step, Tariff, always
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.services.plan_routes import MAX_ROUTES, pick_carriers
from telecom_switch_bridge.services.route_candidates import Sale
from telecom_switch_bridge.store.catalogue import LoadedCatalogue
from telecom_switch_bridge.store.database import Database as BridgeDatabase
from telecom_switch_bridge.store.load_catalogue import CatalogueLoader
from tests.bench.figures import Figure, compare, rate_of
from tests.support.db import Database

CARRIERS, PREFIXES, SHARED = 50, 200_000, 140_000
RATES = CARRIERS * PREFIXES
PRICES = 700
EXPECTED_S = 180
DECISIONS, QUERIES, COMPARED = 20_000, 300, 200
SEED = 20_260_701
MB = 1_000_000

QUERY = """
select carrier_id, cost_micro
  from (select distinct on (carrier_id)
               carrier_id,
               round(price_micro::numeric / price_unit_s
                     * (first_increment_s
                        + ceil(greatest(180 - first_increment_s, 0)::numeric / next_increment_s) * next_increment_s))
               + connect_fee_micro as cost_micro
          from telecom_deck_rate
         where prefix collate "C" = any (%s) and direction = 'outbound'
           and (valid_from is null or valid_from <= now()) and (valid_to is null or now() < valid_to)
         order by carrier_id, length(prefix) desc) cheapest
 order by cost_micro, carrier_id
 limit 5
"""


def figures() -> Iterator[Figure]:
    """lcr, with memory and times of loading in the note; the answers of both ways are compared first."""
    seek_cycles_seldom()  # as the bridge does
    with closing(Database(f"bss_bench_lcr_{os.getpid()}")) as database:
        numbers = _fill(database)
        before_mb = _resident_mb()
        begin = perf_counter()
        catalogue = asyncio.run(_load(database, None, ()))
        load_s, memory_mb = perf_counter() - begin, _resident_mb() - before_mb
        decide = _decider(catalogue)
        with psycopg.connect(database.dsn, autocommit=True) as connection:
            yield _figure(decide, connection, numbers, memory_mb, load_s)
        _change(database, catalogue, numbers[0])


def _figure(
    decide: Callable[[str], list[tuple[int, int]]],
    connection: psycopg.Connection[tuple[int, int]],
    numbers: list[str],
    memory_mb: float,
    load_s: float,
) -> Figure:
    def ask(number: str) -> list[tuple[int, int]]:
        parts = [number[:length] for length in range(1, len(number) + 1)]
        return [(carrier, int(cost)) for carrier, cost in connection.execute(QUERY, [parts], prepare=True)]

    for number in numbers[:COMPARED]:
        assert decide(number) == ask(number), f"the two ways differ for {number}"
    figure = compare(
        "lcr",
        "decisions/s",
        rate_of(DECISIONS, lambda: [decide(number) for number in numbers[:DECISIONS]]),
        "one SQL query each",
        rate_of(QUERIES, lambda: [ask(number) for number in numbers[:QUERIES]]),
        note=f"{CARRIERS} carriers x {PREFIXES:,} prefixes, {SHARED / PREFIXES:.0%} shared; reach 50, stretch 80",
    )
    memory = f"{memory_mb / (RATES / 1e6):.1f} MB per million rates (reach 60)"
    return replace(figure, note=f"{figure.note}; {memory}; all loaded in {load_s:.0f} s")


def _change(database: Database, catalogue: LoadedCatalogue, number: str) -> None:
    """One carrier's deck changes: what is read again, and how long until calls go by it."""
    carrier_id = catalogue.carrier_rows[-1].carrier_id
    database.all(
        "insert into telecom_deck_rate (carrier_id, prefix, price_micro) values (%s, %s, 0)", carrier_id, number
    )
    begin = perf_counter()
    changed = asyncio.run(_load(database, catalogue, (f"deck:{carrier_id}",)))
    took_s = perf_counter() - begin
    first = _decider(changed)(number)[0]
    assert first == (carrier_id, 0), f"the new price is not in force: {first}"
    print(f"lcr: a new prefix in one of {CARRIERS} decks was in force after {took_s:.2f} s", flush=True)


async def _load(database: Database, known: LoadedCatalogue | None, topics: tuple[str, ...]) -> LoadedCatalogue:
    seam = BridgeDatabase(database.bridge_dsn(), application="bench lcr")
    try:
        return await CatalogueLoader(seam, Log("bench")).load(known, topics)
    finally:
        await seam.close()


def _decider(catalogue: LoadedCatalogue) -> Callable[[str], list[tuple[int, int]]]:
    """Carriers and costs of a number, as `plan_routes` finds them."""
    at = datetime.now(UTC)
    currency = catalogue.carrier_rows[-1].currency
    sale = Sale(currency, Tariff("UTC", (always(0, [Step(0, 900_000, 60, 1)]),)))
    entry = catalogue.route("4420", emergency=False)
    assert entry is not None and entry.expected_s == EXPECTED_S

    def decide(number: str) -> list[tuple[int, int]]:
        found = pick_carriers(catalogue, entry, number, at, sale=sale, draw=0.5)
        assert len(found) <= MAX_ROUTES
        return [(candidate.carrier_id, cost) for candidate, cost in found]

    return decide


def _fill(database: Database) -> list[str]:
    """Carriers with a trunk each, one route, ten million rates; numbers to ask for."""
    random = np.random.default_rng(SEED)
    database.all("update telecom_route set active = false")
    company = database.one("select company_id, currency_id from telecom_tenant t join res_company c on c.id ="
                           " t.company_id where t.parent_id is null")  # fmt: skip
    carriers = [
        database.insert("telecom_carrier", name=f"Bench {place}", active=True, timezone="UTC", duration_rule="up",
                        rounding_method="half_up", rounding_decimals=6, **company)
        for place in range(CARRIERS)
    ]  # fmt: skip
    for carrier_id in carriers:
        database.insert("telecom_trunk", name=f"Bench {carrier_id}", carrier_id=carrier_id, active=True,
                        host="192.0.2.1", port=5060)  # fmt: skip
    route = {"prefix": "", "rule": "cost", "expected_s": EXPECTED_S, "active": True, "allow_loss": False}
    database.insert("telecom_route", company_id=company["company_id"], **route)
    shared = _prefixes(random, SHARED, (4, 5, 6, 7))
    own = _prefixes(random, CARRIERS * (PREFIXES - SHARED), (8, 9, 10))
    random.shuffle(own)
    database.all("drop index telecom_deck_rate_begin")
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        for place, carrier_id in enumerate(carriers):
            mine = np.concatenate([shared, own[place::CARRIERS]])
            _copy(connection, carrier_id, mine, random.integers(1, PRICES, len(mine)) * 100)
    for statement in _indexes():
        database.all(statement)
    database.all('create index bench_prefix on telecom_deck_rate (prefix collate "C")')  # for QUERY
    database.all("vacuum analyze telecom_deck_rate")
    tails = random.integers(0, 10_000, DECISIONS)
    rates = random.integers(0, PREFIXES, DECISIONS)  # a rate of any deck: so many of them are of shared prefixes
    chosen = np.where(rates < SHARED, shared[rates % SHARED], own[random.integers(0, len(own), DECISIONS)])
    return [f"{prefix}{tail:04}" for prefix, tail in zip(chosen.tolist(), tails.tolist(), strict=True)]


def _prefixes(random: np.random.Generator, count: int, lengths: tuple[int, ...]) -> np.ndarray:
    """So many different prefixes of some lengths, the longer ones more often."""
    found = np.zeros(0, dtype=np.int64)
    while len(found) < count:
        powers = 10 ** (random.choice(lengths, count).astype(np.int64) - 1)
        found = np.unique(np.concatenate([found, random.integers(powers, 10 * powers)]))
    return random.permutation(found)[:count]


def _copy(
    connection: psycopg.Connection[tuple[int, int]], carrier_id: int, prefixes: np.ndarray, prices: np.ndarray
) -> None:
    rows = zip(prefixes.tolist(), prices.tolist(), strict=True)
    text = "".join(f"{carrier_id}\t{prefix}\t{price}\n" for prefix, price in rows)
    with (
        connection.cursor() as cursor,
        cursor.copy("copy telecom_deck_rate (carrier_id, prefix, price_micro) from stdin") as copy,
    ):
        copy.write(text)


def _indexes() -> Iterator[str]:
    """Statements of the addon that make the indexes of decks."""
    text = (Path(__file__).parents[2] / "addons/telecom_carrier/sql/10_deck.sql").read_text(encoding="utf-8")
    yield from (part for part in text.split(";") if "index if not exists telecom_deck_rate" in part)


def _resident_mb() -> float:
    """Resident memory of this process, without what is free inside of it."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB
