"""What a credit buys, what is set aside, and that a charge never exceeds it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from telecom_switch_bridge.core.rating import (
    Band,
    Rounding,
    Step,
    Tariff,
    affordable_seconds,
    affordable_seconds_between,
    always,
    charge_of,
    first_charge_micro,
    is_free,
    price_call,
    reservation_cost,
)
from tests.unit.core import strategies

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
MINUTES = Tariff("UTC", (always(10_000, [Step(0, 60_000, 60, 60)]),))
TAXES = strategies.rules()
CREDITS = st.one_of(st.integers(-2, 400), st.integers(0, 8_000_000))


@pytest.mark.parametrize(
    ("credit_micro", "seconds"),
    [(-1, 0), (0, 0), (69_999, 0), (70_000, 60), (129_999, 60), (130_000, 120), (10**9, 300)],
)
def test_credit_buys_whole_increments_up_to_the_wanted_time(credit_micro, seconds):
    assert affordable_seconds(MINUTES, AT, credit_micro, 300) == seconds


def test_a_disconnect_limit_ends_the_call_before_the_credit_does():
    tariff = Tariff(
        "UTC", (always(0, [Step(0, 1_000_000, 1, 1)]),), max_cost_micro=10_000_000, max_cost_strategy="disconnect"
    )
    assert affordable_seconds(tariff, AT, 11_000_000, 1800) == 10
    assert price_call(tariff, AT, 1800).cost_micro == 1_800_000_000  # a finished call is not capped


def test_first_charge_is_fee_and_first_increment_even_after_included_seconds():
    tariff = Tariff("UTC", (always(10_000, [Step(0, 60_000, 60, 60)]),), included_s=30)
    assert first_charge_micro(tariff, AT) == 70_000
    assert first_charge_micro(tariff, AT, strategies.VAT) == 84_000
    assert price_call(tariff, AT, 30).cost_micro == 10_000


def test_free_is_only_what_can_never_cost():
    free = always(0, [Step(0, 0, 60, 1)])
    assert is_free(Tariff("UTC", (free,)))
    assert is_free(Tariff("UTC", MINUTES.bands, max_cost_micro=0, max_cost_strategy="free_after"))
    assert not is_free(Tariff("UTC", (free,), min_cost_micro=1))
    assert not is_free(Tariff("UTC", (always(1, [Step(0, 0, 60, 1)]),)))
    assert not is_free(Tariff("UTC", (always(0, [Step(0, 0, 60, 1), Step(60, 1, 60, 1)]),)))


def test_a_call_that_may_be_answered_in_a_dearer_band_reserves_for_it():
    night = Band("night", (1, 2, 3, 4, 5, 6, 7), 0, 36_000, 10, None, 0, (Step(0, 60_000, 60, 1),))
    day = Band("day", (1, 2, 3, 4, 5, 6, 7), 36_000, 86_400, 10, None, 0, (Step(0, 600_000, 60, 1),))
    tariff = Tariff("UTC", (night, day))
    before = AT - timedelta(seconds=100)
    assert reservation_cost(tariff, (before, before), 60) == 60_000
    assert reservation_cost(tariff, (before, before + timedelta(seconds=60)), 60) == 40_000 + 200_000
    assert reservation_cost(tariff, (before, AT), 60) == 600_000


@settings(max_examples=300, deadline=None)
@given(strategies.tariffs(), strategies.instants(), CREDITS, st.integers(0, 700), TAXES)
def test_affordable_is_the_largest_time_that_the_credit_covers(tariff, at, credit_micro, max_s, rule):
    seconds = affordable_seconds(tariff, at, credit_micro, max_s, rule)
    assert 0 <= seconds <= max_s
    if seconds:
        assert charge_of(price_call(tariff, at, seconds), rule).gross_micro <= credit_micro
    if seconds == max_s:
        return
    next_one = price_call(tariff, at, seconds + 1)
    limited = tariff.max_cost_strategy == "disconnect" and next_one.cost_micro > (tariff.max_cost_micro or 0)
    assert limited or charge_of(next_one, rule).gross_micro > credit_micro


@settings(max_examples=200, deadline=None)
@given(strategies.tariffs(), strategies.instants(), st.integers(0, 90), st.integers(0, 700), TAXES, st.data())
def test_a_charge_never_exceeds_its_reservation(tariff, opens, window_s, seconds, rule, data):
    window = (opens, opens + timedelta(seconds=window_s))
    reserved_micro = reservation_cost(tariff, window, seconds, rule)
    charges = set()
    for _ in range(5):
        answered_at = opens + timedelta(seconds=data.draw(st.floats(0, window_s)))
        duration_s = data.draw(st.integers(0, seconds))
        charges.add(charge_of(price_call(tariff, answered_at, duration_s), rule).gross_micro)
    assert max(charges) <= reserved_micro


@settings(max_examples=100, deadline=None)
@given(strategies.tariffs(), strategies.instants(), st.integers(0, 60), CREDITS, TAXES)
def test_what_a_credit_buys_in_a_window_can_be_reserved_from_it(tariff, opens, window_s, credit_micro, rule):
    window = (opens, opens + timedelta(seconds=window_s))
    seconds = affordable_seconds_between(tariff, window, credit_micro, 300, rule)
    assume(seconds)
    assert reservation_cost(tariff, window, seconds, rule) <= credit_micro


def test_shared_rounding_up_is_counted():
    tariff = Tariff("UTC", (always(0, [Step(0, 1_000, 60, 1)]),), Rounding("up", 2))
    assert affordable_seconds(tariff, AT, 9_999, 60) == 0
    assert affordable_seconds(tariff, AT, 10_000, 700) == 600
