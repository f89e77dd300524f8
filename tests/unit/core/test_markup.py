"""Mark-up of prices: percentages compound on prices, amounts per minute follow the price unit."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_switch_bridge.core.markup import Overrides, marked_up
from telecom_switch_bridge.core.rating import Band, Rounding, Step, Tariff, TariffError, always, price_call
from tests.unit.core import strategies

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
TEN_PERCENT, TWENTY_PERCENT, QUARTER = 10_000_000, 20_000_000, 25_000_000


def flat(price_micro, fee_micro=0, unit_s=60, **terms):
    return Tariff("UTC", (always(fee_micro, [Step(0, price_micro, unit_s, 1)]),), **terms)


def test_markups_compound_on_what_the_parent_charges():
    carrier = flat(2_000_000)
    reseller = marked_up(carrier, percent_micro=TWENTY_PERCENT)
    customer = marked_up(reseller, percent_micro=TEN_PERCENT)
    assert [price_call(tariff, AT, 60).cost_micro for tariff in (carrier, reseller, customer)] == [
        2_000_000,
        2_400_000,
        2_640_000,
    ]


def test_the_first_call_of_the_demo_costs_what_the_contract_says():
    wholesale = flat(20_000, 10_000, rounding=Rounding("half_up", 4))
    retail = marked_up(wholesale, percent_micro=QUARTER)
    assert price_call(wholesale, AT, 75).cost_micro == 35_000
    assert (price_call(retail, AT, 75).numerator, price_call(retail, AT, 75).denominator) == (43_750 * 60, 60)
    assert price_call(retail, AT, 75).cost_micro == 43_800


def test_prices_are_rounded_half_up_at_six_decimals_and_the_charge_is_not_marked_up():
    child = marked_up(flat(1, 1), percent_micro=50_000_000)
    assert child.bands[0].steps[0].price_micro == 2 and child.bands[0].connect_fee_micro == 2


@pytest.mark.parametrize(("unit_s", "price_micro"), [(60, 70_000), (1, 60_167), (30, 65_000), (3600, 660_000)])
def test_an_amount_per_minute_follows_the_price_unit_and_leaves_the_fee(unit_s, price_micro):
    child = marked_up(flat(60_000, 5_000, unit_s), absolute_micro=10_000)
    assert child.bands[0].steps[0].price_micro == price_micro
    assert child.bands[0].connect_fee_micro == 5_000


def test_terms_are_inherited_unless_set():
    parent = flat(60_000, included_s=10, min_cost_micro=5, rounding=Rounding("up", 2))
    assert marked_up(parent) == parent
    own = marked_up(parent, overrides=Overrides(rounding=Rounding("down", 4), grace=(3, "subtract"), included_s=0))
    assert (own.rounding, own.grace_s, own.grace_mode, own.included_s) == (Rounding("down", 4), 3, "subtract", 0)
    assert own.min_cost_micro == 5
    assert marked_up(parent, overrides=Overrides(max_cost=(7, "free_after"))).max_cost_micro == 7


def test_a_rebate_below_zero_is_refused():
    with pytest.raises(TariffError, match="price"):
        marked_up(flat(60_000), absolute_micro=-60_001)


@settings(max_examples=100, deadline=None)
@given(strategies.tariffs(), st.integers(0, 200_000_000), strategies.instants(), strategies.durations)
def test_a_child_with_the_same_terms_never_pays_less_than_its_parent(parent, percent_micro, at, duration_s):
    child = marked_up(parent, percent_micro=percent_micro)
    assert price_call(child, at, duration_s).cost_micro >= price_call(parent, at, duration_s).cost_micro


def half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


@settings(max_examples=150, deadline=None)
@given(
    strategies.tariffs(),
    st.lists(st.tuples(st.integers(0, 200_000_000), st.sampled_from([0, 0, 1, 7_777, 100_000])), max_size=6),
)
def test_markups_of_many_levels_are_the_rule_applied_once_a_level(owner, levels):
    """Each fee and each step price, half up at 6 decimals at each level, written a second time with fractions."""
    tariff = owner
    fees = [band.connect_fee_micro for band in owner.bands]
    prices = [[Fraction(step.price_micro) for step in band.steps] for band in owner.bands]
    for percent_micro, absolute_micro in levels:
        tariff = marked_up(tariff, percent_micro=percent_micro, absolute_micro=absolute_micro)
        factor = 1 + Fraction(percent_micro, 100_000_000)
        fees = [half_up(fee * factor) for fee in fees]
        prices = [
            [
                half_up(price * factor + Fraction(absolute_micro * step.price_unit_s, 60))
                for price, step in zip(row, band.steps, strict=True)
            ]
            for row, band in zip(prices, owner.bands, strict=True)
        ]
    assert [band.connect_fee_micro for band in tariff.bands] == fees
    assert [[step.price_micro for step in band.steps] for band in tariff.bands] == prices


def test_what_a_provider_calls_its_hours_stays_with_it():
    night = Band("Night of Meridian", (1, 2), 0, 21_600, 5, None, 0, (Step(0, 1, 60, 1),))
    bands = marked_up(Tariff("UTC", (always(0, [Step(0, 2, 60, 1)]), replace(night, weight=20)))).bands
    assert [band.name for band in bands] == ["always", "Mon Tue 00:00-06:00"]
