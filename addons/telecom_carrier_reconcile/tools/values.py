"""One value of a carrier's file: number, instant, duration, amount. What cannot be read is refused in words."""

import re
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from odoo.addons.telecom_base.tools.refused import FileRefusedError

MAX_SECONDS = 7 * 86_400
MAX_COST = Decimal(1_000_000)
MICRO = Decimal(1_000_000)
_HMS = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,]\d+)?")
_UNITS = re.compile(r"(?:(\d+) ?h[a-z]* ?)?(?:(\d+) ?m[a-z]* ?)?(?:(\d+) ?s[a-z]*)?", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SPOILT = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


def called_number(value, country_code, strip_prefix):
    """Return a called number in E.164 without +, as far as it can be told; `strip_prefix`: the carrier's own."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value or "").strip()
    if _SPOILT.fullmatch(text):
        raise FileRefusedError(f"the number was cut to {text} by a spreadsheet: export the file again as .csv")
    text = text.split(":", 1)[-1].split("@", 1)[0].split(";", 1)[0] if "sip:" in text or "tel:" in text else text
    international = text.startswith("+")
    digits = re.sub(r"[ ()./+-]", "", text.removesuffix(".0"))
    if not digits.isascii() or not digits.isdigit() or len(digits) > 32:
        raise FileRefusedError(f"{text[:40]!r} is no called number" if text else "the called number is missing")
    if strip_prefix and not international:
        digits = digits.removeprefix(strip_prefix)
    if digits.startswith("00"):
        return digits[2:]
    if digits.startswith("0") and country_code:
        return country_code + digits[1:]
    return digits


def seconds_of(value, unit):
    """Return a duration in seconds (float): a number of its unit, h:mm:ss, m:ss, 1m5s, or a time of a spreadsheet."""
    if isinstance(value, datetime):
        raise FileRefusedError(f"{value} is no duration")
    if isinstance(value, time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
    elif isinstance(value, timedelta):
        seconds = value.total_seconds()
    elif isinstance(value, int | float):
        seconds = value * _UNIT_S[unit]
    else:
        seconds = _seconds_of_text(str(value or "").strip(), unit)
    if not 0 <= seconds <= MAX_SECONDS:
        raise FileRefusedError(f"a duration of {value} is not possible")
    return seconds


_UNIT_S = {"seconds": 1, "minutes": 60, "ms": 0.001}


def _seconds_of_text(text, unit):
    if not text:
        raise FileRefusedError("the duration is missing")
    if _PLAIN_NUMBER.fullmatch(text):
        return float(text.replace(",", ".")) * _UNIT_S[unit]
    if match := _HMS.fullmatch(text):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    if match := _UNITS.fullmatch(text):
        return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + int(match[3] or 0)
    raise FileRefusedError(f"{text[:40]!r} is no duration")


def cost_micro(value):
    """Return an amount in micro units, half-up at 6 decimals; None when there is none.

    With both marks the last one is the decimal mark; a single comma is a decimal comma.
    """
    if value is None or value == "":
        return None
    text = repr(value) if isinstance(value, float) else str(value)
    digits = re.sub(r"[^0-9.,eE-]", "", text) if not isinstance(value, float) else text
    if digits.rfind(",") > digits.rfind("."):
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    try:
        amount = Decimal(digits)
    except InvalidOperation as error:
        raise FileRefusedError(f"{text[:40]!r} is no amount") from error
    if not amount.is_finite() or abs(amount) > MAX_COST:
        raise FileRefusedError(f"an amount of {text[:40]} is not possible for one call")
    return int((amount * MICRO).quantize(Decimal(1), ROUND_HALF_UP))
