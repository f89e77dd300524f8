"""A carrier's deck of a million prefixes replaced by one of which a tenth changed, through the page's own methods.

Uploaded, verified with its preview stored, applied; beside it COPY of the same file, as PostgreSQL alone takes it into
a table without an index, and into one with the deck's columns, checks and indexes (architecture.md, Figures). After
each turn the import is rolled back, which is not measured, and the deck compared with what it was.
"""

import base64
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from tests.bench.figures import REPEATS, Figure, compare, rate_of
from tests.support.db import Database
from tests.support.odoo import Odoo

ROWS, CHANGED_EACH = 1_000_000, 10
FIRST = 10_000_000
HEADER = "prefix,price,connect_fee,first_increment,next_increment"
PRICES = 700
"""Different prices of the deck: some hundred, like carriers' decks have."""


def figures() -> Iterator[Figure]:
    """import, and the same against COPY into a table that is like the deck's."""
    with closing(Database(f"bss_bench_import_{os.getpid()}")) as database, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # Odoo runs as another user
        with closing(Odoo(database.name, Path(folder))) as odoo:
            yield from _figures(ImportBench(database, odoo, Path(folder)))


def _figures(bench: "ImportBench") -> Iterator[Figure]:
    figure = compare(
        "import",
        "rows/s",
        bench.product,
        "COPY of the file into a table without an index",
        rate_of(ROWS, bench.copy_file),
        note=f"{ROWS:,} rows, one in {CHANGED_EACH} changed; reach 0.25, stretch 0.4",
    )
    steps = ", ".join(f"{name} {median(times):.1f} s" for name, times in bench.times.items())
    yield replace(figure, note=f"{figure.note}; {steps}; peak memory {bench.peak_mb():.0f} MB (reach 1,000)")
    like = median(rate_of(ROWS, bench.copy_rows)() for _ in range(REPEATS))
    name = "COPY of the file into a table with the deck's checks and indexes"
    yield Figure(
        "import.indexed", figure.value, figure.unit, name, like, figure.value / like, "the same turns as above"
    )


class ImportBench:
    """The deck, the file, and one turn of either."""

    def __init__(self, database: Database, odoo: Odoo, folder: Path) -> None:
        self.db, self.odoo = database, odoo
        self.turns = 0
        self.times: dict[str, list[float]] = {"upload": [], "verify": [], "apply": []}
        company = database.value("select company_id from telecom_tenant where parent_id is null")
        self.carrier = odoo.create("telecom.carrier", name="Million", company_id=company)
        self.others = database.value("select count(*) from telecom_deck_rate")
        database.all(
            "insert into telecom_deck_rate (carrier_id, prefix, price_micro)"
            " select %s::int, number::text, 1000 + number %% %s::int from generate_series(%s::int, %s::int) number",
            self.carrier, PRICES, FIRST, FIRST + ROWS - 1,
        )  # fmt: skip
        database.all("create table bench_plain (prefix text, price numeric, fee numeric, first_s int, next_s int)")
        database.all("create table bench_deck (like telecom_deck_rate including all)")
        database.all("vacuum analyze telecom_deck_rate")
        self.file = _file([_line(number) for number in range(FIRST, FIRST + ROWS)])
        self.path = folder / "million.base64"  # as the browser sends it
        self.micro = _file([_micro_line(self.carrier, number) for number in range(FIRST, FIRST + ROWS)])
        self.before = self._sum()

    def product(self) -> float:
        """Rows a second, from the upload to the commit of the new prices."""
        self.turns += 1
        header = HEADER.encode()
        file = self.file.replace(header, header + b" " * self.turns, 1)  # no file comes twice
        self.path.write_bytes(base64.b64encode(file))
        begin = perf_counter()
        one = self._timed("upload", self._upload)
        self._timed("verify", lambda: self._job(one, "action_verify"))
        self._timed("apply", lambda: self._job(one, "action_apply"))
        rate = ROWS / (perf_counter() - begin)
        self._check(one)
        self._job(one, "action_roll_back")
        assert self._sum() == self.before, "rolled back, the deck is another one"
        self.db.all("vacuum analyze telecom_deck_rate")
        return rate

    def copy_file(self) -> None:
        """The same bytes, by PostgreSQL's own reader, into a table without an index."""
        self._copy("bench_plain", "", self.file)

    def copy_rows(self) -> None:
        """The same rows, into a table with the checks and indexes of the deck's."""
        columns = "(carrier_id, prefix, price_micro, connect_fee_micro, first_increment_s, next_increment_s)"
        self._copy("bench_deck", columns, self.micro)

    def peak_mb(self) -> float:
        """The most memory that the Odoo process has had."""
        status = Path(f"/proc/{self.odoo.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def _upload(self) -> int:
        file = {"text_of": str(self.path)}
        return self.odoo.create("telecom.price.import", carrier_id=self.carrier, file=file, filename="million.csv")

    def _job(self, one: int, button: str) -> None:
        """Press a button, and let the job do what the button asked for."""
        self.odoo.call("telecom.price.import", [one], button)
        self.odoo.call("telecom.price.import", [], "_run_queued")

    def _check(self, one: int) -> None:
        found = self.odoo.read("telecom.price.import", one, "state", "message", "unchanged_count", "raised_count")
        changed = ROWS // CHANGED_EACH
        assert (found["state"], found["unchanged_count"]) == ("applied", ROWS - changed), found
        assert self.db.value("select count(*) from telecom_price_change where import_id = %s", one) == changed
        assert self.db.value("select count(*) from telecom_deck_rate") == ROWS + changed + self.others

    def _timed(self, name: str, work: Callable[[], Any]) -> Any:
        begin = perf_counter()
        result = work()
        self.times[name].append(perf_counter() - begin)
        return result

    def _copy(self, table: str, columns: str, data: bytes) -> None:
        with psycopg.connect(self.db.dsn) as connection:
            connection.execute(f"truncate {table}")
            with connection.cursor().copy(f"copy {table} {columns} from stdin (format csv, header)") as sink:
                sink.write(data)

    def _sum(self) -> Any:
        """What tells one deck from another: all columns of all rows."""
        query = "select sum(hashtextextended(deck::text, 0)) from telecom_deck_rate deck where carrier_id = %s"
        return self.db.value(query, self.carrier)


def _file(lines: list[str]) -> bytes:
    return ("\n".join([HEADER, *lines]) + "\n").encode()


def _line(number: int) -> str:
    """One in ten costs a little more than it does now."""
    micro = 1000 + number % PRICES + (250 if number % CHANGED_EACH == 0 else 0)
    return f"{number},0.{micro:06d},0.000000,1,1"


def _micro_line(carrier: int, number: int) -> str:
    return f"{carrier},{number},{1000 + number % PRICES},0,1,1"
