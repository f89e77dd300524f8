"""What test runners say, as numbers."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ODOO_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
# Loggers that speak about loading modules and views, not about a test's subject.
LOADING_ERROR = re.compile(r" (?:ERROR|CRITICAL) \S+ odoo\.(?:modules|registry|tools\.convert|service)\b")
ODOO_FAILURE = re.compile(r" ERROR \S+ \S+: (?:FAIL|ERROR): (\S+)")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d ")
TABLE_MARK = "PROBE| "  # before each line of the tables that the isolation probe logs
SHOWN = 300  # lines
BLOCK_LINES = 25


@dataclass(frozen=True)
class Outcome:
    """Counts of one or more runs; `details` are lines worth showing."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    details: tuple[str, ...] = field(default=())

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped,
            self.details + other.details,
        )  # fmt: skip

    def line(self) -> str:
        """`N passed, N failed`, and the skipped when there are any."""
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def junit_outcome(report: Path, exit_code: int) -> Outcome:
    """Counts of a pytest run; a run that wrote no report, or failed without naming a test, is one failure."""
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314 - our own runner wrote it
    except (OSError, ElementTree.ParseError):
        return Outcome(failed=1, details=(f"pytest ended with {exit_code} and left no report",))
    names = ("tests", "failures", "errors", "skipped")
    counts = {key: sum(int(suite.get(key, 0)) for suite in suites) for key in names}
    failed = counts["failures"] + counts["errors"]
    passed = counts["tests"] - failed - counts["skipped"]
    if exit_code and not failed:
        failed = 1
    return Outcome(max(0, passed), failed, counts["skipped"])


def error_blocks(log: str) -> list[str]:
    """The log's failures with their tracebacks, each cut to its last lines."""
    found: list[str] = []
    block: list[str] | None = None
    for line in [*log.splitlines(), "2000-01-01 end"]:
        if TIMESTAMP.match(line):
            found += [f"  {one}" for one in _cut(block)] if block else []
            block = [line] if ODOO_FAILURE.search(line) or LOADING_ERROR.search(line) else None
        elif block is not None:
            block.append(line)
    return found


def _cut(block: list[str]) -> list[str]:
    return block if len(block) <= BLOCK_LINES else [block[0], "...", *block[-BLOCK_LINES:]]


def isolation_tables(log: str) -> list[str]:
    """The lines of the isolation probe's tables: surfaces by roles, probes tried and leaks."""
    return [line.partition(TABLE_MARK)[2] for line in log.splitlines() if TABLE_MARK in line]


def odoo_outcome(log: str, exit_code: int) -> Outcome:
    """Counts of an Odoo test run, from its log.

    An error while modules were loaded, an end before the tests, or a bad exit code without a failed test is a failure.
    """
    failures = errors = tests = 0
    found = ODOO_RESULT.findall(log)
    for failed, wrong, of in found:
        failures, errors, tests = failures + int(failed), errors + int(wrong), tests + int(of)
    bad = failures + errors
    loading = [line for line in log.splitlines() if LOADING_ERROR.search(line)]
    details = error_blocks(log) if bad or loading else []
    if loading or (not bad and exit_code) or not found:
        bad += 1
        details += [] if loading else [f"  Odoo ended with {exit_code}" + ("" if found else " before it ran its tests")]
    return Outcome(max(0, tests - failures - errors), bad, 0, tuple(details[:SHOWN]))
