"""Counting what test runners report."""

import pytest

from bss_cli.summary import Outcome, isolation_tables, junit_outcome, odoo_outcome

DONE = (
    "2026-01-01 10:00:00,000 9 INFO db odoo.tests.result: {} failed, {} error(s) of {} tests when loading database 'db'"
)
BAD_VIEW = "2026-01-01 10:00:00,000 9 ERROR db odoo.modules.registry: Failed to load registry"
LOUD_TEST = "2026-01-01 10:00:00,000 9 ERROR db odoo.sql_db: bad query: expected by the test"
FAIL = "2026-01-01 10:00:00,000 9 ERROR db odoo.addons.telecom_base.tests.test_x: FAIL: TestX.test_y"


def test_counts_of_a_pytest_report(tmp_path):
    report = tmp_path / "junit.xml"
    report.write_text('<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"/></testsuites>')
    assert junit_outcome(report, 1) == Outcome(4, 3, 3)


@pytest.mark.parametrize("text", [None, "<testsuites><testsu"])
def test_a_run_without_a_whole_report_is_a_failure(tmp_path, text):
    report = tmp_path / "junit.xml"
    if text is not None:
        report.write_text(text)
    assert junit_outcome(report, 0).failed == 1


def test_a_bad_exit_code_without_a_failed_test_is_a_failure(tmp_path):
    report = tmp_path / "junit.xml"
    report.write_text('<testsuites><testsuite tests="1" failures="0" errors="0" skipped="0"/></testsuites>')
    assert junit_outcome(report, 3).failed == 1


@pytest.mark.parametrize(
    ("lines", "code", "passed", "failed"),
    [
        ([DONE.format(0, 0, 25)], 0, 25, 0),
        ([FAIL, DONE.format(1, 2, 25)], 1, 22, 3),
        ([LOUD_TEST, DONE.format(0, 0, 25)], 0, 25, 0),  # a test may log an error that it expects
        ([BAD_VIEW, DONE.format(0, 0, 25)], 0, 25, 1),
        ([DONE.format(0, 0, 25)], 255, 25, 1),
        (["Traceback (most recent call last):"], 1, 0, 1),
        ([], 0, 0, 1),  # no test was even looked for
    ],
)
def test_counts_of_an_odoo_log(lines, code, passed, failed):
    outcome = odoo_outcome("\n".join(lines), code)
    assert (outcome.passed, outcome.failed) == (passed, failed)


def test_failed_odoo_tests_are_shown_with_the_end_of_their_traceback():
    traceback = "\n".join(f"  frame {number}" for number in range(100)) + "\nAssertionError: 1 != 2"
    details = odoo_outcome("\n".join([LOUD_TEST, FAIL, traceback, DONE.format(1, 0, 1)]), 1).details
    assert "TestX.test_y" in details[0]
    assert "AssertionError: 1 != 2" in details[-1]
    assert len(details) < 30
    assert not any("expected by the test" in line for line in details)


def test_the_last_line_is_what_a_reader_counts():
    assert (Outcome(3, 0) + Outcome(1, 2)).line() == "4 passed, 2 failed"
    assert Outcome(3, 0, 1).line() == "3 passed, 0 failed, 1 skipped"


def test_tables_of_the_isolation_probe_are_cut_out_of_the_log():
    log = "2026-01-01 00:00:00 1 INFO bss x.y: PROBE| surface (1) leaks\n2026-01-01 00:00:01 1 INFO bss x.y: other\n"
    assert isolation_tables(log) == ["surface (1) leaks"]
