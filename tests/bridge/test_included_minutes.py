"""Included minutes from the question to the ledger, on a real PostgreSQL: money and seconds at every level."""

from itertools import count

import pytest

from tests.support.allowance_rows import allowance, give, seconds_of
from tests.support.until import until

PRICE = "0.06"
"""Per minute: a second costs 0.001."""

_serial = count(1)


class Customer:
    """A customer of the owner with a telephone, a plan of its own at 0.001 a second, and 1.00 to spend."""

    def __init__(self, bench, *, minutes=1, balance_micro=1_000_000, **changes):
        demo, number = bench.demo, next(_serial)
        self.bench, self.db = bench, bench.db
        self.plan = demo.plan(f"Plan {number}", demo.owner, rounding_method="half_up", rounding_decimals=4)
        demo.rate(self.plan, demo.uk_fixed, PRICE, fee="0.01")
        demo.rate(self.plan, demo.uk_mobile, PRICE)
        self.account = demo.open_account(f"M{number:06}", demo.owner, plan=self.plan)
        self.endpoint = f"m{number}-101"
        demo.phone(self.account, "101", self.endpoint)
        if balance_micro:
            demo.top_up(self.account, balance_micro, f"minutes {number}")
        if minutes:
            self.allowance = allowance(self.db, demo.owner, demo.uk_fixed, plan=self.plan, minutes=minutes, **changes)
        self.loaded()

    def loaded(self):
        """The bridge knows what has been set up."""
        topic = f"minutes {next(_serial)}:"
        self.db.all("select pg_notify('bss_changed', %s)", topic)
        until(lambda: topic in self.bench.daemon.log(), reason="the catalogue")

    def ask(self, number="02079460000"):
        line = self.bench.line()
        answer = line.ask(self.endpoint, number)
        return line, (answer["BSS_DECISION"], answer.get("BSS_GRANT_S", ""))

    def seconds(self):
        return seconds_of(self.db, self.account)

    def charge(self, line):
        self.bench.settled(line.leg())
        return dict(self.bench.charges(line.leg()))[self.account]

    def reserved(self):
        return self.bench.demo.balance(self.account)[1]


def test_a_call_beyond_its_minutes_is_split_to_the_second(bench):
    customer = Customer(bench)
    line, answer = customer.ask()
    assert answer == ("external", "119.75")
    assert customer.seconds() == (0, 60, 0)
    assert customer.reserved() == 60_000  # the second minute

    line.answer(3.25)
    line.hang_up(3.25 + 74.3)
    assert customer.charge(line) == 15_000  # 75 s: 60 of the allowance, 15 at 0.001, no fee
    assert customer.seconds() == (60, 0, 0)
    assert bench.demo.balance(customer.account) == (985_000, 0)

    line, _ = customer.ask()
    assert customer.reserved() == 130_000, "the minutes are used up: fee and 120 s"
    line.answer(1)
    line.hang_up(11)
    assert customer.charge(line) == 20_000


def test_a_call_within_its_minutes_costs_nothing_and_needs_no_credit(bench):
    customer = Customer(bench, minutes=10, balance_micro=0)
    line, answer = customer.ask()
    assert answer == ("external", "119.75")
    assert (customer.seconds(), customer.reserved()) == ((0, 120, 480), 0)
    line.answer(1)
    line.hang_up(31)
    assert customer.charge(line) == 0
    assert customer.seconds() == (30, 0, 570)
    terms = bench.db.value(
        "select terms from telecom_call_charge where leg_uniqueid = %s and account_id = %s",
        line.leg(), customer.account,
    )  # fmt: skip
    assert terms["included_s"] == 30


def test_without_credit_a_call_lasts_as_long_as_its_minutes_and_the_next_is_refused(bench):
    customer = Customer(bench, minutes=0, balance_micro=0)
    block = allowance(bench.db, bench.demo.owner, bench.demo.uk_fixed)
    give(bench.db, customer.account, block, 25, f"block {customer.account}")
    customer.loaded()
    line, answer = customer.ask()
    assert answer == ("external", "24.75")
    assert customer.ask()[1][0] == "refused"
    line.answer(1)
    line.hang_up(26)
    assert (customer.charge(line), customer.seconds()) == (0, (25, 0, 0))


def test_what_nobody_answers_gives_its_seconds_back(bench):
    customer = Customer(bench)
    line, _ = customer.ask()
    line.hang_up(5, cause=17)
    bench.settled(line.leg())
    until(lambda: customer.seconds() == (0, 0, 60))


