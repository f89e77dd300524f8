"""`./bss test` and `./bss bench`: the runners, one line at the end."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from . import up, upstream
from .console import last_line, progress, say
from .errors import BssError
from .locks import exclusive
from .odoo import BASE_ADDON
from .paths import Layout
from .setup_steps import install_steps
from .steps import run_steps
from .summary import Outcome, isolation_tables, junit_outcome, odoo_outcome
from .test_bed import TestBed, test_bed, write_test_conf

PYTEST_SUITES = {"unit": "tests/unit", "bridge": "tests/bridge", "calls": "tests/calls", "browser": "tests/browser",
                 "fault": "tests/fault"}  # fmt: skip
ORDER = ("unit", "odoo", "bridge", "calls", "browser", "fault")
WITHOUT_DATABASE = {"unit"}
BENCHES_WITHOUT_DATABASE = ("rate",)
SUITE_TIMEOUT_S = 1800
END_S = 60
"""A suite or bench that is told to end has so long to stop the switches that it started."""

PYTEST_NO_TESTS = 5
# The machine may die, not lose power: tests kill processes only.
FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


def run(layout: Layout, suites: list[str], words: str | None) -> int:
    """Run suites, print one summary line, return 1 when anything failed."""
    started = time.monotonic()
    wanted = [name for name in (*ORDER, upstream.SUITE_NAME) if name in suites or ("all" in suites and name in ORDER)]
    total = Outcome()
    if set(wanted) <= WITHOUT_DATABASE:
        _install_python(layout)
        total = _run_all(layout, wanted, words, None)
    else:
        with exclusive(layout):
            host = up.install(layout, with_tests=True)
        with exclusive(layout, "tests"), test_bed(layout, host, FAST_SETTINGS) as bed:
            total = _run_all(layout, wanted, words, bed)
    say(f"\nTime: {time.monotonic() - started:.0f} s")
    say(total.line())
    if words and not total.passed and not total.failed:
        raise BssError(f"No test of {', '.join(wanted)} has {words!r} in its name.", "look at the names in tests/")
    return 1 if total.failed else 0


def _install_python(layout: Layout) -> None:
    """Only what tests without a database need."""
    for folder in (layout.home, layout.state, layout.log, layout.build):
        folder.mkdir(parents=True, exist_ok=True)
    with exclusive(layout):
        run_steps(layout, install_steps(layout)[:3])


def _run_all(layout: Layout, suites: list[str], words: str | None, bed: TestBed | None) -> Outcome:
    total = Outcome()
    shown = []
    for name in suites:
        say(f"\n== {name} ==")
        outcome = _run_one(layout, name, words, bed)
        shown.append(f"  {name:<8} {outcome.line()}")
        total += outcome
    say("\n" + "\n".join(shown))
    return total


def _run_one(layout: Layout, name: str, words: str | None, bed: TestBed | None) -> Outcome:
    if bed and name == "odoo":
        return run_odoo(layout, bed, words)
    if bed and name == upstream.SUITE_NAME:
        return upstream.run_upstream(bed, words)
    return run_pytest(layout, name, words, bed)


def run_pytest(layout: Layout, suite: str, words: str | None, bed: TestBed | None) -> Outcome:
    """One pytest suite; a folder without tests counts nothing."""
    folder = layout.repo / PYTEST_SUITES[suite]
    if not any(folder.rglob("test_*.py")):
        say("no tests yet")
        return Outcome()
    layout.test.mkdir(parents=True, exist_ok=True)
    report = layout.test / f"junit-{suite}.xml"
    report.unlink(missing_ok=True)
    command = [str(layout.python), "-m", "pytest", "-q", f"--junitxml={report}", str(folder)]
    command += ["-k", words] if words else []
    environment = {**os.environ, **(bed.environment() if bed else {}), "PYTHONDONTWRITEBYTECODE": "1"}
    code = _bounded(command, layout.repo, environment)
    if code == PYTEST_NO_TESTS:
        return Outcome()
    return junit_outcome(report, code)


def _bounded(command: list[str], cwd: Path, environment: Mapping[str, str], limit_s: float = SUITE_TIMEOUT_S) -> int:
    """Run with the terminal's output and a time limit; whatever it started is ended with it.

    When we are told to end, so is it, and it may end its switches itself: they are in sessions of their own.
    """
    before = signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background is deaf to it, and so would it be
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return process.wait(limit_s)
    except subprocess.TimeoutExpired:
        say(f"not done after {limit_s:g} s: ended")
        _let_end(process)
        return 1
    except (KeyboardInterrupt, SystemExit):
        _let_end(process)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _let_end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end as by Ctrl-C, and give it time to."""
    process.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_S)


def run_odoo(layout: Layout, bed: TestBed, words: str | None = None) -> Outcome:
    """The addons' own tests and the story addons of tests/odoo, on a clone of the template.

    `words`: only addons with one of these words in their name.
    """
    stories = sorted(path.parent.name for path in (layout.repo / "tests" / "odoo").glob("*/__manifest__.py"))
    addons = sorted(path.parent.name for path in layout.addons.glob("*/__manifest__.py"))
    name = "bss_odoo_test"
    bed.cluster.drop_database(name)
    bed.cluster.create_database(name, bed.template)
    bed.odoo.clone_filestore(bed.template, name)
    chosen = [addon for addon in (*addons, *stories) if not words or any(word in addon for word in words.split())]
    if not chosen:
        return Outcome()
    tags = ",".join(f"/{addon}" for addon in chosen)
    arguments = ["-d", name, "-u", BASE_ADDON, "--test-tags", tags, "--stop-after-init", "--workers=0",
                 "--max-cron-threads=0"]  # fmt: skip
    if stories:
        arguments += ["-i", ",".join(stories)]
    log = layout.test / "odoo-test.log"
    log.unlink(missing_ok=True)
    write_test_conf(layout, bed.odoo)
    with progress("Odoo tests", log):
        code = bed.odoo.run_tests(arguments, log, SUITE_TIMEOUT_S)
    text = log.read_text(encoding="utf-8", errors="replace")
    outcome = odoo_outcome(text, code)
    for line in (*isolation_tables(text), *outcome.details):
        say(line)
    if outcome.failed:
        say(f"whole log: {log}   last line: {last_line(log)}")
    bed.cluster.drop_database(name)
    return outcome


def bench(layout: Layout, name: str, *, as_json: bool, minutes: float | None = None) -> int:
    """Run one bench in the environment; those that need a database get one that writes safely (fsync on)."""
    command = [str(layout.python), "-m", "tests.bench", name] + (["--json"] if as_json else [])
    command += [] if minutes is None else ["--minutes", f"{minutes:g}"]
    limit_s = SUITE_TIMEOUT_S + 60 * (minutes or 0)
    if name.split(".", maxsplit=1)[0] in BENCHES_WITHOUT_DATABASE:
        _install_python(layout)
        return _bounded(command, layout.repo, os.environ)
    with exclusive(layout):
        host = up.install(layout, with_tests=True)
    with exclusive(layout, "tests"), test_bed(layout, host, {}) as bed:
        return _bounded(command, layout.repo, {**os.environ, **bed.environment()}, limit_s)
