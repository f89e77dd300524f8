"""Amounts: integers of 1/1,000,000 currency unit (`..._micro`), read and written as decimal text, rounded once.

Rules: charging.md 1, 2, 3 and 5. Nothing here uses floating point.
"""

import re
from fractions import Fraction
from typing import Literal

MICRO = 1_000_000
"""Parts of one currency unit."""

DECIMALS = 6
"""Decimals that an amount or a price can carry (charging.md 2)."""

FACTOR_ONE = 10**8
"""A currency factor of exactly 1: factors carry 8 decimals (charging.md 5)."""

PERCENT_MICRO = 100 * MICRO
"""100 % where percentages are integers of 1/1,000,000 of one per cent."""

PPM = 1_000_000
"""A whole, where rates of tax are parts per million (20 % = 200_000)."""

RoundingMethod = Literal["half_up", "up", "down", "none"]

_DECIMAL = re.compile(r"(?P<sign>[+-]?)(?P<units>\d{1,18})(?:\.(?P<parts>\d*))?", re.ASCII)


def parse_micro(text: str, decimals: int = DECIMALS) -> int:
    """Read a decimal text as micro-units, exactly; trailing zeros do not count as decimals.

    Raises ValueError with a message for people when it is no decimal number or finer than `decimals`.
    """
    assert 0 <= decimals <= DECIMALS
    match = _DECIMAL.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a decimal amount such as 12.345")
    parts = (match["parts"] or "").rstrip("0")
    if len(parts) > decimals:
        raise ValueError(f"{text!r} has more than {decimals} decimals")
    micro = int(match["units"]) * MICRO + int(parts.ljust(DECIMALS, "0"))
    return -micro if match["sign"] == "-" else micro


def format_micro(amount_micro: int, decimals: int = DECIMALS) -> str:
    """Write micro-units as decimal text with exactly `decimals` decimals; asserts that none is lost."""
    units, parts = divmod(abs(amount_micro), MICRO)
    text = f"{parts:0{DECIMALS}d}"
    assert not text[decimals:].strip("0"), f"{amount_micro} micro does not fit {decimals} decimals"
    sign = "-" if amount_micro < 0 else ""
    return f"{sign}{units}.{text[:decimals]}" if decimals else f"{sign}{units}"


def round_ratio(numerator: int, denominator: int, method: RoundingMethod, quantum: int = 1) -> int:
    """Round the exact amount numerator/denominator (micro-units) to a multiple of `quantum` (micro-units).

    The magnitude is rounded and the sign put back, so a refund mirrors its charge: `half_up` moves halves
    away from zero, `up` every remainder away from zero, `down` towards zero; `none` is `half_up`.
    """
    assert denominator > 0 and quantum > 0
    magnitude, step = abs(numerator), denominator * quantum
    if method == "down":
        count = magnitude // step
    elif method == "up":
        count = -(-magnitude // step)
    else:
        count = (2 * magnitude + step) // (2 * step)
    return -count * quantum if numerator < 0 else count * quantum


def quantum_micro(method: RoundingMethod, decimals: int) -> int:
    """Smallest step (micro-units) of a plan's rounding; `none` keeps all 6 decimals whatever `decimals` says."""
    return 1 if method == "none" else int(10 ** (DECIMALS - decimals))


def convert_micro(amount_micro: int, factor_e8: int) -> int:
    """Amount in another currency: times a factor of 8 decimals (1.0 = 10**8), half-up at 6 decimals."""
    return round_ratio(amount_micro * factor_e8, FACTOR_ONE, "half_up")


def factor_between(rate_from: Fraction, rate_to: Fraction) -> int:
    """Factor (8 decimals, half-up) from one currency to another by what one unit of a third is in each of them."""
    assert rate_from > 0 and rate_to > 0
    factor = rate_to / rate_from
    return round_ratio(factor.numerator * FACTOR_ONE, factor.denominator, "half_up")


def most_convertible_micro(credit_micro: int, factor_e8: int) -> int:
    """Largest amount whose `convert_micro` is at most the credit: an account's credit in a plan's currency."""
    assert factor_e8 > 0
    return -(-(2 * credit_micro + 1) * FACTOR_ONE // (2 * factor_e8)) - 1 if credit_micro >= 0 else -1
