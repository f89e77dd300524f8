"""What an account pays for a price: taxes added, contained, flat, several; other taxes than the price was made for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from telecom_switch_bridge.core.charge import lines_of
from telecom_switch_bridge.core.rating import (
    NO_TAX,
    ChargeRule,
    Rounding,
    Step,
    Tariff,
    Tax,
    TaxError,
    always,
    charge_of,
    price_call,
    rule_from_json,
    rule_to_json,
)
from tests.unit.core import strategies

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
TENTH = Tariff("UTC", (always(0, [Step(0, 100_000, 60, 1)]),), Rounding("half_up", 4))
"""0.1 a minute; 7 s are exactly 11,666.66... micro-units, rounded 11,700."""

VAT = Tax(1, "VAT 20%", "percent", 200_000)
VAT_INSIDE = Tax(2, "VAT 20% inside", "percent", 200_000, price_include=True)
LEVY = Tax(3, "Levy", "fixed", 5_000)
FUND = Tax(4, "Fund 5%", "percent", 50_000)


@pytest.mark.parametrize(
    ("taxes", "net_micro", "parts", "gross_micro"),
    [
        ((), 11_700, (), 11_700),
        ((VAT,), 11_700, (2_333,), 14_033),  # 20 % of the exact net, half-up: not of 0.0117
        ((VAT_INSIDE,), 9_750, (1_950,), 11_700),  # a sixth of the amount; net and tax make it up
        ((VAT, LEVY), 11_700, (2_333, 5_000), 19_033),
        ((LEVY, VAT), 11_700, (5_000, 2_333), 19_033),  # the levy asks for no tax on it
        ((Tax(3, "Levy", "fixed", 5_000, include_base_amount=True), VAT), 11_700, (5_000, 3_333), 20_033),
        ((VAT, FUND), 11_700, (2_333, 583), 14_616),
        ((Tax(1, "VAT", "percent", 200_000, include_base_amount=True), FUND), 11_700, (2_333, 700), 14_733),
        ((VAT_INSIDE, FUND), 9_750, (1_950, 488), 12_188),  # the fund on the net 0.00975
        ((VAT_INSIDE, LEVY), 9_750, (1_950, 5_000), 16_700),
        ((Tax(5, "Part", "division", 200_000),), 11_700, (2_917,), 14_617),  # a fifth of the whole
        ((Tax(5, "Part", "division", 200_000, price_include=True),), 9_360, (2_340,), 11_700),
    ],
)
def test_taxes_of_a_call(taxes, net_micro, parts, gross_micro):
    charge = charge_of(price_call(TENTH, AT, 7), ChargeRule(taxes))
    assert charge == (net_micro, sum(parts), gross_micro, parts)


def test_each_tax_is_rounded_by_itself_half_up():
    half = Tariff("UTC", (always(0, [Step(0, 5, 2, 1)]),))  # 2.5 micro-units a second
    twice = ChargeRule((VAT, Tax(9, "Same again", "percent", 200_000)))
    assert charge_of(price_call(half, AT, 1), twice).parts == (1, 1)  # 0.5 each
    assert charge_of(price_call(half, AT, 1), ChargeRule((Tax(9, "Less", "percent", 199_999),))).parts == (0,)


def test_a_call_that_costs_nothing_bears_no_flat_tax():
    free_first = Tariff("UTC", (always(0, [Step(0, 0, 60, 1), Step(30, 60_000, 60, 1)]),))
    rule = ChargeRule((LEVY,))
    assert charge_of(price_call(free_first, AT, 30), rule).gross_micro == 0
    assert charge_of(price_call(free_first, AT, 31), rule) == (1_000, 5_000, 6_000, (5_000,))


def test_an_exempt_customer_pays_the_price_without_the_tax_in_it():
    exempt = ChargeRule((), price_taxes=(VAT_INSIDE,))
    assert charge_of(price_call(TENTH, AT, 60), exempt) == (83_300, 0, 83_300, ())  # 0.1 / 1.2, rounded by the plan
    other = ChargeRule((Tax(6, "VAT 8%", "percent", 80_000, price_include=True),), price_taxes=(VAT_INSIDE,))
    assert charge_of(price_call(TENTH, AT, 60), other) == (83_333, 6_667, 90_000, (6_667,))
    added = ChargeRule((VAT,), price_taxes=(FUND,))  # prices that contain no tax stay what they are
    assert charge_of(price_call(TENTH, AT, 60), added).net_micro == 100_000


def test_a_charge_in_another_currency_is_converted_once_and_taxed_there():
    rule = ChargeRule((VAT, LEVY), factor_e8=85_730_000)  # 0.8573
    assert charge_of(price_call(TENTH, AT, 7), rule) == (10_030, 2_000 + 5_000, 17_030, (2_000, 5_000))
    assert charge_of(price_call(TENTH, AT, 7), ChargeRule((), factor_e8=85_730_000)) == (10_030, 0, 10_030, ())


@pytest.mark.parametrize(
    ("taxes", "words"),
    [
        ((Tax(1, "Formula", "code", 0),), "Formula: computed by 'code'"),
        ((Tax(1, "Refund", "percent", -10_000),), "Refund: its amount must be from 0"),
        ((Tax(1, "Stamp", "fixed", 5_000, price_include=True),), "Stamp: a price by time cannot contain a flat"),
        ((Tax(1, "All", "division", 1_000_000),), "All: a part of the whole"),
        ((Tax(1, "Half", "division", 500_000, price_include=True),) * 2, "Half: a part of the whole"),
        ((Tax(1, "Levy", "fixed", 5_000, include_base_amount=True), VAT_INSIDE), "put taxes that the price contains"),
        ((VAT,) * 9, "9 taxes"),
    ],
)  # fmt: skip
def test_what_a_call_cannot_bear_is_refused_in_words(taxes, words):
    with pytest.raises(TaxError, match=words):
        ChargeRule(taxes)


@pytest.mark.parametrize("factor_e8", [0, -1, 1.5, 10**17])
def test_a_factor_that_is_none_is_refused(factor_e8):
    with pytest.raises(TaxError, match="factor"):
        ChargeRule((), factor_e8=factor_e8)


def test_the_record_names_each_tax():
    rule = ChargeRule((VAT, LEVY))
    lines = lines_of(rule, charge_of(price_call(TENTH, AT, 7), rule))
    assert [(line["name"], line["amount_micro"]) for line in lines] == [("VAT 20%", 2_333), ("Levy", 5_000)]


@settings(max_examples=300, deadline=None)
@given(strategies.tariffs(), strategies.instants(), strategies.durations, strategies.rules())
def test_amounts_add_up_and_are_never_negative(tariff, at, duration_s, rule):
    charge = charge_of(price_call(tariff, at, duration_s), rule)
    assert charge.gross_micro == charge.net_micro + charge.tax_micro
    assert charge.tax_micro == sum(charge.parts)
    assert min(charge.net_micro, charge.gross_micro, *charge.parts, 0) == 0


@settings(max_examples=200, deadline=None)
@given(strategies.tariffs(), strategies.instants(), strategies.durations, strategies.durations, strategies.rules())
def test_a_longer_call_never_costs_less(tariff, at, one_s, other_s, rule):
    shorter, longer = sorted((one_s, other_s))
    costs = [charge_of(price_call(tariff, at, seconds), rule).gross_micro for seconds in (shorter, longer)]
    assert costs[0] <= costs[1]


@given(strategies.rules())
def test_a_frozen_rule_is_the_same_rule(rule):
    assert rule_from_json(rule_to_json(rule)) == rule
    assert rule_to_json(NO_TAX) == {}


def test_a_frozen_rule_that_is_none_of_ours_is_refused():
    with pytest.raises(TaxError, match="missing or unknown"):
        rule_from_json({"taxes": [{"tax_id": 1, "percent": 20}]})
