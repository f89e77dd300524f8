"""Baseline of `rate.single`: the same rule and the same jumps, with amounts as decimal.Decimal.

Written as one would without integers, and as exact: an increment costs a Decimal over a common denominator (a sum of
quotients such as 1/60 could tip a rounding up), the sum is divided and quantised once.
"""

from datetime import datetime
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from telecom_switch_bridge.core.pricing import charged_seconds, instant_s
from telecom_switch_bridge.core.tariff import Tariff

MICRO = Decimal(1_000_000)
ROUNDINGS = {"half_up": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_DOWN, "none": ROUND_HALF_UP}


class DecimalCall(NamedTuple):
    """What the product's PricedCall tells, in Decimals."""

    cost: Decimal
    billed_s: int
    connect_fee: Decimal
    exact_cost: Decimal
    bound: str | None
    tariff: Tariff
    start_s: int
    charged_s: int


class DecimalTariff:
    """A tariff with its amounts as Decimals."""

    def __init__(self, tariff: Tariff) -> None:
        """Convert once, as a catalogue would."""
        self.tariff = tariff
        self.calendar = tariff.compiled.calendar
        self.denominator = Decimal(tariff.compiled.denominator)
        self.fees = [Decimal(band.connect_fee_micro) / MICRO for band in tariff.bands]
        self.steps = [
            [(until_s, increment_s, Decimal(numerator) / MICRO) for _, until_s, increment_s, numerator in steps]
            for steps in tariff.compiled.steps
        ]
        self.min_cost = Decimal(tariff.min_cost_micro) / MICRO
        self.max_cost = (
            Decimal(tariff.max_cost_micro or 0) / MICRO if tariff.max_cost_strategy == "free_after" else None
        )
        self.quantum = Decimal(1).scaleb(-6 if tariff.rounding.method == "none" else -tariff.rounding.decimals)
        self.rounding = ROUNDINGS[tariff.rounding.method]

    def price(self, answered_at: datetime, duration_s: int) -> DecimalCall:
        """Price one call, as `price_call` does."""
        start_s = instant_s(answered_at)
        charged_s = charged_seconds(self.tariff, duration_s)
        if charged_s == 0:
            return DecimalCall(Decimal(0), 0, Decimal(0), Decimal(0), None, self.tariff, start_s, 0)
        cost = fee = self.fees[self.calendar.at(start_s)[0]]
        cost *= self.denominator
        position_s = self.tariff.included_s
        while position_s < charged_s:
            band_index, band_ends_s = self.calendar.at(start_s + position_s)
            for step_ends_s, increment_s, increment_cost in self.steps[band_index]:  # noqa: B007  used after the loop
                if step_ends_s > position_s:
                    break
            run_ends_s = band_ends_s - start_s
            if step_ends_s < run_ends_s:  # noqa: PLR1730  as in the product's live path
                run_ends_s = step_ends_s
            if charged_s < run_ends_s:  # noqa: PLR1730
                run_ends_s = charged_s
            count = (run_ends_s - position_s + increment_s - 1) // increment_s
            cost += increment_cost * count
            position_s += count * increment_s
        cost /= self.denominator
        bound = None
        if cost < self.min_cost:
            cost, bound = self.min_cost, "min_cost"
        if self.max_cost is not None and cost > self.max_cost:
            cost, bound = self.max_cost, "max_cost"
        rounded = cost.quantize(self.quantum, self.rounding)
        billed_s = position_s - self.tariff.included_s
        return DecimalCall(rounded, billed_s, fee, cost, bound, self.tariff, start_s, charged_s)
