"""Authorise and settle: how much faster than a transaction a call, and how near to a FastAGI server that does nothing.

One shared reseller stands above everybody, so that every call moves the same row (architecture.md, Figures).
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median

from tests.bench._authorise_db import CONNECTIONS, DatabaseBench
from tests.bench._authorise_door import OFFERED_PER_S, DoorBench
from tests.bench._chain_rows import ChainRows
from tests.bench.figures import REPEATS, Figure, compare
from tests.support.db import Database

PRODUCT_CALLS, BASELINE_CALLS = 4000, 1000
DOOR_CALLS, ECHO_CALLS = 12000, 6000
"""Some seconds of work: the last calls' lines are read a tenth of a second after them."""


def figures() -> Iterator[Figure]:
    """authorise.db and authorise.door; the wallets are checked after each."""
    with closing(Database(f"bss_bench_authorise_{os.getpid()}")) as database:
        rows = ChainRows(database)
        yield _db(rows)
        _check(database)
        yield _door(rows)
        _check(database)


def _db(rows: ChainRows) -> Figure:
    bench = DatabaseBench(rows)
    return compare(
        "authorise.db",
        "calls/s",
        lambda: bench.product(PRODUCT_CALLS),
        f"one transaction a call, {CONNECTIONS} connections",
        lambda: bench.baseline(BASELINE_CALLS),
        note="customer + 2 resellers, one shared by all; reserve, settle, record, 3 charges; reach 5, stretch 8",
    )


def _door(rows: ChainRows) -> Figure:
    with tempfile.TemporaryDirectory() as folder, closing(DoorBench(rows, Path(folder))) as bench:
        p50_ms, p99_ms = bench.latency_ms()
        figure = compare(
            "authorise.door",
            "calls/s",
            lambda: bench.product(DOOR_CALLS),
            "bare FastAGI server on asyncio, 3 commands",
            lambda: bench.baseline(ECHO_CALLS),
            note=f"over FastAGI, settled from the journal; at {OFFERED_PER_S}/s offered p50 {p50_ms:.1f} ms,"
            f" p99 {p99_ms:.1f} ms (aim 3, 25); reach 0.35, stretch 0.6",
        )
        uvloop = median(bench.baseline_uvloop(ECHO_CALLS) for _ in range(REPEATS))
        return replace(figure, note=f"{figure.note}; against the same server on uvloop {figure.value / uvloop:.2f}")


def _check(database: Database) -> None:
    problems = database.all("select * from telecom_wallet_problems() limit 3")
    left = database.value("select count(*) from telecom_reservation")
    assert not problems, problems
    assert not left, f"{left} reservations are left"
