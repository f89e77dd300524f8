"""`./bss test upstream`: Odoo's own tests of what we build on, with our addons installed, compared with plain Odoo.

All of them run with our addons. What goes wrong runs once more (a loaded machine is too slow for some of Odoo's browser
tests), then without our addons: a difference is what goes wrong twice with them, and right without.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .console import progress, say
from .errors import BssError
from .odoo import ODOO_MODULES, SUITE
from .summary import ODOO_RESULT, Outcome
from .test_bed import TestBed, write_test_conf

SUITE_NAME = "upstream"
MODULES = ("account", "sale", "portal", "website_sale", "payment")
TIMEOUT_S = 3 * 3600
QUIET = ("--stop-after-init", "--workers=0", "--max-cron-threads=0")
SHOWN = 200  # tests named in the list of differences

_LINE = re.compile(r"^\S+ \S+ \d+ [A-Z]+ \S+ odoo\.addons\.(?P<module>\w+)\.tests\.\S+: (?P<words>.*)$")
_STARTED = re.compile(r"Starting (?P<name>\w+\.\w+) \.\.\.")
_BAD = re.compile(r"(?:FAIL|ERROR): (?P<name>\w+\.\w+)")
_CLASS = re.compile(r"odoo\.tests\.suite: ERROR: (?P<name>setUpClass \(odoo\.addons\.(?P<module>\w+)\.\S+\))")

Test = tuple[str, str]
"""Module, and class with method."""

EXPLAINED: dict[Test, str] = {
    ("sale", "setUpClass (odoo.addons.sale.tests.test_sale_flow.TestSaleFlow)"): (
        "Odoo runs it in the middle of an update, before our addons are loaded: their record rules stand in the"
        " database, what these name is not there yet. Nobody can log in at that time"
    ),
    ("website_sale", "TestSaleProcess.test_03_demo_checkout"): (
        "its last step opens Odoo's example page Contact us, which the brands' addon unpublishes: it tells of the"
        " owner at hosts of nobody"
    ),
    ("website_sale", "TestSaleProcess.test_04_admin_website_sale_tour"): (
        "it logs out and looks for Sign in above the home page; until somebody builds one, the way leads to the log-in,"
        " which has no link to itself"
    ),
    ("website_sale", "TestWebsiteSaleCartRecovery.test_01_shop_cart_recovery_tour"): (
        "it logs out and looks for Sign in above the home page, as the test above"
    ),
    ("website_sale", "TestWebsiteSaleGMC.test_gmc_xml_correct_xml_format"): (
        "it takes / for the home page of the feed; until somebody builds one, that is /my"
    ),
}
"""Tests that go wrong with our addons because these are meant to do otherwise, and why."""


@dataclass(frozen=True)
class Results:
    """Tests that were begun and tests that went wrong: from the log of one run."""

    started: Counter[Test]
    bad: frozenset[Test]
    ended: bool

    def row(self, module: str) -> tuple[int, int]:
        """Tests begun and tests gone wrong of one module."""
        begun = sum(count for (name, _), count in self.started.items() if name == module)
        return begun, sum(name == module for name, _ in self.bad)


def read_results(log: str) -> Results:
    """Results of Odoo's log of a test run; lines of other loggers than the tests' own are passed over."""
    started: Counter[Test] = Counter()
    bad: set[Test] = set()
    for line in log.splitlines():
        if whole_class := _CLASS.search(line):
            bad.add((whole_class["module"], whole_class["name"]))
        found = _LINE.match(line)
        if not found:
            continue
        module, words = found["module"], found["words"]
        if begun := _STARTED.match(words):
            started[module, begun["name"]] += 1
        elif wrong := _BAD.match(words):
            bad.add((module, wrong["name"]))
    return Results(started, frozenset(bad), ended=ODOO_RESULT.search(log) is not None)


def compare(without: Results, with_ours: Results) -> list[str]:
    """What differs, a line each; empty when every test that goes right without our addons does so with them.

    Tests of EXPLAINED are left out.
    """
    worse = with_ours.bad - without.bad - EXPLAINED.keys()
    lines = [f"{module}: {name}: goes wrong only with our addons" for module, name in worse]
    lines += [
        f"{module}: {name}: begun {with_ours.started[module, name]} times with our addons, {count} without"
        for (module, name), count in without.started.items()
        if with_ours.started[module, name] != count and not _is_of_bad_class(module, name, with_ours)
    ]
    return sorted(lines)


def _is_of_bad_class(module: str, name: str, results: Results) -> bool:
    """Whether the class of a test never began: that is named already, or explained."""
    return any(one == module and whole_class_name(bad) == name.split(".", maxsplit=1)[0] for one, bad in results.bad)


def whole_class_name(name: str) -> str | None:
    """Class of `setUpClass (path.Class)`; None for a single test."""
    return name.rstrip(")").rpartition(".")[2] if name.startswith("setUpClass") else None


def tags_of(tests: Iterable[Test]) -> list[str]:
    """Odoo's tags of tests: `/module:Class.method`, or the whole class where it could not begin."""
    return sorted({f"/{module}:{whole_class_name(name) or name}" for module, name in tests})


