"""Pages of a big system against a small one: 200 resellers with 50 customers each against two.

Takes about twenty minutes, so it is not part of CI. Both systems are databases of one server, each with its own Odoo;
every page is asked for in turn at both, as the browser asks. Lists are asked for as many lines as the small system has,
so that they differ by the system they are found in and not by what is drawn. A page of the small system is the
baseline: 1.5 times it is the reach for lists.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg

from tests.bench._web_client import WebClient
from tests.bench.figures import REPEATS, Figure
from tests.support.db import Database
from tests.support.odoo import Odoo
from tests.support.web import WebOdoo

RESELLERS, CUSTOMERS, CALLS = 200, 50, 300_000
SMALL_RESELLERS, SMALL_CALLS = 2, 10_000
ROWS = Path(__file__).with_name("_office_rows.py")
CALLS_SQL = Path(__file__).with_name("_office_calls.sql")
PASSWORD = "a password of the bench, 2026"
FILL_S = 3600
NO_MAIL = 1  # a port that nobody serves: nothing is mailed here
FIRST_AND_LAST = 20

OWN_LISTS = (
    "telecom-accounts", "telecom-tenants", "telecom-balances", "telecom-entries", "telecom-rate-plans",
    "telecom-rates", "telecom-charges", "telecom-audit",
)  # fmt: skip
LISTS_OF_RESELLERS = ("telecom-phones", "telecom-numbers", "telecom-calls")
RESELLER_LISTS = (
    "office-customers", "office-telephones", "office-numbers", "office-calls", "office-statement", "office-plans",
)  # fmt: skip
CARDS = ("office-customers", "office-telephones", "office-calls")
"""Lists and, on telephones, cards, by the address of their page; with the filters that they have when they open."""

CUSTOMER_PAGES = ("/my", "/my/accounts", "/my/calls", "/my/statement", "/my/prices")
PAYMENTS = """
    select telecom_wallet_post(account.id, 'topup', 20000000, 'bench-' || account.id || '-' || n, 'Payment', null::int)
      from telecom_billing_account account cross join generate_series(1, 3) n"""


def figures() -> Iterator[Figure]:
    """Seconds of a new reseller, then of each page."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o777)  # Odoo runs as another user
        big, small = (stack.enter_context(closing(Office(name, folder))) for name in ("big", "small"))
        small.fill(SMALL_RESELLERS, SMALL_CALLS)
        yield _growth(big.fill(RESELLERS, CALLS))
        for one in (big, small):
            one.start()
        for name, paths in (("owner", OWN_LISTS), ("owner_all_companies", OWN_LISTS + LISTS_OF_RESELLERS)):
            people = [one.log_in("admin", all_companies=paths != OWN_LISTS) for one in (big, small)]
            yield from _lists(name, paths, "list", *people)
            yield from _own_pages(name, "/odoo", *people)
        people = [one.log_in("reseller") for one in (big, small)]
        yield from _lists("reseller", RESELLER_LISTS, "list", *people)
        yield from _lists("reseller", CARDS, "kanban", *people)
        yield from _own_pages("reseller", "/office", *people)
        people = [one.log_in("customer") for one in (big, small)]
        for page in CUSTOMER_PAGES:
            yield _compare(f"customer {page}", [lambda one=one, page=page: one.get(page) for one in people], "page")


def _growth(seconds: list[float]) -> Figure:
    """The last resellers that were made against the first."""
    first, last = median(seconds[:FIRST_AND_LAST]), median(seconds[-FIRST_AND_LAST:])
    note = f"by the page New Reseller, median of {FIRST_AND_LAST}; all {len(seconds)} took {sum(seconds):.0f} s"
    return Figure("office.new_reseller", last, "s", "the first ones", first, last / first, note)


def _lists(name: str, paths: tuple[str, ...], kind: str, big: WebClient, small: WebClient) -> Iterator[Figure]:
    """The first page of each list, and the form of its first line."""
    for path in paths:
        found = [one.rows(path, kind) for one in (big, small)]
        lines = min(map(len, found))
        assert lines, f"{path} has no lines for {name}"
        work = [lambda one=one, path=path: one.rows(path, kind, lines) for one in (big, small)]  # noqa: B023
        yield _compare(f"{name} {path} {kind}", work, f"{lines} lines; reach 1.5")
        if kind == "list":
            pairs = zip((big, small), found, strict=True)
            forms = [lambda one=one, path=path, rows=rows: one.form(path, rows[0]) for one, rows in pairs]
            yield _compare(f"{name} {path} form", forms, "form")


def _own_pages(name: str, path: str, big: WebClient, small: WebClient) -> Iterator[Figure]:
    """The page that all others are opened in, and the dashboard."""
    both = (big, small)
    yield _compare(f"{name} {path}", [lambda one=one: one.get(path) for one in both], "page")
    figures = [lambda one=one: one.call("telecom.dashboard", "figures", [30]) for one in both]
    yield _compare(f"{name} dashboard", figures, f"of {CALLS:,} calls against {SMALL_CALLS:,}")


def _compare(name: str, work: Sequence[Callable[[], object]], note: str) -> Figure:
    """Seconds of a page of the big and the small system, asked for in turn."""
    for one in work:
        one()
    turns = [[_seconds(one) for one in work] for _ in range(REPEATS)]
    value, base = (median(times) for times in zip(*turns, strict=True))
    return Figure(f"office.{name}", value, "s", "small system", base, value / base, note)


def _seconds(work: Callable[[], object]) -> float:
    begin = perf_counter()
    work()
    return perf_counter() - begin


class Office:
    """One system: its database, filled, and its web server."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = f"bss_bench_office_{name}_{os.getpid()}"
        self._folder = folder / name
        self._folder.mkdir()
        self._folder.chmod(0o777)
        self.db = Database(self.name)
        self._web: WebOdoo | None = None

    def fill(self, resellers: int, calls: int) -> list[float]:
        """Make resellers, their customers and calls; seconds of each reseller."""
        order = self._folder / "order.json"
        order.write_text(json.dumps({"resellers": resellers, "customers": CUSTOMERS, "password": PASSWORD}))
        order.chmod(0o666)
        with closing(Odoo(self.name, self._folder, {"BENCH_OFFICE": str(order)}, patience_s=FILL_S)) as odoo:
            odoo.run(ROWS)
        self._make_calls(calls)
        seconds: list[float] = json.loads(order.read_text())["seconds"]
        return seconds

    def start(self) -> None:
        """Start the web server, on a port that is free now: the other system's is taken by then."""
        self._web = WebOdoo(self.name, self._folder, NO_MAIL)
        self._web.start()

    def log_in(self, login: str, *, all_companies: bool = False) -> WebClient:
        """One of its people."""
        assert self._web is not None
        return WebClient(self._web.url, login, PASSWORD, all_companies=all_companies)

    def close(self) -> None:
        if self._web is not None:
            self._web.stop()
        self.db.close()

    def _make_calls(self, calls: int) -> None:
        self.db.all("select telecom_call_ensure_partitions((now() - interval '40 days')::date, 3)")
        with psycopg.connect(self.db.dsn) as connection:
            connection.execute(CALLS_SQL.read_text(), {"calls": calls})
        self.db.all(PAYMENTS)
        self.db.all("vacuum analyze")
