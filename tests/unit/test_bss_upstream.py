"""Odoo's own tests with and without our addons: what is read from the logs, and what counts as a difference."""

from bss_cli.upstream import EXPLAINED, compare, read_results

BEGAN = "2026-11-26 06:00:00,000 17 INFO bss_upstream odoo.addons.{0}.tests.test_one: Starting {1} ..."
WRONG = "2026-11-26 06:00:01,000 17 ERROR bss_upstream odoo.addons.{0}.tests.test_one: {2}: {1}"
END = "2026-11-26 06:00:02,000 17 ERROR bss_upstream odoo.tests.result: 1 failed, 0 error(s) of 2 tests"


def log(*lines, end=END):
    return read_results("\n".join([*lines, end]))


def test_tests_begun_and_gone_wrong_are_counted_by_module():
    results = log(
        BEGAN.format("account", "TestMove.test_a"),
        BEGAN.format("account", "TestMove.test_b"),
        WRONG.format("account", "TestMove.test_b", "FAIL"),
        BEGAN.format("sale", "TestOrder.test_a"),
        "2026-11-26 06:00:01,000 17 ERROR bss_upstream odoo.sql_db: FAIL: not.a_test",
    )
    assert results.row("account") == (2, 1)
    assert results.row("sale") == (1, 0)
    assert results.ended


def test_a_test_that_goes_wrong_on_both_sides_is_no_difference():
    lines = (BEGAN.format("sale", "TestOrder.test_a"), WRONG.format("sale", "TestOrder.test_a", "ERROR"))
    assert compare(log(*lines), log(*lines)) == []


def test_each_difference_is_named():
    no_class = (
        "2026-11-26 06:00:01,000 17 ERROR bss_upstream odoo.tests.suite: ERROR: setUpClass (odoo.addons.sale.tests.X)"
    )
    whole = [BEGAN.format("sale", f"TestOrder.test_{name}") for name in "abc"]
    with_ours = [*whole[:2], WRONG.format("sale", "TestOrder.test_b", "FAIL")]
    assert compare(log(*whole, no_class), log(*with_ours)) == [
        "sale: TestOrder.test_b: goes wrong only with our addons",
        "sale: TestOrder.test_c: begun 0 times with our addons, 1 without",
        "sale: setUpClass (odoo.addons.sale.tests.X): goes wrong only without our addons",
    ]


def test_what_is_meant_so_is_no_difference():
    (module, name), *_ = EXPLAINED
    lines = (BEGAN.format(module, name),)
    assert compare(log(*lines), log(*lines, WRONG.format(module, name, "ERROR"))) == []


def test_a_run_that_broke_off_is_a_difference():
    lines = (BEGAN.format("sale", "TestOrder.test_a"),)
    assert compare(log(*lines), log(*lines, end="")) == ["the run with our addons broke off"]
