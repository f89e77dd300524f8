"""One value of a price list: amount, interval. Exact: what finer than 1/1,000,000 unit is refused, never rounded."""

import re
from decimal import Decimal, InvalidOperation

from odoo.addons.telecom_base.tools.read_table import decimal_of
from odoo.addons.telecom_base.tools.refused import FileRefusedError

MICRO = 1_000_000
HIGHEST = Decimal(1_000_000)  # units, as the tables have it
LONGEST_S = 604_800  # a week, as the tables have it
MINUTE_S = 60
_AMOUNT = re.compile(r"(?:[A-Z]{3}|[^\w\s.,+-])? ?([+-]?[\d.,' ]*\d(?:[eE][+-]?\d+)?) ?(?:[A-Za-z]{3}|[^\w\s.,+-])?")
_INTERVALS = re.compile(r"(\d{1,6}) ?s? ?[/+:;-] ?(\d{1,6}) ?s?")
_WHOLE = re.compile(r"(\d{1,6})(?:[.,]0+)? ?(?:s|sec|seconds?)?", re.IGNORECASE)


def amount_micro(value, what, highest=HIGHEST):
    """Return an amount in micro units; None when the cell is empty. A spreadsheet's number: see `decimal_of`.

    With both marks the last one is the decimal mark; a single comma is a decimal comma.
    """
    if value is None or value == "":
        return None
    amount = (
        decimal_of(value) if isinstance(value, int | float) and not isinstance(value, bool) else _decimal(value, what)
    )
    if not amount.is_finite() or amount > highest:
        raise FileRefusedError(f"the {what} {str(value)[:40]} is more than {highest:,}")
    if amount < 0:
        raise FileRefusedError(f"the {what} {str(value)[:40]} is negative")
    micro = amount * MICRO
    if micro != int(micro):
        raise FileRefusedError(f"the {what} {amount:f} has more than 6 decimals: round it in the file")
    return int(micro)


def _decimal(value, what):
    text = str(value).strip()
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise FileRefusedError(f"{text[:40]!r} is no {what}: give a number")
    digits = match[1].replace(" ", "").replace("'", "")
    if digits.rfind(",") > digits.rfind("."):
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        raise FileRefusedError(f"{text[:40]!r} is no {what}: give a number") from error


def seconds(value, what, default, least=1):
    """Return whole seconds of a cell; `default` when it is empty."""
    if value is None or value == "":
        return default
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise FileRefusedError(f"{text[:40]!r} is no {what}: give whole seconds")
    if not least <= int(match[1]) <= LONGEST_S:
        raise FileRefusedError(f"the {what} {text[:40]} is not from {least} to {LONGEST_S:,} seconds")
    return int(match[1])


def intervals(value):
    """Return (first, next) of a cell like 60/60, 30+6 or 1-1; a single number is both. None when it is empty."""
    if value is None or value == "":
        return None
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    match = _INTERVALS.fullmatch(text)
    if match is None and not _WHOLE.fullmatch(text):
        raise FileRefusedError(f"{text[:40]!r} is no interval: write first/next in seconds, like 60/60")
    first, following = (match[1], match[2]) if match else (text, text)
    return seconds(first, "first interval", 1), seconds(following, "next interval", 1)
