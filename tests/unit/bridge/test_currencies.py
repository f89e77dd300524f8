"""Accounts and plans in different currencies: the owner's rate of the day, frozen with the call; none is a refusal."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from telecom_switch_bridge.core.charge import charge_of
from telecom_switch_bridge.core.currency import CurrencyRate
from telecom_switch_bridge.core.markup import converted
from telecom_switch_bridge.core.rating import Step, Tariff, always, price_call
from telecom_switch_bridge.ports import Reason, Refused
from telecom_switch_bridge.services.price_chain import chain_of, levels_of, price_chain
from tests.unit.bridge.world import ACME, DIRECT, NORTHWIND, NOW, RESELLER, SCHOOL, STANDARD, WHOLESALE, demo

LONDON = "442079460000"


def rates(**by_currency):
    return tuple(
        CurrencyRate(currency, at, int(Decimal(rate) * 10**12))
        for currency, dated in by_currency.items()
        for at, rate in (dated if isinstance(dated, list) else [(None, dated)])
    )


def in_currency(currency, *plans, **more):
    catalogue = demo(**more)
    changed = tuple(replace(one, currency=currency) if one.plan_id in plans else one for one in catalogue.plan_rows)
    return catalogue.with_parts({"plan_rows": changed})


def prices(catalogue, account_id, at=NOW):
    return price_chain(catalogue, chain_of(catalogue, catalogue.account(account_id)), LONDON, at)


def gross(catalogue, account_id, at=NOW, seconds=60):
    return [
        charge_of(price_call(price.tariff, at, seconds), price.rule).gross_micro
        for price in prices(catalogue, account_id, at)
    ]


def test_a_plan_in_another_currency_is_charged_at_the_rate_of_the_day():
    """0.06 dollars a minute (the world's Direct), 1.25 dollars for a euro: 0.048; half a year later 1.2: 0.05."""
    dated = [(NOW - timedelta(days=300), "1.25"), (NOW + timedelta(days=180), "1.2")]
    catalogue = in_currency("USD", DIRECT, currency_rows=rates(EUR="1", USD=dated))
    plain = gross(demo(), SCHOOL)[0]
    assert gross(catalogue, SCHOOL) == [plain * 4 // 5]
    assert gross(catalogue, SCHOOL, NOW + timedelta(days=180)) == [plain * 5 // 6]
    (level,) = levels_of(prices(catalogue, SCHOOL))
    assert (level.currency, level.plan_currency, level.rule.factor_e8) == ("EUR", "USD", 80_000_000)


def test_a_markup_stands_on_the_price_above_in_its_own_currency():
    """Wholesale is in pounds, 0.8 for a euro; Northwind's plan and both accounts are in euro."""
    catalogue = in_currency("GBP", WHOLESALE, currency_rows=rates(EUR="1", GBP="0.8"))
    acme, northwind = prices(catalogue, ACME)
    there = prices(demo(), ACME)
    assert [acme.plan.plan_id, northwind.plan.plan_id] == [STANDARD, WHOLESALE]
    assert northwind.tariff == there[1].tariff and northwind.rule.factor_e8 == 125_000_000
    assert acme.rule.factor_e8 == 100_000_000
    ratio = acme.tariff.bands[0].steps[0].price_micro / there[0].tariff.bands[0].steps[0].price_micro
    assert ratio == 1.25


@pytest.mark.parametrize("known", [{}, {"EUR": "1"}, {"EUR": "1", "USD": [(NOW + timedelta(seconds=1), "1.1")]}])
def test_without_a_rate_the_call_is_refused_in_words(known):
    refused = prices(in_currency("USD", DIRECT, currency_rows=rates(**known)), SCHOOL)
    assert isinstance(refused, Refused) and refused.reason is Reason.NO_RATE
    assert refused.detail == f"no rate of exchange from USD to EUR on {NOW.date()}"


def test_a_rate_that_is_none_is_no_rate():
    catalogue = in_currency("USD", DIRECT, currency_rows=rates(EUR="1", USD="0"))
    assert isinstance(prices(catalogue, SCHOOL), Refused)


def test_each_fee_and_price_is_converted_half_up():
    tariff = Tariff("UTC", (always(3, [Step(0, 5, 60, 1)]),), min_cost_micro=1, max_cost_micro=7,
                    max_cost_strategy="free_after")  # fmt: skip
    other = converted(tariff, 50_000_000)
    assert (other.bands[0].connect_fee_micro, other.bands[0].steps[0].price_micro) == (2, 3)
    assert (other.min_cost_micro, other.max_cost_micro) == (1, 4)


def test_accounts_of_one_currency_need_no_rates():
    assert gross(demo(), ACME) and demo().factor_e8("EUR", "EUR", NOW) == 100_000_000
    assert demo().account(RESELLER).company_id != NORTHWIND
