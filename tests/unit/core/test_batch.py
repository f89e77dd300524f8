"""Many calls at once cost what each costs alone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_switch_bridge.core import batch
from telecom_switch_bridge.core.batch import TariffTable
from telecom_switch_bridge.core.markup import marked_up
from telecom_switch_bridge.core.pricing import price_from_second
from telecom_switch_bridge.core.rating import Rounding, Step, Tariff, always
from tests.unit.core import strategies

START_S = 1_777_888_800


def assert_batch_equals_single(tariffs, numbers, starts_s, durations_s):
    costs = TariffTable(tariffs).price(np.array(numbers), np.array(starts_s), np.array(durations_s))
    for level, row in enumerate(numbers):
        for call, number in enumerate(row):
            single = price_from_second(tariffs[number], starts_s[call], durations_s[call])
            assert costs.cost_micro[level, call] == single.cost_micro
            assert costs.billed_s[level, call] == single.billed_s


@settings(max_examples=150, deadline=None)
@given(st.lists(strategies.tariffs(), min_size=1, max_size=4), st.integers(1, 3), st.data())
def test_a_batch_equals_single_pricing(tariffs, levels, data):
    tariffs = [*tariffs, marked_up(tariffs[0], percent_micro=33_333_333)]
    calls = data.draw(st.lists(st.tuples(strategies.instants(), strategies.durations), min_size=1, max_size=12))
    number = st.integers(0, len(tariffs) - 1)
    numbers = [[data.draw(number) for _ in calls] for _ in range(levels)]
    starts_s = [int(instant.timestamp() // 1) for instant, _ in calls]
    assert_batch_equals_single(tariffs, numbers, starts_s, [duration_s for _, duration_s in calls])


def test_a_batch_of_several_chunks(monkeypatch):
    monkeypatch.setattr(batch, "CHUNK_CALLS", 7)
    tariff = Tariff("UTC", (always(3, [Step(0, 60_000, 60, 6)]),))
    durations_s = list(range(50))
    assert_batch_equals_single([tariff], [[0] * 50], [START_S + second for second in durations_s], durations_s)


def test_costs_beyond_64_bits_go_the_single_way():
    odd_units = [Step(index, 999_999_999_989, unit_s, 1) for index, unit_s in enumerate((604_799, 604_789, 604_787))]
    dear = Tariff("UTC", (always(10**12, odd_units),), Rounding("up", 6))
    plain = Tariff("UTC", (always(0, [Step(0, 60_000, 60, 1)]),))
    assert dear.compiled.denominator > 2**56
    assert_batch_equals_single([dear, plain], [[0, 1, 0], [1, 1, 1]], [START_S] * 3, [600_000, 60, 0])


def test_a_cost_that_fits_64_bits_only_until_it_is_rounded_goes_the_single_way():
    steps = [Step(0, 10**12, 1, 1), Step(60, 10**12, 604_799, 1)]  # 8 s: a numerator of 4.8e18, doubled by half-up
    dear = Tariff("UTC", (always(0, steps),), Rounding("half_up", 6))
    assert_batch_equals_single([dear], [[0] * 12], [START_S] * 12, list(range(12)))


def test_an_empty_batch_is_empty():
    tariff = Tariff("UTC", (always(0, [Step(0, 60_000, 60, 1)]),))
    costs = TariffTable([tariff]).price(np.zeros((2, 0), np.intp), np.array([], np.int64), np.array([], np.int64))
    assert costs.cost_micro.shape == (2, 0)
