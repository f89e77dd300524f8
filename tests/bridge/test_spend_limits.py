"""What an account may spend on a call, a day and a night, on a real PostgreSQL: at every level, by any number of calls.

Who reaches it is locked, once; then nothing that costs something goes on until somebody unlocks it.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests.support.until import until

_serial = count(1)
REFUSED = ("refused", "spend_limit", "")


class Customer:
    """A customer of the owner at 0.06 a minute (a second costs 0.001), with 10.00 to spend and limits of spending."""

    def __init__(self, bench, **limits):
        demo, number = bench.demo, next(_serial)
        self.bench, self.db = bench, bench.db
        plan = demo.plan(f"Limited {number}", demo.owner, rounding_method="half_up", rounding_decimals=4)
        demo.rate(plan, demo.uk_fixed, "0.06")
        self.account = demo.open_account(f"L{number:06}", demo.owner, plan=plan)
        self.endpoint = f"l{number}-101"
        demo.phone(self.account, "101", self.endpoint)
        demo.top_up(self.account, 10_000_000, f"limits {number}")
        set_limits(bench, self.account, **limits)

    def ask(self):
        line = self.bench.line()
        answer = line.ask(self.endpoint, "02079460000")
        return line, (answer["BSS_DECISION"], answer.get("BSS_REASON", ""), answer.get("BSS_GRANT_S", ""))

    def spent(self):
        return 10_000_000 - self.bench.demo.balance(self.account)[0]

    def reserved(self):
        return self.db.value("select reserved_micro from telecom_wallet where account_id = %s", self.account)

    def locks(self):
        return locks(self.bench, self.account)

    def unlock(self):
        return self.db.value("select telecom_spend_unlock(%s, null)", self.account)


def locks(bench, account):
    """Rule, what was spent, whether it is unlocked: of each lock."""
    query = (
        "select rule, spent_micro, unlocked_at is not null from telecom_spend_lock where account_id = %s order by id"
    )
    return [tuple(row.values()) for row in bench.db.all(query, account)]


def set_limits(bench, account, **limits):
    topic = f"limits {next(_serial)}:"
    wanted = {"call": 0, "day": 0, "night": 0, **limits}
    bench.db.all(
        """update telecom_billing_account set max_spend_call = %s, max_spend_day = %s, max_spend_night = %s
            where id = %s""",
        *(wanted[name] for name in ("call", "day", "night")),
        account,
    )
    bench.db.all("select pg_notify('bss_changed', %s)", topic)
    until(lambda: topic in bench.daemon.log(), reason="the catalogue")


def talk(bench, line, seconds):
    line.answer(1)
    line.hang_up(1 + seconds)
    bench.settled(line.leg())


def put_back(bench, account):
    """What the account has spent was spent yesterday."""
    bench.db.all(
        """update telecom_spend_count set counted_from = counted_from - interval '1 day',
                  counted_to = counted_to - interval '1 day' where account_id = %s""",
        account,
    )
    bench.db.all("alter table telecom_wallet_entry disable trigger user")
    bench.db.all(
        "update telecom_wallet_entry set posted_at = posted_at - interval '1 day' where account_id = %s", account
    )
    bench.db.all("alter table telecom_wallet_entry enable trigger user")


def test_a_call_may_cost_so_much_and_no_more(bench):
    customer = Customer(bench, call=0.05)
    line, answer = customer.ask()
    assert answer == ("external", "", "49.75")
    talk(bench, line, 60)
    assert customer.spent() == 50_000, "beyond its grant nobody is charged"
    assert customer.ask()[1] == ("external", "", "49.75"), "the next call has its own"
    assert customer.locks() == []


def test_a_call_that_costs_more_than_one_may_at_once_is_refused_and_locks_nobody(bench):
    customer = Customer(bench, call=0.0005)
    assert customer.ask()[1] == REFUSED
    assert customer.locks() == []


def test_who_has_no_credit_is_told_so_whatever_the_limits(bench):
    customer = Customer(bench, call=1, day=1)
    post = "select telecom_wallet_post(%s, 'adjustment', -9999500, %s, 'test', null)"
    bench.db.all(post, customer.account, f"poor {next(_serial)}")
    assert customer.ask()[1] == ("refused", "no_credit", "")
    assert customer.locks() == []


def test_calls_of_a_day_may_cost_so_much_together_and_running_ones_count(bench):
    customer = Customer(bench, day=0.2)
    first, answer = customer.ask()
    assert answer[2] == "119.75"
    second, answer = customer.ask()
    assert answer[2] == "79.75", "what the first may still cost is not left for it"
    assert customer.ask()[1] == REFUSED
    assert customer.locks() == [], "the others may end soon"
    talk(bench, first, 20)
    third, answer = customer.ask()
    assert answer[2] == "99.75"
    talk(bench, second, 80)
    talk(bench, third, 100)
    assert customer.spent() == 200_000
    assert customer.ask()[1] == REFUSED
    assert customer.locks() == [("day", 200_000, False)]
    assert bench.db.value("select telecom_spend_today(%s)", customer.account) == 200_000


def test_calls_that_ask_at_the_same_moment_never_set_aside_more_together(bench):
    customer = Customer(bench, day=0.5)
    lines = [bench.line() for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda line: line.ask(customer.endpoint, "02079460000"), lines))
    granted = sorted(float(one["BSS_GRANT_S"]) for one in answers if one["BSS_DECISION"] == "external")
    assert granted == [19.75, 119.75, 119.75, 119.75, 119.75]
    assert {one["BSS_REASON"] for one in answers if one["BSS_DECISION"] == "refused"} == {"spend_limit"}
    assert customer.reserved() == 500_000
    assert customer.locks() == []


def test_an_attack_of_short_calls_ends_inside_the_limit_and_locks_the_account_once(bench):
    customer = Customer(bench, day=0.1)
    for _ in range(30):
        lines = [customer.ask() for _ in range(3)]
        for line, answer in lines:
            if answer[0] == "external":
                talk(bench, line, 7)
    assert 93_000 < customer.spent() <= 100_000
    assert customer.ask()[1] == REFUSED
    assert [(rule, open_) for rule, _, open_ in customer.locks()] == [("day", False)]


def test_a_locked_account_stays_locked_the_next_day_until_it_is_unlocked(bench):
    customer = Customer(bench, day=0.01)
    talk(bench, customer.ask()[0], 10)
    assert customer.ask()[1] == REFUSED
    put_back(bench, customer.account)
    assert customer.ask()[1] == REFUSED
    set_limits(bench, customer.account)
    assert customer.ask()[1] == REFUSED, "not by taking the limit away"
    set_limits(bench, customer.account, day=0.01)
    assert customer.unlock() is True
    assert customer.ask()[1] == ("external", "", "9.75")
    assert customer.unlock() is False


def test_what_is_spent_counts_anew_from_the_unlocking_on(bench):
    customer = Customer(bench, day=0.01)
    for _ in range(2):
        line, answer = customer.ask()
        assert answer[2] == "9.75"
        talk(bench, line, 10)
        assert customer.ask()[1] == REFUSED
        customer.unlock()
    assert customer.spent() == 20_000
    assert customer.locks() == [("day", 10_000, True)] * 2


def test_a_new_day_begins_at_midnight_of_the_accounts_zone(bench):
    customer = Customer(bench, day=0.01)
    talk(bench, customer.ask()[0], 9)
    assert customer.ask()[1][2] == "0.75"
    put_back(bench, customer.account)
    assert customer.ask()[1][2] == "8.75", "one second is set aside for the call before"
    begins = bench.db.value(
        "select begins from telecom_spend_span_of(%s, 'day', '2026-07-05 22:30Z')", customer.account
    )
    assert begins.isoformat() == "2026-07-04T23:00:00+00:00", "London has summer"


@pytest.mark.parametrize(
    ("at", "begins", "ends"),
    [
        ("2026-01-05 21:59Z", None, None),
        ("2026-01-05 22:00Z", "2026-01-05T22:00:00+00:00", "2026-01-06T06:00:00+00:00"),
        ("2026-01-06 05:59Z", "2026-01-05T22:00:00+00:00", "2026-01-06T06:00:00+00:00"),
        ("2026-01-06 06:00Z", None, None),
        ("2026-07-05 21:30Z", "2026-07-05T21:00:00+00:00", "2026-07-06T05:00:00+00:00"),
    ],
)
def test_a_night_is_one_also_over_midnight(bench, at, begins, ends):
    bench.db.all(
        "update telecom_billing_account set spend_night_from = 22, spend_night_to = 6 where id = %s", bench.demo.school
    )
    query = "select begins, ends from telecom_spend_span_of(%s, 'night', %s)"
    (found,) = bench.db.all(query, bench.demo.school, at)
    assert [moment and moment.isoformat() for moment in found.values()] == [begins, ends]


def test_a_night_has_a_limit_of_its_own(bench):
    customer = Customer(bench, day=1, night=0.01)
    bench.db.all(
        """update telecom_billing_account set spend_night_from = extract(hour from l.local),
                  spend_night_to = mod(extract(hour from l.local)::integer + 1, 24)
             from (select now() at time zone tz as local from telecom_billing_account where id = %s) l where id = %s""",
        customer.account,
        customer.account,
    )
    line, answer = customer.ask()
    assert answer[2] == "9.75"
    talk(bench, line, 10)
    assert customer.ask()[1] == REFUSED
    assert customer.locks() == [("night", 10_000, False)]
    customer.unlock()
    bench.db.all(
        """update telecom_billing_account set spend_night_from = mod(extract(hour from l.local)::integer + 2, 24),
                  spend_night_to = mod(extract(hour from l.local)::integer + 3, 24)
             from (select now() at time zone tz as local from telecom_billing_account where id = %s) l where id = %s""",
        customer.account,
        customer.account,
    )
    assert customer.ask()[1][2] == "119.75", "it is day"


def test_a_limit_that_is_set_in_mid_day_counts_what_the_day_has_cost(bench):
    customer = Customer(bench)
    talk(bench, customer.ask()[0], 30)
    set_limits(bench, customer.account, day=0.05)
    assert customer.ask()[1][2] == "19.75"


@pytest.mark.parametrize(("call", "day"), [(0.03, 0), (0, 0.03)])
def test_a_resellers_limit_holds_for_the_calls_of_its_customers(bench, call, day):
    demo = bench.demo
    query = "select reserved_micro + telecom_spend_today(account_id) from telecom_wallet where account_id = %s"
    used = bench.db.value(query, demo.reseller)
    set_limits(bench, demo.reseller, call=call, day=day and day + used / 1e6)
    line = bench.line()
    answer = line.ask("n100001-101", "02079460000")
    assert answer["BSS_GRANT_S"] == "59.75"  # fee 0.01 and 60 s at 0.02 a minute
    talk(bench, line, 60)
    charges = dict(bench.charges(line.leg()))
    assert charges[demo.reseller] == 30_000
    line = bench.line()
    answer = line.ask("n100001-101", "02079460000")
    assert answer["BSS_DECISION"] == ("external" if call else "refused")
    if call:
        talk(bench, line, 1)
    assert [rule for rule, *_ in locks(bench, demo.reseller)] == ([] if call else ["day"])
    bench.db.value("select telecom_spend_unlock(%s, null)", demo.reseller)
    set_limits(bench, demo.reseller)


def test_without_limits_nothing_is_counted(bench):
    line = bench.line()
    line.ask("a100002-301", "02079460000")
    talk(bench, line, 10)
    assert bench.db.all("select from telecom_spend_count where account_id = %s", bench.demo.school) == []


def test_a_question_that_is_asked_again_gets_the_stored_answer(bench):
    customer = Customer(bench, day=0.13)
    line, answer = customer.ask()
    assert answer[2] == "119.75"
    again = line.ask(customer.endpoint, "02079460000")
    assert (again["BSS_DECISION"], again["BSS_GRANT_S"]) == ("external", answer[2])
    assert customer.reserved() == 120_000
