"""Whole calls over SIP: authorised, journalled and settled, against a node that only dials.

SIPp is telephone and carrier; both nodes have the same modules, leg journal and PJSIP rows, and both ask for the
password. So many calls are under way at once that the machine is busy; nobody talks.
"""

import os
from collections.abc import Iterator
from contextlib import closing

from tests.bench._call_bed import CallBed
from tests.bench._chain_rows import ChainRows
from tests.bench.figures import Figure, compare
from tests.support.db import Database

CALLS, AT_ONCE = 2000, 40


def figures() -> Iterator[Figure]:
    """The figure `calls`."""
    with (
        closing(Database(f"bss_bench_calls_{os.getpid()}")) as database,
        closing(CallBed(ChainRows(database))) as bed,
    ):
        yield compare(
            "calls",
            "calls/s",
            lambda: bed.product(CALLS, at_once=AT_ONCE),
            "plain Dial with the same modules, journal and realtime",
            lambda: bed.baseline(CALLS, at_once=AT_ONCE),
            note=f"SIPp on both sides, {AT_ONCE} at once, log-in each, 3 levels charged; reach 0.5, stretch 0.75",
        )
        problems = database.all("select * from telecom_wallet_problems() limit 3")
        assert not problems, problems
