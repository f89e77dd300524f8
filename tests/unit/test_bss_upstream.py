"""Odoo's own tests with and without our addons: what is read from the logs, and what counts as a difference."""

import pytest

from bss_cli.errors import BssError
from bss_cli.upstream import EXPLAINED, MODULES, chosen_tags, compare, modules_of, read_results, tags_of

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
        "2026-11-26 06:00:01,000 17 ERROR bss_upstream odoo.tests.suite: ERROR: setUpClass (odoo.addons.sale.tests.x.X)"
    )
    whole = [BEGAN.format("sale", f"TestOrder.test_{name}") for name in "abc"] + [BEGAN.format("sale", "X.test_a")]
    with_ours = [*whole[:2], WRONG.format("sale", "TestOrder.test_b", "FAIL"), no_class]
    assert compare(log(*whole), log(*with_ours)) == [
        "sale: TestOrder.test_b: goes wrong only with our addons",
        "sale: TestOrder.test_c: begun 0 times with our addons, 1 without",
        "sale: setUpClass (odoo.addons.sale.tests.x.X): goes wrong only with our addons",
    ]


def test_what_goes_right_with_our_addons_is_no_difference():
    lines = (BEGAN.format("sale", "TestOrder.test_a"),)
    assert compare(log(*lines, WRONG.format("sale", "TestOrder.test_a", "FAIL")), log(*lines)) == []


def test_what_is_meant_so_is_no_difference(monkeypatch):
    monkeypatch.setitem(EXPLAINED, ("sale", "TestOrder.test_a"), "because")
    lines = (BEGAN.format("sale", "TestOrder.test_a"),)
    assert compare(log(*lines), log(*lines, WRONG.format("sale", "TestOrder.test_a", "ERROR"))) == []


def test_a_run_that_broke_off_is_known():
    assert not log(BEGAN.format("sale", "TestOrder.test_a"), end="").ended


def test_what_went_wrong_is_run_again_by_its_tag_and_a_class_that_never_began_as_a_whole():
    assert tags_of(
        {("sale", "TestOrder.test_a"), ("account", "setUpClass (odoo.addons.account.tests.x.TestMove)")}
    ) == [
        "/account:TestMove",
        "/sale:TestOrder.test_a",
    ]


def test_words_choose_modules_classes_and_tests():
    assert chosen_tags(None) == [f"/{module}" for module in MODULES]
    assert chosen_tags("pay port") == ["/portal", "/payment"]
    tags = chosen_tags("website_sale:TestUi sale:TestOrder.test_a port")
    assert tags == ["/website_sale:TestUi", "/sale:TestOrder.test_a", "/portal"]
    assert modules_of(tags) == ["sale", "portal", "website_sale"]


def test_a_module_whose_tests_are_not_run_is_refused():
    with pytest.raises(BssError, match="tests of stock are not run here"):
        modules_of(["/stock:TestMove"])
