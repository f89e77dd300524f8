"""A running call's price table: plain values from which a page works out the cost at any second by itself.

Charging.md 14. Numbers that may exceed 2^53 are decimal text, because JavaScript reads them (`meter.js` is the same
rule there). `metered(meter_of(tariff, at, ...), s)` equals `charge_of(price_call(tariff, at, s), rule)` for each
second.
"""

from datetime import datetime
from typing import Any, NamedTuple

from .charge import NO_TAX, ChargeRule, Part, part_micro
from .money import FACTOR_ONE, convert_micro
from .pricing import instant_s, segments_of
from .tariff import Tariff, prepared_rounding

Meter = dict[str, Any]


class Metered(NamedTuple):
    """What a call has cost so far (micro-units)."""

    net_micro: int
    gross_micro: int


def meter_of(tariff: Tariff, answered_at: datetime, max_s: int, rule: ChargeRule = NO_TAX) -> Meter:
    """Table of a call that was answered at an aware instant, good for its first `max_s` seconds.

    `runs`: (first second, increment in seconds, cost of one increment); costs and limits are numerators over
    `denominator` micro-units; `rounding` is (scale, addend, divisor, quantum); `parts` are the taxes (`charge.Part`).
    """
    calendar, denominator, fees_micro, *_ = tariff.compiled
    _, up, down, from_amount, parts = rule.compiled
    start_s = instant_s(answered_at)
    segments = segments_of(tariff, start_s, max(max_s, tariff.min_duration_s))
    ceiling_micro = tariff.max_cost_micro if tariff.max_cost_strategy == "free_after" else None
    return {
        "denominator": str(denominator * down),
        "fee": str(fees_micro[calendar.at(start_s)[0]] * denominator * up),
        "runs": [[s.from_s, s.seconds // s.increments, str(s.numerator * up // s.increments)] for s in segments],
        "rounding": [str(part) for part in prepared_rounding(tariff.rounding, denominator * down)],
        "min_duration_s": tariff.min_duration_s,
        "grace_s": tariff.grace_s,
        "grace_mode": tariff.grace_mode,
        "floor": str(tariff.min_cost_micro * denominator * up),
        "ceiling": None if ceiling_micro is None else str(ceiling_micro * denominator * up),
        "factor": str(rule.factor_e8),
        "from_amount": from_amount,
        "parts": [[part.contained, str(part.of_price), str(part.flat), str(part.whole)] for part in parts],
    }


def metered(meter: Meter, duration_s: int) -> Metered:
    """Cost after so many answered whole seconds; 0 while nobody has answered."""
    charged_s = _charged_s(meter, duration_s)
    if charged_s <= 0:
        return Metered(0, 0)
    return _taxed(meter, _numerator(meter, charged_s))


def _numerator(meter: Meter, charged_s: int) -> int:
    """Exact price of so many charged seconds, within floor and ceiling."""
    numerator = int(meter["fee"])
    runs = meter["runs"]
    for index, (from_s, increment_s, increment) in enumerate(runs):
        until_s = runs[index + 1][0] if index + 1 < len(runs) else charged_s
        covered_s = min(charged_s, until_s) - from_s
        if covered_s <= 0:
            break
        numerator += -(-covered_s // increment_s) * int(increment)
    numerator = max(numerator, int(meter["floor"]))
    return numerator if meter["ceiling"] is None else min(numerator, int(meter["ceiling"]))


def _taxed(meter: Meter, numerator: int) -> Metered:
    """`charge.charged` from the table."""
    scale, addend, divisor, quantum = map(int, meter["rounding"])
    factor_e8, denominator = int(meter["factor"]), int(meter["denominator"]) * FACTOR_ONE
    amount_micro = convert_micro((numerator * scale + addend) // divisor * quantum, factor_e8)
    base = (amount_micro, 1) if meter["from_amount"] else (numerator * factor_e8, denominator)
    net_micro = gross_micro = amount_micro
    for contained, *fraction in meter["parts"]:
        tax_micro = part_micro(Part(contained, *map(int, fraction)), *base)
        net_micro -= tax_micro if contained else 0
        gross_micro += 0 if contained else tax_micro
    return Metered(net_micro, gross_micro)


def _charged_s(meter: Meter, duration_s: int) -> int:
    """Seconds that count after minimum and grace time."""
    if duration_s <= 0:
        return 0
    counted_s: int = max(duration_s, meter["min_duration_s"])
    if meter["grace_mode"] == "subtract":
        return counted_s - int(meter["grace_s"])
    if meter["grace_mode"] == "free_if_not_longer" and counted_s <= meter["grace_s"]:
        return 0
    return counted_s
