"""What calls cost: the edges as tables, the rule against a slow second writing of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_switch_bridge.core.money import round_ratio
from telecom_switch_bridge.core.rating import (
    Rounding,
    Step,
    Tariff,
    always,
    answered_seconds,
    cost_micro,
    price_call,
)
from tests.unit.core import strategies
from tests.unit.core.oracle import exact_cost

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
UK_MOBILE = Tariff("UTC", (always(50_000, [Step(0, 60_000, 60, 30), Step(30, 120_000, 60, 6)]),))


@pytest.mark.parametrize(
    ("duration_s", "cost_micro", "billed_s"),
    [
        (0, 0, 0),  # never answered: no connect fee either
        (1, 80_000, 30),  # the first increment is charged whole
        (30, 80_000, 30),  # last second of the first increment
        (31, 92_000, 36),  # one second over buys a whole increment of the next step
        (36, 92_000, 36),
        (37, 104_000, 42),
    ],
)
def test_cost_at_the_edges_of_increments(duration_s, cost_micro, billed_s):
    priced = price_call(UK_MOBILE, AT, duration_s)
    assert (priced.cost_micro, priced.billed_s) == (cost_micro, billed_s)


def test_an_increment_that_runs_over_a_step_is_charged_at_the_step_where_it_began():
    tariff = Tariff("UTC", (always(0, [Step(0, 600_000, 60, 60), Step(90, 60_000, 60, 1)]),))
    assert price_call(tariff, AT, 121).cost_micro == 1_200_000 + 1_000


def test_a_microsecond_before_a_band_ends_is_still_that_band():
    shop = Tariff("UTC", (_hours(0, 36_000, 1_000_000), _hours(36_000, 86_400, 0)))
    assert price_call(shop, AT.replace(hour=9, minute=59, second=59, microsecond=999_999), 1).cost_micro == 1_000_000
    assert price_call(shop, AT, 1).cost_micro == 0


def _hours(from_s, to_s, fee_micro):
    return replace(always(fee_micro, [Step(0, 0, 60, 1)]), from_s=from_s, to_s=to_s)


@pytest.mark.parametrize(("opens_utc", "day"), [("06:00", "2026-03-29"), ("07:00", "2026-10-25")])
def test_a_band_begins_by_the_local_clock_on_the_day_that_the_clocks_change(opens_utc, day):
    tariff = Tariff("Europe/Berlin", (_hours(0, 28_800, 1_000_000), _hours(28_800, 86_400, 0)))
    opens = datetime.fromisoformat(f"{day}T{opens_utc}Z")
    assert price_call(tariff, opens - timedelta(seconds=1), 1).cost_micro == 1_000_000
    assert price_call(tariff, opens, 1).cost_micro == 0


def test_up_is_not_tipped_by_a_division_that_leaves_nothing():
    third = Tariff("UTC", (always(0, [Step(0, 100_000, 3, 1)]),), Rounding("up", 2))
    assert price_call(third, AT, 3).cost_micro == 100_000
    assert price_call(third, AT, 4).cost_micro == 140_000


def test_a_week_of_one_second_increments_is_two_segments_and_quick():
    tariff = Tariff("UTC", (always(0, [Step(0, 60_000, 60, 1), Step(60, 30_000, 60, 1)]),))
    priced = price_call(tariff, AT, 604_800)
    assert len(priced.segments) == 2
    assert priced.cost_micro == 60_000 + (604_800 - 60) * 500


def test_floor_and_ceiling_are_named():
    cheap = Tariff("UTC", (always(0, [Step(0, 1_000, 60, 1)]),), min_cost_micro=20_000)
    capped = Tariff(
        "UTC", (always(0, [Step(0, 60_000_000, 60, 1)]),), max_cost_micro=5_000_000, max_cost_strategy="free_after"
    )
    assert price_call(cheap, AT, 10).cost_micro == 20_000 and price_call(cheap, AT, 10).bound == "min_cost"
    assert price_call(capped, AT, 10).cost_micro == 5_000_000 and price_call(capped, AT, 10).bound == "max_cost"


@pytest.mark.parametrize(
    ("duration_us", "rule", "seconds"),
    [
        (0, "up", 0),
        (1, "up", 1),
        (1_000_000, "up", 1),
        (1_000_001, "up", 2),
        (499_999, "nearest", 0),
        (500_000, "nearest", 1),
        (1_999_999, "down", 1),
    ],
)
def test_whole_seconds_of_an_answered_leg(duration_us, rule, seconds):
    assert answered_seconds(duration_us, rule) == seconds


def test_a_naive_instant_is_a_mistake():
    with pytest.raises(AssertionError):
        price_call(UK_MOBILE, datetime(2026, 5, 4), 1)


@settings(max_examples=300, deadline=None)
@given(strategies.tariffs(), strategies.instants(), strategies.durations)
def test_the_walk_equals_the_slow_rule(tariff, answered_at, duration_s):
    priced = price_call(tariff, answered_at, duration_s)
    exact = exact_cost(tariff, answered_at, duration_s)
    assert Fraction(priced.numerator, priced.denominator) == exact
    quantum = 1 if tariff.rounding.method == "none" else 10 ** (6 - tariff.rounding.decimals)
    assert priced.cost_micro == round_ratio(exact.numerator, exact.denominator, tariff.rounding.method, quantum)


@settings(max_examples=150, deadline=None)
@given(strategies.tariffs(), strategies.instants(), strategies.durations)
def test_segments_and_fee_add_up_to_the_exact_cost(tariff, answered_at, duration_s):
    priced = price_call(tariff, answered_at, duration_s)
    assert priced.billed_s == sum(segment.seconds for segment in priced.segments)
    if priced.bound is None:
        parts = sum(segment.numerator for segment in priced.segments)
        assert priced.connect_fee_micro * priced.denominator + parts == priced.numerator


@settings(max_examples=150, deadline=None)
@given(strategies.tariffs(), strategies.instants(), strategies.durations)
def test_cost_never_falls_with_duration(tariff, answered_at, duration_s):
    shorter = price_call(tariff, answered_at, duration_s)
    longer = price_call(tariff, answered_at, duration_s + 1)
    assert shorter.cost_micro <= longer.cost_micro and shorter.billed_s <= longer.billed_s


@given(strategies.tariffs(), strategies.instants(), st.lists(st.integers(0, 4000), min_size=1, max_size=4))
def test_a_cost_that_is_asked_for_again_is_that_of_the_call(tariff, at, durations):
    for duration_s in durations * 2:
        assert cost_micro(tariff, at, duration_s) == price_call(tariff, at, duration_s).cost_micro
