"""Stored calls priced anew in batches cost what the single path says: same prices, same instant, same taxes."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_switch_bridge.core.charge import charge_of
from telecom_switch_bridge.core.rating import NO_TAX, ChargeRule, Tax, price_call
from telecom_switch_bridge.rerate.price_calls import EPOCH, Pricer, StoredLevels
from telecom_switch_bridge.services.price_chain import chain_of, levels_of, price_chain
from telecom_switch_bridge.services.use_allowances import Priced, covered_charge
from telecom_switch_bridge.values import AccountPlan
from tests.unit.bridge.world import (
    ACME,
    DIRECT,
    NOW,
    RESELLER,
    SCHOOL,
    STANDARD,
    UK_FIXED,
    WHOLESALE,
    bands,
    demo,
    rate,
)

VAT = ChargeRule((Tax(1, "VAT", "percent", 200_000), Tax(2, "Levy", "fixed", 5_000)))
MOBILE, LONDON, NOWHERE = "447700900123", "442079460000", "99900"
CHAINS = {ACME: (ACME, RESELLER), SCHOOL: (SCHOOL,)}


def stored(calls, rule=0):
    """Rows of calls (account, number, instant of authorisation, seconds), answered four seconds later."""
    rows = [
        (call, level, payer, number, at, seconds)
        for call, (account, number, at, seconds) in enumerate(calls)
        for level, payer in enumerate(CHAINS[account])
    ]
    call, level, account, number, at, seconds = zip(*rows, strict=True)
    at_us = np.array([(one - EPOCH) // timedelta(microseconds=1) for one in at])
    zeros = np.zeros(len(rows), np.int64)
    digits = np.array([len(one) for one in number])
    numbers = np.array([int(one.ljust(15, "0")) for one in number])
    return StoredLevels(
        np.array(call), np.array(level), np.array(account), zeros, numbers, digits, at_us, at_us // 1_000_000 + 4,
        np.array(seconds), zeros + rule, zeros, zeros,
    )  # fmt: skip


def single(catalogue, account, number, at, seconds, rule=None):
    levels = price_chain(catalogue, chain_of(catalogue, catalogue.account(account)), number, at)
    answered_at = at.replace(microsecond=0) + timedelta(seconds=4)
    return [charge_of(price_call(one.tariff, answered_at, seconds), rule or one.rule)[:3] for one in levels]


def compared(priced):
    assert (priced.fault == -1).all()
    return [tuple(map(int, one)) for one in zip(priced.net, priced.tax, priced.gross, strict=True)]


def many(count=400):
    return [
        (ACME if n % 3 else SCHOOL, MOBILE if n % 3 == 1 else LONDON, NOW + timedelta(hours=n), 1 + n * 7 % 190)
        for n in range(count)
    ]


def test_a_batch_costs_what_the_single_path_says_whatever_changes_in_between():
    change = NOW + timedelta(hours=100)
    later = rate(50, DIRECT, UK_FIXED, bands=bands(0, 90_000), valid_from=change)
    catalogue = demo()
    catalogue = catalogue.with_parts({
        "rate_rows": (*catalogue.rate_rows, later),
        "account_plan_rows": (AccountPlan(ACME, "outbound", STANDARD, None, None),),
    })  # fmt: skip
    calls = [*many(), (SCHOOL, LONDON, change - timedelta(microseconds=1), 60), (SCHOOL, LONDON, change, 60)]
    expected = [level for call in calls for level in single(catalogue, *call)]
    found = compared(Pricer(catalogue, None).price(stored(calls)))
    assert found == expected
    assert found[-1] != found[-2]


@pytest.mark.parametrize("then", [True, False])
def test_taxes_are_those_of_then_or_of_now(then):
    catalogue = demo()
    taxed = tuple(replace(one, rule=VAT) if one.account_id == ACME else one for one in catalogue.account_rows)
    now = catalogue.with_parts({"account_rows": taxed})
    calls = many(60)
    rule = VAT if then else None
    expected = [level for call in calls for level in single(catalogue if then else now, *call, rule=rule)]
    pricer = Pricer(catalogue if then else now, [NO_TAX, VAT] if then else None)
    assert compared(pricer.price(stored(calls, rule=1 if then else 0))) == expected
    assert {price.plan_id for price in pricer.prices} == {STANDARD, WHOLESALE, DIRECT}


def test_calls_without_a_price_have_a_fault_at_every_level_and_others_none():
    pricer = Pricer(demo(), None)
    priced = pricer.price(stored([(ACME, NOWHERE, NOW, 60), (SCHOOL, LONDON, NOW, 60)]))
    assert [pricer.faults[place] if place >= 0 else "" for place in priced.fault] == [
        *["plan 100 of account A20 has no price for 99900"] * 2, "",
    ]  # fmt: skip
    assert priced.price[2] >= 0 and priced.gross[2] > 0


def test_another_chain_of_payers_is_a_fault():
    rows = stored([(ACME, LONDON, NOW, 60)])
    for wrong, words in (
        (rows._replace(account=np.array([ACME, SCHOOL])), "who pays for whom has changed since the call"),
        (rows._replace(account=np.array([999, RESELLER])), "its account is not there any more"),
    ):
        pricer = Pricer(demo(), None)
        assert {pricer.faults[place] for place in pricer.price(wrong).fault} == {words}
    pricer = Pricer(demo(), None)
    one_level = StoredLevels(*(column[:1] for column in rows))
    assert [pricer.faults[place] for place in pricer.price(one_level).fault] == [
        "other levels than then would pay for it"
    ]


@given(st.data())
def test_included_seconds_stay_taken_and_the_rest_is_priced_as_it_was_settled(data):
    """Whatever was set aside and used: a new price of unchanged terms is the charge of the settlement, and the same for
    calls in any order."""
    catalogue = demo()
    calls = many(40)
    rows = stored(calls)
    used_s = np.array(
        [data.draw(st.sampled_from([0, 1, 30, seconds, seconds + 60])) for seconds in rows.duration_s.tolist()]
    )
    held_s = np.array([data.draw(st.integers(0, used)) for used in used_s.tolist()])
    levels = [
        (level, Priced((), at.replace(microsecond=0) + timedelta(seconds=4), seconds))
        for account, number, at, seconds in calls
        for level in levels_of(price_chain(catalogue, chain_of(catalogue, catalogue.account(account)), number, at))
    ]
    charges = [
        covered_charge(level, priced, seconds)
        for (level, priced), seconds in zip(levels, zip(held_s.tolist(), used_s.tolist(), strict=True), strict=True)
    ]
    kept = [(one["terms"].get("included_s", 0), one["terms"].get("held_s", 0)) for one in charges]
    included, held = (np.array(one, np.int64) for one in zip(*kept, strict=True))
    expected = [(one["net_micro"], one["tax_micro"], one["gross_micro"]) for one in charges]
    order = np.array(data.draw(st.permutations(range(len(calls)))))
    places = np.concatenate([np.flatnonzero(rows.call == call) for call in order])
    shuffled = StoredLevels(*(column[places] for column in rows._replace(included_s=included, held_s=held)))
    found = compared(Pricer(catalogue, None).price(shuffled))
    assert found == [expected[place] for place in places]


def test_nothing_to_price_is_nothing():
    empty = StoredLevels(*(np.zeros(0, np.int64) for _ in StoredLevels._fields))
    assert len(Pricer(demo(), None).price(empty).net) == 0
