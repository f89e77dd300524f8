"""Amounts at the edge: what people and files give us, as integers of 1/1,000,000 unit.

Stored amounts are exact (charging.md rule 1); Odoo's Float fields round silently, so a value is judged before the
field sees it.
"""

from decimal import Decimal, InvalidOperation

DIGITS = (20, 6)
MICRO = 1_000_000
MAX_UNITS = 1_000_000_000_000  # far below the 9.2e12 that a bigint of micro units holds
MAX_SIGNIFICANT_DIGITS = 15  # IEEE 754: any decimal of 15 digits comes back from a double as it was


class InexactAmountError(ValueError):
    """The value has no exact place in 1/1,000,000 units and in a float: too fine, too long, or not a number."""


def to_micro(value) -> int:
    """Return an amount (unit: currency unit; float, int, Decimal or text) as an integer of 1/1,000,000 unit.

    A float is taken by its shortest decimal text, as it was typed. Raises InexactAmountError.
    """
    try:
        amount = Decimal(repr(value) if isinstance(value, float) else str(value or 0))
    except InvalidOperation as error:
        raise InexactAmountError("not a number") from error
    if not amount.is_finite() or abs(amount) > MAX_UNITS:
        raise InexactAmountError("too big")
    micro = amount * MICRO
    if micro != int(micro):
        raise InexactAmountError("finer than 6 decimals")
    if len(amount.normalize().as_tuple().digits) > MAX_SIGNIFICANT_DIGITS:
        raise InexactAmountError("more than 15 digits")
    return int(micro)


def from_micro(micro: int) -> float:
    """Return 1/1,000,000 units as the nearest float, which is exact to the last unit up to 15 digits."""
    return float(Decimal(micro) / MICRO)


def as_typed(value) -> str:
    """Return an amount as a person would write it: 0.0000001, not 1e-07."""
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)
