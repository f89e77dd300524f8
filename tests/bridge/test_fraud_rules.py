"""Calls that look like an attack lock the account before the one that is too many begins, on a real PostgreSQL."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from tests.support.allowance_rows import allowance
from tests.support.until import until

_serial = count(1)
REFUSED = ("refused", "spend_limit")
ALLOWED = ("external", "")
REPO = Path(__file__).parents[2]
FIXED, OTHER, MOBILE = "02079460000", "02079460001", "07700900123"


class Customer:
    """A customer of a company, at 0.06 a minute to everywhere, with 10.00."""

    def __init__(self, bench, company=None):
        demo, number = bench.demo, next(_serial)
        self.bench, self.company = bench, company or demo.owner
        self.plan = plan = demo.plan(f"Watched {number}", self.company, rounding_method="half_up", rounding_decimals=4)
        demo.rate(plan, demo.uk_fixed, "0.06")
        demo.rate(plan, demo.uk_mobile, "0.06")
        self.account = demo.open_account(f"W{number:06}", self.company, plan=plan)
        self.endpoint = f"w{number}-101"
        demo.phone(self.account, "101", self.endpoint)
        demo.top_up(self.account, 10_000_000, f"rules {number}")

    def ask(self, called=FIXED, line=None):
        answer = (line or self.bench.line()).ask(self.endpoint, called)
        return answer["BSS_DECISION"], answer.get("BSS_REASON", "")

    def explained(self, called=FIXED):
        """What explain says of a call: the rules with what they have counted, and why it would be refused."""
        command = [sys.executable, "-m", "telecom_switch_bridge", "explain", self.endpoint, called, "--json"]
        told = subprocess.run(
            [*command, "--config", str(self.bench.daemon.config)], capture_output=True, text=True, cwd=REPO,
            timeout=30, check=False,
        )  # fmt: skip
        page = json.loads(told.stdout)
        rules = [(one["rule"], one["calls"], one["most_calls"]) for one in page.get("fraud_rules", ())]
        return rules, page.get("refused"), page.get("detail", "")

    def locks(self):
        query = "select rule, called, unlocked_at is not null from telecom_spend_lock where account_id = %s order by id"
        return [tuple(row.values()) for row in self.bench.db.all(query, self.account)]


@pytest.fixture
def rule(bench):
    """`rule(kind, most, ...)` makes a rule of the owner and waits until calls are held to it; none is left."""

    def make(kind, most, *, accounts=(), named=(), **values):
        values = {"within_min": 60, "countries": "others", "at_night": None, **values}
        made = bench.db.insert(
            "telecom_fraud_rule", name="Story", active=True, company_id=bench.demo.owner, kind=kind, most_calls=most,
            **values,
        )  # fmt: skip
        for account in accounts:
            bench.db.all("insert into telecom_fraud_rule_account_rel values (%s, %s)", made, account)
        for country in named:
            query = "insert into telecom_fraud_rule_country_rel select %s, id from res_country where code = %s"
            bench.db.all(query, made, country)
        _noticed(bench)
        return made

    yield make
    bench.db.all("delete from telecom_fraud_rule")
    _noticed(bench)


def _noticed(bench):
    topic = f"rules {next(_serial)}:"
    bench.db.all("select pg_notify('bss_changed', %s)", topic)
    until(lambda: topic in bench.daemon.log(), reason="the catalogue")


def test_one_number_may_be_called_so_often(bench, rule):
    customer = Customer(bench)
    rule("repeated", 3)
    assert [customer.ask() for _ in range(3)] == [ALLOWED] * 3
    assert customer.ask(OTHER) == ALLOWED, "another number"
    assert customer.ask() == REFUSED
    assert customer.locks() == [("repeated", "442079460000", False)]
    assert customer.ask(MOBILE) == REFUSED, "the account is locked, not the number"
    assert len(customer.locks()) == 1


def test_explain_says_beforehand_which_rule_would_refuse_a_call_and_counts_nothing(bench, rule):
    customer = Customer(bench)
    rule("repeated", 1)
    assert customer.explained()[:2] == ([("Story", 0, 1)], None)
    assert customer.explained()[:2] == ([("Story", 0, 1)], None)
    assert customer.ask() == ALLOWED
    rules, refused, detail = customer.explained()
    assert (rules, refused) == ([("Story", 1, 1)], "spend_limit")
    assert f"account {customer.account}: fraud rule Story" in detail and "one too many" in detail
    assert customer.locks() == [], "asking locks nobody"
    assert customer.explained(OTHER)[:2] == ([("Story", 0, 1)], None)
    assert customer.ask() == REFUSED
    locked = "locked since it reached a limit: fraud rule Story (calls to one number)"
    assert locked in customer.explained(OTHER)[2]


def test_a_question_that_is_asked_again_counts_once(bench, rule):
    customer = Customer(bench)
    rule("repeated", 1)
    line = bench.line()
    assert [customer.ask(line=line) for _ in range(3)] == [ALLOWED] * 3
    assert customer.ask() == REFUSED


def test_calls_at_once_are_counted_one_by_one(bench, rule):
    customer = Customer(bench)
    rule("repeated", 5)
    lines = [bench.line() for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda line: customer.ask(line=line), lines))
    assert sorted(answers) == sorted([ALLOWED] * 5 + [REFUSED] * 15)
    assert len(customer.locks()) == 1


def test_calls_long_ago_count_no_more_nor_those_before_the_unlocking(bench, rule):
    customer = Customer(bench)
    rule("repeated", 1, within_min=10)
    assert customer.ask() == ALLOWED
    move = "update telecom_fraud_call set asked_at = asked_at - interval '11 min' where account_id = %s"
    bench.db.all(move, customer.account)
    assert customer.ask() == ALLOWED
    assert customer.ask() == REFUSED
    assert bench.db.value("select telecom_spend_unlock(%s, null)", customer.account) is True
    assert customer.ask() == ALLOWED
    assert customer.ask() == REFUSED


@pytest.mark.parametrize(
    ("countries", "named", "watched"),
    [("others", ("GB",), False), ("others", ("DE",), True), ("these", ("GB",), True), ("these", ("DE",), False)],
)
def test_calls_to_unusual_countries(bench, rule, countries, named, watched):
    demo, customer = bench.demo, Customer(bench)
    bench.db.all("update telecom_destination set country_id = %s where id = %s", demo.britain, demo.uk_fixed)
    rule("country", 2, countries=countries, named=named)
    assert [customer.ask(called) for called in (FIXED, OTHER)] == [ALLOWED] * 2
    assert customer.ask() == (REFUSED if watched else ALLOWED)
    assert [kind for kind, *_ in customer.locks()] == (["country"] if watched else [])


def test_a_place_in_no_country_is_unusual(bench, rule):
    customer = Customer(bench)
    bench.db.all("update telecom_destination set country_id = null where id = %s", bench.demo.uk_mobile)
    rule("country", 0, named=("GB",))
    assert customer.ask(MOBILE) == REFUSED


def test_a_rule_for_the_night_does_not_hold_by_day(bench, rule):
    customer = Customer(bench)
    rule("repeated", 0, at_night=True)
    for begins, answer in ((2, ALLOWED), (0, REFUSED)):
        bench.db.all(
            """update telecom_billing_account set spend_night_from = mod(extract(hour from l.local)::integer + %s, 24),
                      spend_night_to = mod(extract(hour from l.local)::integer + %s + 1, 24)
                 from (select now() at time zone tz as local from telecom_billing_account where id = %s) l
                where id = %s""",
            begins, begins, customer.account, customer.account,
        )  # fmt: skip
        assert customer.ask() == answer


def test_a_rule_holds_for_the_accounts_that_it_names_and_for_no_reseller_else(bench, rule):
    named, other = Customer(bench), Customer(bench)
    rule("repeated", 0, accounts=[named.account])
    assert (named.ask(), other.ask()) == (REFUSED, ALLOWED)
    bench.db.all("delete from telecom_fraud_rule")
    rule("repeated", 0)
    assert other.ask() == REFUSED
    answer = bench.line().ask("n100001-101", "02079460000")
    assert answer["BSS_DECISION"] == "external", "the reseller's account has the calls of all its customers"


def test_a_resellers_account_that_is_named_is_watched_with_all_its_customers(bench, rule):
    reseller = bench.demo.reseller
    rule("repeated", 1, accounts=[reseller])
    assert bench.line().ask("n100001-101", "02079460000")["BSS_DECISION"] == "external"
    answer = bench.line().ask("n100001-101", "02079460000")
    assert (answer["BSS_DECISION"], answer["BSS_REASON"]) == REFUSED
    bench.db.value("select telecom_spend_unlock(%s, null)", reseller)


def test_without_rules_no_call_is_kept(bench):
    before = bench.db.value("select count(*) from telecom_fraud_call")
    customer = Customer(bench)
    _noticed(bench)
    assert customer.ask() == ALLOWED
    assert bench.db.value("select count(*) from telecom_fraud_call") == before


def test_calls_are_forgotten_after_a_day(bench, rule):
    customer = Customer(bench)
    rule("repeated", 5)
    customer.ask()
    bench.db.value("select telecom_fraud_forget(1440)")
    query = "select count(*) from telecom_fraud_call where account_id = %s"
    assert bench.db.value(query, customer.account) == 1
    bench.db.all("update telecom_fraud_call set asked_at = asked_at - interval '25 hours'")
    bench.db.value("select telecom_fraud_forget(1440)")
    assert bench.db.value(query, customer.account) == 0


def test_a_locked_account_uses_no_included_minutes_either(bench, rule):
    demo, customer = bench.demo, Customer(bench)
    allowance(bench.db, demo.owner, demo.uk_fixed, plan=customer.plan, minutes=10)
    rule("repeated", 1)
    assert customer.ask() == ALLOWED
    assert demo.balance(customer.account)[1] == 0, "included minutes pay for it"
    assert customer.ask() == REFUSED
    assert customer.ask(OTHER) == REFUSED