def test_calls_to_other_destinations_use_none(bench):
    customer = Customer(bench)
    line, _ = customer.ask("07700900123")
    assert customer.reserved() == 120_000
    line.answer(1)
    line.hang_up(31)
    assert customer.charge(line) == 30_000
    assert bench.db.all("select from telecom_allowance_bucket where account_id = %s", customer.account) == []


def test_two_calls_at_once_never_spend_the_same_second(bench):
    customer = Customer(bench)
    (first, _), (second, _) = customer.ask(), customer.ask()
    assert customer.seconds() == (0, 60, 0)
    assert customer.reserved() == 60_000 + 130_000
    first.answer(1)
    second.answer(1)
    first.hang_up(21)
    assert customer.charge(first) == 0
    assert customer.seconds() == (20, 0, 40)
    second.hang_up(51)
    assert customer.charge(second) == 10_000, "50 s: the 40 that the first gave back, 10 at 0.001, no fee"
    assert customer.seconds() == (60, 0, 0)
    assert bench.demo.balance(customer.account) == (990_000, 0)


def test_the_journal_delivered_three_times_uses_seconds_once(bench):
    customer = Customer(bench, minutes=5)
    line, _ = customer.ask()
    for _ in range(3):
        line.answer(1)
        line.hang_up(31)
    bench.settled(line.leg())
    until(lambda: bench.reserved() == 0)
    assert customer.seconds() == (30, 0, 270)


def test_the_same_question_again_holds_no_more(bench):
    customer = Customer(bench, minutes=5)
    line, answer = customer.ask()
    again = line.ask(customer.endpoint, "02079460000")
    assert again["BSS_GRANT_S"] == answer[1]
    assert customer.seconds() == (0, 120, 180)
    line.end(2)
    until(lambda: customer.seconds() == (0, 0, 300))


def test_every_level_has_the_minutes_of_its_own_plan(bench):
    """Acme has none; its reseller's plan has one minute for all its customers."""
    demo = bench.demo
    allowance(bench.db, demo.owner, demo.uk_fixed, plan=demo.wholesale)
    bench.db.all("select pg_notify('bss_changed', 'reseller minutes')")
    until(lambda: "reseller minutes" in bench.daemon.log())
    line = bench.line()
    line.ask("n100001-101", "02079460000")
    assert demo.balance(demo.acme)[1] == 62_500 and demo.balance(demo.reseller)[1] == 20_000
    line.answer(1)
    line.hang_up(76)
    bench.settled(line.leg())
    assert bench.charges(line.leg()) == [(demo.acme, 43_800), (demo.reseller, 5_000)]
    assert seconds_of(bench.db, demo.reseller) == (60, 0, 0)
    assert bench.db.all("select from telecom_allowance_bucket where account_id = %s", demo.acme) == []


@pytest.mark.parametrize("rolls_over", [False, True])
def test_what_is_left_of_a_month_is_used_in_the_next_only_if_it_rolls_over_and_then_first(bench, rolls_over):
    customer = Customer(bench, rolls_over=rolls_over)
    db = bench.db
    month = "select begins - interval '1 month' from telecom_allowance_month_of(now(), 'Europe/London')"
    db.all(
        f"select telecom_allowance_open(array[%s], array[%s], ({month}))", customer.account, customer.allowance
    )  # fmt: skip
    db.all("select telecom_allowance_expire(now())")
    line, _ = customer.ask()
    assert customer.seconds() == ((0, 120, 0) if rolls_over else (60, 60, 0))
    line.answer(1)
    line.hang_up(31)
    assert customer.charge(line) == 0
    buckets = db.all(
        "select left_s from telecom_allowance_bucket where account_id = %s order by period_start", customer.account
    )
    assert [row["left_s"] for row in buckets] == ([30, 60] if rolls_over else [0, 30])


def test_a_month_that_is_over_expires_but_not_what_a_running_call_holds(bench):
    customer = Customer(bench, minutes=3)
    line, _ = customer.ask()
    next_month = "(select ends from telecom_allowance_month_of(now(), 'Europe/London'))"
    expire = f"select telecom_allowance_expire({next_month})"
    assert bench.db.value(expire) >= 1
    assert customer.seconds() == (60, 120, 0), "expired counts as gone"
    line.answer(1)
    line.hang_up(61)
    assert (customer.charge(line), customer.seconds()) == (0, (120, 0, 60))
    assert bench.db.value(expire) == 1
    assert customer.seconds() == (180, 0, 0)
