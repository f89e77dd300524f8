"""`./bss test upstream`: Odoo's own tests of what we build on, with our addons installed and without them, compared."""

import re
from collections import Counter
from dataclasses import dataclass

from .console import progress, say
from .odoo import ODOO_MODULES, SUITE
from .summary import ODOO_RESULT, Outcome
from .test_bed import TestBed, write_test_conf

SUITE_NAME = "upstream"
MODULES = ("account", "sale", "portal", "website_sale", "payment")
TIMEOUT_S = 3 * 3600
SHOWN = 200  # tests named in the list of differences

_LINE = re.compile(r"^\S+ \S+ \d+ [A-Z]+ \S+ odoo\.addons\.(?P<module>\w+)\.tests\.\S+: (?P<words>.*)$")
_STARTED = re.compile(r"Starting (?P<name>\w+\.\w+) \.\.\.")
_BAD = re.compile(r"(?:FAIL|ERROR): (?P<name>\w+\.\w+)")
_CLASS = re.compile(r"odoo\.tests\.suite: ERROR: (?P<name>setUpClass \(odoo\.addons\.(?P<module>\w+)\.\S+\))")

Test = tuple[str, str]
"""Module, and class with method."""

EXPLAINED: dict[Test, str] = {
    ("payment", "TestMultiCompanyFlows.test_pay_logged_in_another_company"): (
        "a user's contact belongs to the user's company here, so that resellers' people are blind to each other; who is"
        " logged in at one company pays at that one only"
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
    """What differs, a line each; empty when every test that ran without our addons ends the same with them.

    Tests of EXPLAINED are left out.
    """
    worse = with_ours.bad - without.bad - EXPLAINED.keys()
    lines = [f"{module}: {name}: goes wrong only with our addons" for module, name in worse]
    lines += [f"{module}: {name}: goes wrong only without our addons" for module, name in without.bad - with_ours.bad]
    lines += [
        f"{module}: {name}: begun {with_ours.started[module, name]} times with our addons, {count} without"
        for (module, name), count in without.started.items()
        if with_ours.started[module, name] != count
    ]
    sides = (("without", without), ("with", with_ours))
    return sorted(lines) + [f"the run {word} our addons broke off" for word, one in sides if not one.ended]


def run_upstream(bed: TestBed, words: str | None) -> Outcome:
    """Run them twice, print a table and the differences. `words`: only modules with one of these words."""
    modules = [name for name in MODULES if not words or any(word in name for word in words.split())]
    without = _run(bed, "bss_upstream_without", modules, ())
    with_ours = _run(bed, "bss_upstream_with", modules, (SUITE,))
    say(f"{'module':<14} {'without ours':>24} {'with ours':>24}")
    for module in modules:
        cells = [f"{begun} tests, {bad} wrong" for begun, bad in (without.row(module), with_ours.row(module))]
        say(f"{module:<14} {cells[0]:>24} {cells[1]:>24}")
    differences = compare(without, with_ours)
    for line in differences[:SHOWN]:
        say(f"  {line}")
    for module, name in sorted(EXPLAINED.keys() & with_ours.bad):
        say(f"  {module}: {name}: meant so: {EXPLAINED[module, name]}")
    return Outcome(sum(with_ours.started.values()) - len(differences), len(differences))


def _run(bed: TestBed, name: str, modules: list[str], ours: tuple[str, ...]) -> Results:
    bed.cluster.drop_database(name)
    bed.cluster.create_database(name)
    log = bed.layout.test / f"{name}.log"
    log.unlink(missing_ok=True)
    quiet = ("--stop-after-init", "--workers=0", "--max-cron-threads=0")
    with progress(f"Odoo's tests {'with' if ours else 'without'} our addons", log):
        bed.odoo.run("-d", name, "-i", ",".join((*ODOO_MODULES, *MODULES, *ours)), "--skip-auto-install", "--no-http",
                     *quiet)  # fmt: skip
        tags = ",".join(f"/{module}" for module in modules)
        write_test_conf(bed.layout, bed.odoo)
        bed.odoo.run_tests(["-d", name, "-u", ",".join(modules), "--test-tags", tags, *quiet],
                           log, TIMEOUT_S)  # fmt: skip
    bed.cluster.drop_database(name)
    return read_results(log.read_text(encoding="utf-8", errors="replace"))