def chosen_tags(words: str | None) -> list[str]:
    """Odoo's tags for words: parts of module names, or `module:Class` and `module:Class.test` as Odoo writes them."""
    if not words:
        return [f"/{module}" for module in MODULES]
    tags = [f"/{word}" for word in words.split() if ":" in word]
    parts = [word for word in words.split() if ":" not in word]
    return tags + [f"/{module}" for module in MODULES if any(part in module for part in parts)]


def modules_of(tags: Iterable[str]) -> list[str]:
    """Modules that tags name, in the order of MODULES."""
    named = {tag.lstrip("/").partition(":")[0] for tag in tags}
    if unknown := named - set(MODULES):
        raise BssError(
            f"Odoo's tests of {', '.join(sorted(unknown))} are not run here.", f"choose of {', '.join(MODULES)}"
        )
    return [module for module in MODULES if module in named]


def run_upstream(bed: TestBed, words: str | None) -> Outcome:
    """Run them, print a table, the differences and what is explained. `words`: see `chosen_tags`."""
    tags = chosen_tags(words)
    if not tags:
        raise BssError(f"No module has {words} in its name.", f"choose of {', '.join(MODULES)}")
    modules = modules_of(tags)
    ours = _Side(bed, "bss_upstream_with", (SUITE,))
    first = ours.run(tags, "with our addons")
    again = ours.run(tags_of(first.bad), "that went wrong, once more") if first.bad else first
    ours.drop()
    plain = _Side(bed, "bss_upstream_without", ())
    without = plain.run(tags_of(first.bad), "that went wrong, without our addons") if first.bad else again
    plain.drop()
    _show(modules, first, again, without)
    differences = compare(without, again)
    differences += [
        f"the run {which} broke off"
        for which, one in (("with our addons", first), ("once more", again), ("without our addons", without))
        if not one.ended
    ]
    for line in differences[:SHOWN]:
        say(f"  {line}")
    for module, name in sorted((EXPLAINED.keys() & again.bad) - without.bad):
        say(f"  {module}: {name}: meant so: {EXPLAINED[module, name]}")
    return Outcome(sum(first.started.values()) - len(differences), len(differences))


def _show(modules: list[str], first: Results, again: Results, without: Results) -> None:
    """Print a table, a row a module."""
    say(f"{'module':<14} {'tests':>7} {'wrong':>7} {'again':>7} {'also without our addons':>24}")
    for module in modules:
        begun, bad = first.row(module)
        wrong = {test for test in again.bad if test[0] == module}
        say(f"{module:<14} {begun:>7} {bad:>7} {len(wrong):>7} {len(wrong & without.bad):>24}")


class _Side:
    """A database with Odoo's modules, and ours or not, for some runs; made at the first."""

    def __init__(self, bed: TestBed, name: str, ours: tuple[str, ...]) -> None:
        self._bed, self._name, self._ours = bed, name, ours
        self._runs = 0

    def run(self, tags: list[str], words: str) -> Results:
        """Run the tests of some tags; `words` say which to the person who waits."""
        bed, name = self._bed, self._name
        self._runs += 1
        log = bed.layout.test / f"{name}_{self._runs}.log"
        log.unlink(missing_ok=True)
        with progress(f"Odoo's tests {words}", log):
            if self._runs == 1:
                self._make()
            write_test_conf(bed.layout, bed.odoo)
            bed.odoo.run_tests(["-d", name, "-u", ",".join(modules_of(tags)), "--test-tags", ",".join(tags), *QUIET],
                               log, TIMEOUT_S)  # fmt: skip
        return read_results(log.read_text(encoding="utf-8", errors="replace"))

    def _make(self) -> None:
        self.drop()
        self._bed.cluster.create_database(self._name)
        modules = (*ODOO_MODULES, *MODULES, *self._ours)
        self._bed.odoo.run("-d", self._name, "-i", ",".join(modules), "--skip-auto-install", "--no-http", *QUIET)

    def drop(self) -> None:
        self._bed.cluster.drop_database(self._name)
