"""Pages of a big system against a small one: 200 resellers with 50 customers each and a million calls; one reseller.

Takes about ten minutes, so it is not part of CI. Both systems are databases of one server, each with its own Odoo;
every page is asked for in turn at both. The small one has a full page of everything: an empty list draws nothing.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench._web_client import WebClient
from tests.bench.figures import REPEATS, Figure
from tests.support.db import Database
from tests.support.odoo import Odoo
from tests.support.web import WebOdoo

RESELLERS, CUSTOMERS, CALLS = 200, 50, 1_000_000
SMALL = {"resellers": 1, "customers": 100}
SMALL_CALLS = 2_000
ROWS = Path(__file__).with_name("_office_rows.py")
CALLS_SQL = Path(__file__).with_name("_office_calls.sql")
PASSWORD = "a password of the bench, 2026"
REACH = 1.5
DASHBOARD = "telecom.dashboard"
RECENT = [("started_at", ">=", "-7d")]
PAGES = {
    "accounts": ("telecom.billing.account", []),
    "telephones": ("telecom.phone", []),
    "numbers": ("telecom.number", []),
    "balances": ("telecom.wallet", []),
    "entries": ("telecom.wallet.entry", []),
    "rate_plans": ("telecom.rate.plan", []),
    "tenants": ("telecom.tenant", []),
    "contacts": ("res.partner", []),
    "call_records": ("telecom.call.record", RECENT),
    "charges": ("telecom.call.charge", RECENT),
    "live_calls": ("telecom.live.call", []),
}
"""Lists of the menus, with their default filter."""

OFFICE_PAGES = ("accounts", "telephones", "numbers", "entries", "rate_plans", "charges")
"""Those that a reseller has in its office."""


def figures() -> Iterator[Figure]:
    """Seconds of a reseller, then of each page."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o777)
        big, small = (stack.enter_context(closing(Office(name, folder))) for name in ("big", "small"))
        small.fill(SMALL, SMALL_CALLS)
        seconds = big.fill({"resellers": RESELLERS, "customers": CUSTOMERS}, CALLS)
        yield _growth(seconds)
        for one in (big, small):
            one.start_web()
        yield from _pages(big.staff, small.staff, "office", PAGES)
        yield from _pages(big.reseller, small.reseller, "office.reseller", OFFICE_PAGES)


def _growth(seconds: list[float]) -> Figure:
    tenth = max(1, len(seconds) // 10)
    first, last = median(seconds[:tenth]), median(seconds[-tenth:])
    note = f"with {CUSTOMERS} customers, telephones and numbers; all {RESELLERS} took {sum(seconds):.0f} s"
    return Figure("office.new_reseller", last, "s", "the first ones", first, last / first, note)


def _pages(big: WebClient, small: WebClient, name: str, pages: Iterable[str]) -> Iterator[Figure]:
    for page in pages:
        model, domain = PAGES[page]
        yield _compare(f"{name}.{page}", lambda one, m=model, d=domain: one.open_list(m, d), big, small)
    yield _compare(f"{name}.dashboard", lambda one: one.call(DASHBOARD, "figures", [30]), big, small)


def _compare(name: str, open_page, big: WebClient, small: WebClient) -> Figure:  # type: ignore[no-untyped-def]
    """Seconds of a page of both systems, asked for in turn."""
    for one in (big, small):
        open_page(one)
    pairs = [(_seconds(open_page, big), _seconds(open_page, small)) for _ in range(REPEATS)]
    value, base = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return Figure(name, value, "s", "small system", base, value / base, f"reach {REACH:g}")


def _seconds(open_page, one: WebClient) -> float:  # type: ignore[no-untyped-def]
    begin = perf_counter()
    open_page(one)
    return perf_counter() - begin


class Office:
    """One system: its database, filled, and its web server."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = f"bss_bench_office_{name}_{os.getpid()}"
        self._folder = folder
        self._order = folder / f"{name}.json"
        self.db = Database(self.name)
        self.db.all(f"alter database {self.name} owner to bss_odoo")
        self._web: WebOdoo | None = None
        self.staff: WebClient
        self.reseller: WebClient

    def fill(self, wanted: dict[str, int], calls: int) -> list[float]:
        """Make resellers, customers, calls and the two people who look; seconds of each reseller."""
        self._order.write_text(json.dumps(wanted))
        self._order.chmod(0o666)
        with closing(Odoo(self.name, self._folder, {"BENCH_OFFICE": str(self._order)}, patience_s=3600)) as odoo:
            odoo.run(ROWS)
            self._make_people(odoo)
        self._make_calls(calls)
        seconds: list[float] = json.loads(self._order.read_text())["seconds"]
        return seconds

    def start_web(self) -> None:
        """Start Odoo and log both people in."""
        web = self._web = WebOdoo(self.name, self._folder)
        web.start()
        self.staff = WebClient(web.url, self.name, "admin", PASSWORD)
        self.reseller = WebClient(web.url, self.name, "bench", PASSWORD)

    def close(self) -> None:
        if self._web is not None:
            self._web.stop()
        self.db.close()

    def _make_people(self, odoo: Odoo) -> None:
        company = odoo.call("telecom.tenant", [], "search", [("parent_id", "!=", False)], limit=1)[0]
        company = odoo.read("telecom.tenant", company, "company_id")[0]
        group = self.db.value("select res_id from ir_model_data where name = 'group_reseller_admin'")
        odoo.create(
            "res.users", name="Bench", login="bench", password=PASSWORD, company_id=company,
            company_ids=[(6, 0, [company])], group_ids=[(6, 0, [group])],
        )  # fmt: skip
        odoo.write("res.users", odoo.find("res.users", ("login", "=", "admin")), password=PASSWORD)
        owner = self.db.value("select company_id from telecom_tenant where parent_id is null")
        odoo.create("telecom.carrier", name="Bench", company_id=owner)

    def _make_calls(self, calls: int) -> None:
        self.db.all("select telecom_call_ensure_partitions((now() - interval '40 days')::date, 3)")
        self.db.all(CALLS_SQL.read_text().replace("%(calls)s", str(calls)).replace("%%", "%"))
        self.db.all("vacuum analyze")
