"""A stored month of a million calls priced anew and posted, through the page's own methods: compare, then apply.

Beside it binary COPY of the very rows that were posted (a refund and a new charge for each call) into a table without
an index, and into one with the indexes of the charges (architecture.md, Figures). A turn raises the price, so that
every call changes; what a turn has given back is taken away afterwards, so that the next one finds a million calls.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg

from tests.bench.figures import Figure
from tests.support.db import Database
from tests.support.demo_rows import Demo
from tests.support.odoo import Odoo

CALLS, ACCOUNTS, TURNS = 1_000_000, 200, 3
MONTH = "2026-03-01"

FILL = """
    with call as (
        select n, timestamptz '2026-03-01 00:00+00' + n * interval '2.6 s' as at,
               1 + (n %% 180) * 7919 %% 180 as seconds,
               (%(accounts)s::int[])[1 + n %% cardinality(%(accounts)s::int[])] as account_id
          from generate_series(1, %(calls)s) n
    ), record as (
        insert into telecom_call_record (leg_uniqueid, direction, started_at, answered_at, ended_at, duration_us,
               account_id, company_id, dialled, e164, disposition, answered_s, terms, revenue_net_micro,
               revenue_gross_micro, revenue_currency)
        select 'bench-' || n, 'outbound', at, at, at + seconds * interval '1 s', seconds * 1000000, account_id,
               %(owner)s, '02079460000', '4420794' || lpad((n %% 100000)::text, 5, '0'), 'answered', seconds,
               jsonb_build_object('authorised_at', at), seconds * 500, seconds * 500, 'EUR' from call
        returning id, leg_uniqueid, started_at, answered_at, account_id, company_id, dialled, e164, answered_s
    )
    insert into telecom_call_charge (record_id, leg_uniqueid, direction, started_at, answered_at, level, account_id,
           company_id, dialled, e164, answered_s, billed_s, plan_id, currency, net_micro, tax_micro, gross_micro, terms)
    select id, leg_uniqueid, 'outbound', started_at, answered_at, 0, account_id, company_id, dialled, e164, answered_s,
           answered_s, %(plan)s, 'EUR', answered_s * 500, 0, answered_s * 500, '{"rate_id": 1}' from record"""

TIDY = """
    delete from telecom_call_charge where refunds_id is not null
        or id in (select refunds_id from telecom_call_charge where refunds_id is not null)"""


def figures() -> Iterator[Figure]:
    """rerate, and the same against COPY into a table that is indexed like the charges."""
    with closing(Database(f"bss_bench_rerate_{os.getpid()}")) as database, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # Odoo runs as another user
        with closing(Odoo(database.name, Path(folder))) as odoo:
            yield from _figures(RerateBench(database, odoo, Path(folder)))


def _figures(bench: "RerateBench") -> Iterator[Figure]:
    ours, plain, like = [], [], []
    for _ in range(TURNS):
        ours.append(bench.product())
        plain.append(bench.copy("bench_plain"))
        like.append(bench.copy("bench_like"))
        bench.tidy()
    steps = ", ".join(f"{name} {median(times):.1f} s" for name, times in bench.times.items())
    value, note = median(ours), f"{CALLS:,} calls; {steps}; peak memory {bench.peak_mb():.0f} MB"
    for name, base, baseline in (
        ("rerate", "binary COPY of the same rows into a table without an index", median(plain)),
        ("rerate.indexed", "binary COPY of the same rows into a table with the charges' indexes", median(like)),
    ):
        yield Figure(name, value, "calls/s", base, baseline, value / baseline, f"{note}; reach 0.35, stretch 0.6")


class RerateBench:
    """The month, and one turn of either."""

    def __init__(self, database: Database, odoo: Odoo, folder: Path) -> None:
        self.db, self.odoo, self.file = database, odoo, folder / "rows"
        self.times: dict[str, list[float]] = {"compare": [], "apply": []}
        self.price = 0.03
        demo = Demo(database)
        database.all("select telecom_call_ensure_partitions(%s::date, 1)", MONTH)
        accounts = [
            demo.open_account(f"B{n}", demo.owner, plan=demo.direct) for n in range(100_000, 100_000 + ACCOUNTS)
        ]
        values = {"accounts": accounts, "calls": CALLS, "owner": demo.owner, "plan": demo.direct}
        with psycopg.connect(database.dsn) as connection:
            connection.execute(FILL, values)
        self.rate = database.value("select id from telecom_rate where plan_id = %s", demo.direct)
        self.company = demo.owner
        database.all("create table bench_plain (like telecom_call_charge)")
        database.all("create table bench_like (like telecom_call_charge including all)")
        database.all("vacuum analyze")

    def product(self) -> float:
        """Calls a second, from the comparison to the commit of what was posted."""
        self.price = round(self.price + 0.01, 2)  # 0.05 + 0.01 is finer than a price may be
        self.odoo.write("telecom.rate", self.rate, price=self.price)
        one = self.odoo.create(
            "telecom.rerate.run", name="Bench", company_id=self.company, date_from=f"{MONTH} 00:00:00",
            date_to="2026-04-01 00:00:00",
        )  # fmt: skip
        begin = perf_counter()
        self._step("compare", one, "action_preview")
        self._step("apply", one, "action_apply")
        rate = CALLS / (perf_counter() - begin)
        found = self.odoo.read("telecom.rerate.run", one, "state", "message", "changed_count")
        assert (found["state"], found["changed_count"]) == ("applied", CALLS), found
        self._export(one)
        return rate

    def copy(self, table: str) -> float:
        """Calls a second by COPY alone."""
        begin = perf_counter()
        with psycopg.connect(self.db.dsn) as connection, self.file.open("rb") as source:
            connection.execute(f"truncate {table}")  # type: ignore[arg-type]
            with connection.cursor().copy(f"copy {table} from stdin (format binary)") as sink:  # type: ignore[arg-type]
                while block := source.read(1 << 20):
                    sink.write(block)
        return CALLS / (perf_counter() - begin)

    def tidy(self) -> None:
        """Leave one charge a call."""
        for statement in (TIDY, "truncate bench_plain, bench_like", "delete from telecom_call_correction"):
            self.db.all(statement)
        self.db.all("vacuum analyze")

    def peak_mb(self) -> float:
        """The most memory that the Odoo process has had."""
        status = Path(f"/proc/{self.odoo.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def _step(self, name: str, one: int, button: str) -> None:
        begin = perf_counter()
        self.odoo.call("telecom.rerate.run", [one], button)
        self.odoo.call("telecom.rerate.run", [], "_run_queued")
        self.times[name].append(perf_counter() - begin)

    def _export(self, one: int) -> None:
        """The rows of the turn, as COPY takes them."""
        query = f"copy (select * from telecom_call_charge where run_id = {one}) to stdout (format binary)"  # noqa: S608
        with (
            psycopg.connect(self.db.dsn) as connection,
            self.file.open("wb") as sink,
            connection.cursor().copy(query) as rows,  # type: ignore[arg-type]
        ):
            for block in rows:
                sink.write(block)
