"""Included minutes: the split of a call is exact, and the charge never exceeds what was set aside."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_switch_bridge.core.allowance import countable_s, covered, price_covered
from telecom_switch_bridge.core.rating import Step, Tariff, always, charge_of, price_call, reservation_cost
from tests.unit.core import strategies

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SECONDS = Tariff("UTC", (always(10_000, [Step(0, 60_000, 60, 1)]),))
MINUTES = Tariff("UTC", (always(10_000, [Step(0, 60_000, 60, 60)]),))
COVERS = st.one_of(st.just(0), st.integers(0, 150), st.integers(0, 1_000))


@pytest.mark.parametrize(
    ("tariff", "seconds", "covered_s", "cost_micro"),
    [
        (SECONDS, 75, 0, 85_000),  # fee and 75 s
        (SECONDS, 75, 75, 0),  # all of it
        (SECONDS, 75, 500, 0),
        (SECONDS, 75, 74, 1_000),  # the last second; the fee belongs to the first
        (SECONDS, 75, 1, 74_000),
        (MINUTES, 75, 30, 60_000),  # a minute begun after the allowance is a minute paid
        (MINUTES, 91, 30, 120_000),
        (MINUTES, 30, 30, 0),
        (replace(SECONDS, min_cost_micro=50_000), 60, 59, 1_000),
        (replace(SECONDS, included_s=20), 75, 0, 65_000),  # the tariff's own seconds come first
        (replace(SECONDS, included_s=20), 75, 55, 0),
        (replace(SECONDS, included_s=20), 75, 50, 5_000),
        (replace(SECONDS, grace_s=10, grace_mode="free_if_not_longer"), 10, 0, 0),
    ],
)
def test_the_rest_of_a_call_has_the_normal_price(tariff, seconds, covered_s, cost_micro):
    assert price_covered(tariff, AT, seconds, {covered_s}).cost_micro == cost_micro


def test_more_covered_seconds_never_make_a_call_dearer():
    """Increments of 7 s that begin 4 s late miss the edge at 60 s and meet a dear one; those of 3 s late do not."""
    odd = Tariff("UTC", (always(0, [Step(0, 60_000, 60, 7), Step(60, 6_000_000, 60, 60)]),))
    assert [price_covered(odd, AT, 62, {one}).cost_micro for one in (0, 3, 4)] == [63_000, 63_000, 6_056_000]
    assert price_covered(odd, AT, 62, [3, 4]).cost_micro == price_covered(odd, AT, 62, [4, 3]).cost_micro == 63_000


@pytest.mark.parametrize(
    ("changes", "seconds", "countable"),
    [
        ({}, 75, 75),
        ({"included_s": 20}, 75, 55),
        ({"included_s": 20}, 15, 0),
        ({"min_duration_s": 60}, 5, 60),
        ({"grace_s": 10, "grace_mode": "free_if_not_longer"}, 10, 0),
        ({"grace_s": 10, "grace_mode": "subtract"}, 75, 65),
    ],
)
def test_what_is_free_anyhow_uses_no_included_seconds(changes, seconds, countable):
    assert countable_s(replace(SECONDS, **changes), seconds) == countable


@given(strategies.tariffs(), strategies.instants(), strategies.durations)
def test_a_call_that_is_covered_whole_costs_nothing(tariff, at, seconds):
    needed_s = countable_s(tariff, seconds)
    cost = price_covered(tariff, at, seconds, {needed_s}).cost_micro
    assert cost == (0 if needed_s else price_call(tariff, at, seconds).cost_micro)


@given(strategies.instants(), st.integers(1, 500), st.integers(0, 500), strategies.steps())
def test_every_second_is_either_covered_or_paid(at, seconds, covered_s, steps):
    """By the second and without a fee: covered part and paid part are the whole call, at the price of their seconds."""
    tariff = Tariff("UTC", (always(0, [replace(step, increment_s=1) for step in steps]),))
    covered_s = min(covered_s, seconds)
    exact = price_call(tariff, at, seconds).numerator - price_call(tariff, at, covered_s).numerator
    assert price_covered(tariff, at, seconds, {covered_s}).numerator == exact


@given(
    strategies.tariffs(), strategies.instants(), strategies.durations, COVERS, COVERS, st.integers(0, 900),
    strategies.rules(),
)  # fmt: skip
def test_a_charge_never_exceeds_what_was_set_aside(tariff, at, granted_s, held_s, used_s, early_s, rule):
    """A call of at most its grant, whatever else it was given at its end."""
    seconds = max(0, granted_s - early_s)
    set_aside = reservation_cost(covered(tariff, held_s), (at, at), granted_s, rule)
    charge = charge_of(price_covered(tariff, at, seconds, {0, held_s, max(held_s, used_s)}), rule)
    assert charge.gross_micro <= set_aside
    assert charge.gross_micro <= charge_of(price_call(tariff, at, seconds), rule).gross_micro
