"""Calls to a number of ours that cost something, with the real bridge between PostgreSQL and a fake Asterisk."""

import time

import pytest

from tests.support.until import until

EXTRA = '{""hangupcause"":16}'


class Numbers:
    """Acme's inbound price: 0.03 a minute by Northwind's own plan; the owner takes nothing. One number goes outside."""

    def __init__(self, demo):
        self.demo = demo
        self.plan = demo.plan("Numbers", demo.northwind, direction="inbound", rounding_method="half_up",
                              rounding_decimals=4)  # fmt: skip
        demo.rate(self.plan, demo.uk_fixed, "0.03")
        target = demo.db.insert("telecom_dial_target", account_id=demo.acme, kind="external",
                                external_number="447700900123")  # fmt: skip
        self.outside = "442079460998"
        demo.db.insert("telecom_number", e164=self.outside, company_id=demo.northwind, account_id=demo.acme,
                       target_id=target, active=True)  # fmt: skip
        self.price(self.plan)

    def price(self, plan):
        self.demo.db.all("update telecom_billing_account set inbound_rate_plan_id = %s where id = %s", plan,
                         self.demo.acme)  # fmt: skip


def ask(bench, line, number):
    trunk = f"trunk-{bench.demo.atlantic_trunk}"
    return line.ask(trunk, number, question="route_inbound", cli="4930123")


def answered(line):
    line.answer(1)
    line.daemon.ami.channels[line.caller] = f"PJSIP/x-{line.caller}"  # the name that the journal writes
    line.write("ANSWER", 1.01, line.caller, f"{line.call_ref}/in")


def ended(line, at_s):
    line.hang_up(at_s, ends_call=False)
    line.daemon.ami.channels.pop(line.caller, None)
    for kind in ("HANGUP", "CHAN_END"):
        line.write(kind, at_s, line.caller, f"{line.call_ref}/in", EXTRA)


@pytest.fixture(scope="module")
def numbers(bench):
    made = Numbers(bench.demo)

    def priced():
        line = bench.line()
        answer = ask(bench, line, "442079460999")
        line.end(1)
        return answer.get("BSS_GRANT_S") == "119.75"

    until(priced)
    until(lambda: bench.reserved() == 0)
    return made


def test_a_priced_call_reserves_is_charged_and_gives_back_the_rest(bench, numbers):
    demo, line = bench.demo, bench.line()
    before = demo.balance(demo.acme)[0], demo.balance(demo.reseller)[0]
    assert ask(bench, line, "442079460999")["BSS_DIAL_1"] == "PJSIP/n100001-101"
    assert (demo.balance(demo.acme), demo.balance(demo.reseller)) == ((before[0], 60_000), (before[1], 0))
    answered(line)
    ended(line, 41.01)
    (record,) = bench.settled(line.caller)
    assert bench.charges(line.caller) == [(demo.acme, 20_000)]  # 40 s
    assert (record["disposition"], record["number_id"]) == ("answered", demo.number)
    assert demo.balance(demo.acme) == (before[0] - 20_000, 0)
    assert demo.balance(demo.reseller) == (before[1], 0)
    until(lambda: bench.db.all("select from telecom_leg_open") == [])


def test_a_long_call_is_extended_on_both_channels(bench, numbers):
    line = bench.line(begun=int(time.time()) - 105)  # it has talked so long already: the next slice is due at once
    ask(bench, line, "442079460999")
    answered(line)
    until(lambda: bench.demo.balance(bench.demo.acme)[1] == 120_000)  # 240 s
    channels = {f"PJSIP/x-{line.caller}", f"PJSIP/x-{line.leg()}"}
    until(lambda: channels <= set(bench.ami.timeouts()), reason="limits of both channels")
    assert bench.ami.timeouts()[f"PJSIP/x-{line.caller}"] > 125
    ended(line, 110)
    bench.settled(line.caller)
    until(lambda: bench.reserved() == 0)


def test_an_empty_purse_refuses_the_carrier(bench, numbers):
    demo = bench.demo
    poor = demo.open_account("N100009", demo.northwind, plan=demo.standard, inbound_rate_plan_id=numbers.plan)
    phone = demo.phone(poor, "901", "n100009-901")
    target = demo.db.insert("telecom_dial_target", account_id=poor, kind="phone", phone_id=phone)
    demo.db.insert("telecom_number", e164="442079460990", company_id=demo.northwind, account_id=poor, target_id=target,
                   active=True)  # fmt: skip
    line = bench.line()
    until(lambda: ask(bench, line, "442079460990")["BSS_REASON"] == "no_credit")
    assert bench.reserved() == 0


def test_a_call_that_goes_on_outside_is_two_charged_legs(bench, numbers):
    demo, line = bench.demo, bench.line()
    before = demo.balance(demo.acme)[0]
    answer = ask(bench, line, numbers.outside)
    assert (answer["BSS_DECISION"], answer["BSS_GRANT_S"]) == ("external", "119.75")
    assert bench.reserved() == 2
    answered(line)
    ended(line, 61)
    outbound, inbound = bench.settled(line.leg(), line.caller)
    assert bench.charges(line.leg()) == [(demo.acme, 50_000), (demo.reseller, 40_000)]
    assert bench.charges(line.caller) == [(demo.acme, 30_000)]
    assert (outbound["e164"], inbound["e164"]) == ("447700900123", numbers.outside)
    assert (outbound["linkedid"], outbound["direction"], inbound["direction"]) == (
        inbound["linkedid"], "outbound", "inbound"
    )  # fmt: skip
    assert demo.balance(demo.acme) == (before - 80_000, 0)
    assert bench.reserved() == 0 and bench.db.all("select * from telecom_wallet_problems()") == []


def test_a_call_outside_that_nobody_answers_gives_both_grants_back(bench, numbers):
    line = bench.line()
    ask(bench, line, numbers.outside)
    assert bench.reserved() == 2
    line.end(3)
    until(lambda: bench.reserved() == 0)
    assert bench.demo.balance(bench.demo.acme)[1] == 0


def test_without_a_plan_calls_to_the_number_are_free_again(bench, numbers):
    numbers.price(None)
    line = bench.line()
    until(lambda: ask(bench, bench.line(), "442079460999")["BSS_GRANT_S"] == "")
    ask(bench, line, "442079460999")
    answered(line)
    ended(line, 31)
    bench.settled(line.caller)
    assert bench.charges(line.caller) == []
