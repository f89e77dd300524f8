"""The walk over plans and rates: which rate is in force, whose prefix decides, what a mark-up stands on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from telecom_switch_bridge.core.price_walk import PlanLevel, PlanTerms, Rate, RateBook, walk_prices
from telecom_switch_bridge.core.rating import Rounding, Step, TariffError, always

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIXED, MOBILE, GROUP = 1, 2, 9
TOP = PlanTerms("UTC", marks_up=False, default_method="none", default_percent_micro=0, default_absolute_micro=0,
                rounding=Rounding("half_up", 4))  # fmt: skip
PERCENT = replace(TOP, marks_up=True, default_method="percent", default_percent_micro=25_000_000, rounding=None)
ABSOLUTE = replace(PERCENT, default_method="absolute", default_absolute_micro=1_000)


def rate(rate_id, price_micro=60_000, destination_id=FIXED, group_id=None, **changes):
    values = {
        "rate_id": rate_id, "plan_id": 1, "destination_id": destination_id, "group_id": group_id, "method": "fixed",
        "percent_micro": None, "absolute_micro": None, "bands": (always(0, [Step(0, price_micro, 60, 1)]),),
        "included_s": 0, "min_duration_s": 0, "grace_s": 0, "grace_mode": None, "min_cost_micro": 0,
        "max_cost_micro": None, "max_cost_strategy": None, "valid_from": None, "valid_to": None,
    }  # fmt: skip
    return Rate(**(values | changes))


def walk(*levels, places=((MOBILE, GROUP), (FIXED, GROUP)), at=NOON):
    """Prices per minute, top first; None where a level has none."""
    chain = [PlanLevel(terms, RateBook(rates)) if terms else None for terms, *rates in levels]
    found = walk_prices(chain, places, at)
    return [price and price.tariff.bands[0].steps[0].price_micro for price in found]


def test_every_level_marks_up_the_price_above_it_and_not_the_top():
    assert walk((TOP, rate(1)), (PERCENT,), (ABSOLUTE,), (PERCENT,)) == [60_000, 75_000, 76_000, 95_000]


def test_the_longest_prefix_that_is_priced_decides():
    assert walk((TOP, rate(1), rate(2, 90_000, MOBILE))) == [90_000]
    assert walk((TOP, rate(1), rate(2, 90_000, MOBILE)), places=((FIXED, GROUP),)) == [60_000]


def test_a_default_mark_up_begins_where_the_parents_price_does():
    own = rate(5, 10, FIXED)
    assert walk((TOP, rate(2, 90_000, MOBILE)), (PERCENT, own)) == [90_000, 112_500]
    assert walk((TOP, rate(1)), (PERCENT, own)) == [60_000, 10]


def test_the_destination_beats_its_group_whenever_it_began():
    group = rate(7, 5, None, GROUP, valid_from=NOON)
    assert walk((TOP, rate(1), group), places=((FIXED, GROUP),)) == [60_000]
    assert walk((TOP, group), places=((FIXED, GROUP),)) == [5]


@pytest.mark.parametrize(("hour", "expected"), [(9, 1), (10, 2), (11, 3), (12, 2), (13, 2)])
def test_of_several_valid_rates_the_one_that_began_last_is_in_force(hour, expected):
    def at(hour):
        return datetime(2026, 3, 2, hour, tzinfo=UTC)

    rates = [rate(1, 1), rate(2, 2, valid_from=at(10)), rate(3, 3, valid_from=at(11), valid_to=at(12))]
    assert walk((TOP, *rates), at=at(hour)) == walk((TOP, *rates[::-1]), at=at(hour)) == [expected]


def test_a_gap_in_the_chain_leaves_nothing_to_mark_up_but_own_prices_stand():
    markup = rate(3, method="percent", percent_micro=10_000_000, bands=())
    assert walk((None,), (PERCENT,), (PERCENT, rate(4, 7)), (PERCENT,)) == [None, None, 7, 9]
    assert walk((TOP,), (PERCENT, markup)) == [None, None]
    assert walk((TOP, rate(1)), (TOP,), (PERCENT,)) == [60_000, None, None]


def test_what_a_mark_up_sets_itself_is_not_the_parents():
    parent = rate(1, included_s=10, min_duration_s=20, min_cost_micro=30)
    own = rate(2, method="absolute", absolute_micro=0, bands=(), included_s=0, min_duration_s=5, min_cost_micro=0)
    *_, price = walk_prices([PlanLevel(TOP, RateBook([parent])), PlanLevel(PERCENT, RateBook([own]))],
                            [(FIXED, GROUP)], NOON)  # fmt: skip
    tariff = price.tariff
    assert (tariff.included_s, tariff.min_duration_s, tariff.min_cost_micro) == (10, 5, 30)
    assert (price.rate, tariff.rounding) == (own, Rounding("half_up", 4))


def test_a_price_out_of_range_is_an_error_at_its_level():
    found = walk_prices([PlanLevel(TOP, RateBook([rate(1)])),
                         PlanLevel(replace(ABSOLUTE, default_absolute_micro=-60_001), RateBook(()))],
                        [(FIXED, GROUP)], NOON)  # fmt: skip
    assert next(found).destination_id == FIXED
    with pytest.raises(TariffError):
        next(found)
