"""Minutes of calls at half of what the switch carries: memory, channels, reservations and connections must not grow.

`--minutes N` (20). Each figure is the end against the level after the warm-up; AssertionError when something leaks.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression

from tests.bench._call_bed import CallBed
from tests.bench._chain_rows import ChainRows
from tests.bench.figures import Figure
from tests.support.db import BRIDGE_ROLE, Database
from tests.support.until import until

MINUTES = 20
TALK_MS = 1000
PROBE_CALLS, PROBE_AT_ONCE = 500, 40
SAMPLES = 60
WARM_UP = 0.25
"""Share of the samples that does not count: caches and pools fill."""

GROWTH = 0.10
"""A part may be so much larger at the end of the line through its samples than at its begin (share of its size)."""

REFUSED = 0.001
"""Share of the calls that may be refused: the machine may stop for longer than a caller's patience."""

CONNECTIONS_MORE = 2
"""The pool of the bridge fills by need; it may open so many more after the warm-up."""


@dataclass(frozen=True)
class Sample:
    """What is in use at one instant; memory in MiB."""

    minute: float
    bridge_mib: float
    asterisk_mib: float
    connections: int
    reservations: int
    channels: int


def figures(minutes: float = MINUTES) -> Iterator[Figure]:
    """soak.calls, then one figure for each thing that could leak."""
    with (
        closing(Database(f"bss_bench_soak_{os.getpid()}")) as database,
        closing(CallBed(ChainRows(database), with_plain=False)) as bed,
    ):
        bed.product(PROBE_CALLS, at_once=PROBE_AT_ONCE)
        per_second = bed.product(PROBE_CALLS, at_once=PROBE_AT_ONCE) / 2
        samples, carried, refused = _load(bed, per_second, minutes * 60)
        yield Figure(
            "soak.calls", carried, "calls/s", "offered: half of calls", per_second, carried / per_second,
            f"{minutes:g} minutes, {TALK_MS / 1000:g} s of talk, 3 levels charged",
        )  # fmt: skip
        placed = round(per_second * minutes * 60)
        yield Figure("soak.refused", refused, "calls", "placed", placed, refused / placed, f"at most {REFUSED:.1%}")
        steady = samples[int(len(samples) * WARM_UP) :]
        yield _memory("soak.bridge_memory", steady, [sample.bridge_mib for sample in steady])
        yield _memory("soak.asterisk_memory", steady, [sample.asterisk_mib for sample in steady])
        yield _connections(steady)
        yield from _left_over(bed, samples)


def _load(bed: CallBed, per_second: float, seconds: float) -> tuple[list[Sample], float, int]:
    """Samples while calls run, how many were settled per second, and how many were refused."""
    calls, before, begin = max(1, round(per_second * seconds)), bed.settled(), time.monotonic()
    failed: list[BaseException] = []
    refused: list[int] = []

    def place() -> None:
        try:
            may_fail, at_once = int(calls * REFUSED), round(per_second * 10)
            refused.append(bed.carry(calls, at_once=at_once, talk_ms=TALK_MS, per_second=per_second, may_fail=may_fail))
        except BaseException as error:  # noqa: BLE001  told by the thread that waits
            failed.append(error)

    caller = threading.Thread(target=place)
    caller.start()
    samples = []
    while caller.is_alive():
        samples.append(_sample(bed, (time.monotonic() - begin) / 60))
        caller.join(seconds / SAMPLES)
    if failed:
        raise failed[0]
    return samples, (bed.settled() - before) / (time.monotonic() - begin), refused[0]


def _sample(bed: CallBed, minute: float) -> Sample:
    connections = "select count(*) from pg_stat_activity where usename = %s and datname = %s"
    return Sample(
        minute,
        _resident_mib(bed.bridge_pid()),
        _resident_mib(bed.asterisk_pid()),
        int(bed.rows.db.value(connections, BRIDGE_ROLE, bed.rows.db.name)),
        _reservations(bed),
        bed.node.channels(),
    )


def _memory(name: str, samples: list[Sample], sizes: list[float]) -> Figure:
    """Line through the sizes: its end against its begin."""
    slope, intercept = linear_regression([sample.minute for sample in samples], sizes)
    begin, end = (intercept + slope * samples[place].minute for place in (0, -1))
    assert end <= begin * (1 + GROWTH), f"{name} leaks: {begin:.1f} MiB, then {end:.1f} MiB ({slope:.3f} MiB/minute)"
    return Figure(name, end, "MiB", "after the warm-up", begin, end / begin, f"{slope:+.3f} MiB a minute")


def _connections(samples: list[Sample]) -> Figure:
    begin, end = samples[0].connections, samples[-1].connections
    assert end <= begin + CONNECTIONS_MORE, f"connections leak: {begin}, then {end}"
    return Figure("soak.connections", end, "connections", "after the warm-up", begin, end / max(1, begin), "bridge")


def _left_over(bed: CallBed, samples: list[Sample]) -> Iterator[Figure]:
    """Nothing may be left when the last call is over; the baseline is the middle of the load."""
    middle = samples[len(samples) // 2]
    until(lambda: bed.node.channels() == 0, seconds=30, reason="no channel is left")
    until(lambda: _reservations(bed) == 0, seconds=60, reason="no reservation is left")
    problems = bed.rows.db.all("select * from telecom_wallet_problems() limit 3")
    assert not problems, problems
    yield Figure("soak.channels", 0, "channels", "under load", middle.channels, 0.0, "left at the end")
    yield Figure("soak.reservations", 0, "reservations", "under load", middle.reservations, 0.0, "left; books agree")


def _reservations(bed: CallBed) -> int:
    return int(bed.rows.db.value("select count(*) from telecom_reservation"))


def _resident_mib(pid: int) -> float:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20
