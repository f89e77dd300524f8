"""Pricing: batches against the single-call path, and that against the same rule with decimal.Decimal.

Calls of one summer month in the order of their answers (fixed seed), exponential with a mean of 100 s, so that 30 %
reach the second step at 120 s. Three levels (wholesale, +20 %, +10 %), two bands, 10 included seconds.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from telecom_switch_bridge.core.batch import TariffTable
from telecom_switch_bridge.core.markup import marked_up
from telecom_switch_bridge.core.rating import Band, Rounding, Step, Tariff, always, price_call
from tests.bench._decimal_rule import DecimalTariff
from tests.bench.figures import Figure, compare, rate_of

BATCH_CALLS, SINGLE_CALLS = 200_000, 10_000
JULY_S, MONTH_S = 1_782_864_000, 31 * 86_400
SEED = 20_260_701


def levels() -> list[Tariff]:
    """Wholesale tariff and two mark-ups upon it."""
    peak_steps = (Step(0, 120_000, 60, 30), Step(120, 90_000, 60, 6))
    peak = Band("peak", (1, 2, 3, 4, 5), 8 * 3600, 20 * 3600, 20, None, 50_000, peak_steps)
    other = always(20_000, [Step(0, 40_000, 60, 1), Step(120, 30_000, 60, 1)])
    wholesale = Tariff("Europe/Berlin", (peak, other), Rounding("half_up", 4), included_s=10)
    reseller = marked_up(wholesale, percent_micro=20_000_000)
    return [wholesale, reseller, marked_up(reseller, percent_micro=10_000_000)]


def figures() -> Iterator[Figure]:
    """rate.batch and rate.single; the costs of all paths are compared before anything is measured."""
    tariffs = levels()
    random = np.random.default_rng(SEED)
    starts_s = np.sort(random.integers(JULY_S, JULY_S + MONTH_S, BATCH_CALLS))
    durations_s = np.ceil(random.exponential(100, BATCH_CALLS)).astype(np.int64)
    table, numbers = TariffTable(tariffs), np.repeat(np.arange(len(tariffs))[:, None], BATCH_CALLS, axis=1)
    seconds = list(zip(starts_s[:SINGLE_CALLS].tolist(), durations_s[:SINGLE_CALLS].tolist(), strict=True))
    calls = [(datetime.fromtimestamp(start_s, UTC), duration_s) for start_s, duration_s in seconds]
    slow = [DecimalTariff(tariff) for tariff in tariffs]

    def single() -> list[int]:
        return [price_call(tariff, at, duration_s).cost_micro for at, duration_s in calls for tariff in tariffs]

    def decimal() -> list[Decimal]:
        return [tariff.price(at, duration_s).cost for at, duration_s in calls for tariff in slow]

    def batch() -> np.ndarray:
        return table.price(numbers, starts_s, durations_s).cost_micro

    costs = single()
    assert costs == batch()[:, :SINGLE_CALLS].T.ravel().tolist(), "batch and single path differ"
    assert costs == [int(cost * 1_000_000) for cost in decimal()], "Decimal baseline differs"
    share = float((durations_s > 120).mean())
    note = f"priced calls, 3 levels each, two bands, included seconds, {share:.0%} on a second step, one core"
    single_rate = rate_of(SINGLE_CALLS, single)
    yield compare(
        "rate.batch",
        "calls/s",
        rate_of(BATCH_CALLS, batch),
        "single-call path",
        single_rate,
        note=f"{note}; reach 8, stretch 15",
    )
    yield compare(
        "rate.single",
        "calls/s",
        single_rate,
        "the same rule in decimal.Decimal",
        rate_of(SINGLE_CALLS, decimal),
        note=f"{note}; reach 1.2, stretch 2",
    )
