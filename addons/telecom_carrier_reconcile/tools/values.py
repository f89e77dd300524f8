"""One value of a carrier's file: number, instant, duration, amount. What cannot be read is refused in words."""

import re
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from .refused import FileRefusedError

MAX_SECONDS = 7 * 86_400
MAX_COST = Decimal(1_000_000)
MICRO = Decimal(1_000_000)
_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?(?: ?([AaPp])\.?[Mm]\.?)?"
_OFFSET = r" ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:[T ]+{_CLOCK})?{_OFFSET}")
_LOCAL = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}})(?:[T ,]+{_CLOCK})?{_OFFSET}")
_NAMED = re.compile(rf"(\d{{1,2}})([- ])([A-Za-z]{{3}})[a-z]*\2(\d{{4}}|\d{{2}})(?:[T ,]+{_CLOCK})?{_OFFSET}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})[T ]?(\d{2})(\d{2})(\d{2})Z?")
_EPOCH = re.compile(r"(\d{9,10})(?:\.(\d{1,6})\d*)?")
_EPOCH_MS = re.compile(r"\d{12,13}")
_MONTHS = dict(zip(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), range(1, 13), strict=True))
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


def family_of(value):
    """Return how an instant is written: one form a file. None: in no form that is known."""
    if isinstance(value, datetime):
        return "a date of the spreadsheet"
    text = str(value).strip()
    for name, pattern in (("year first", _ISO), ("two numbers first", _LOCAL), ("month by name", _NAMED)):
        if match := pattern.fullmatch(text):
            return f"{name} {match[2]}"
    for name, pattern in (("compact", _COMPACT), ("epoch", _EPOCH), ("epoch ms", _EPOCH_MS)):
        if pattern.fullmatch(text):
            return name
    return None


def order_evidence(value):
    """Return 'dmy' or 'mdy' when a date of two numbers first can be only that; else None."""
    match = None if isinstance(value, datetime) else _LOCAL.fullmatch(str(value).strip())
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    return "dmy" if first > 12 else "mdy" if second > 12 else None


def instant(value, timezone, order):
    """Return an instant as milliseconds of the epoch; a value without an offset is local to `timezone`."""
    if isinstance(value, datetime):
        return _to_ms(value, None, timezone)
    text = str(value).strip()
    if match := _ISO.fullmatch(text):
        year, month, day, rest = match[1], match[3], match[4], match.groups()[4:]
    elif match := _LOCAL.fullmatch(text):
        day, month = (match[1], match[3]) if order != "mdy" else (match[3], match[1])
        year, rest = match[4], match.groups()[4:]
    elif match := _NAMED.fullmatch(text):
        day, month, year, rest = match[1], _MONTHS.get(match[3].lower(), 0), match[4], match.groups()[4:]
    elif match := _COMPACT.fullmatch(text):
        year, month, day, *clock = match.groups()
        rest = (*clock, None, None, "Z" if text.endswith("Z") else None)
    elif match := _EPOCH.fullmatch(text):
        return int(match[1]) * 1000 + int((match[2] or "0").ljust(6, "0")) // 1000
    elif _EPOCH_MS.fullmatch(text):
        return int(text)
    else:
        raise FileRefusedError(f"{text[:40]!r} is no date and time")
    *clock, half, offset = rest
    hour, minute, second, fraction = (int(part or 0) for part in (*clock[:3], (clock[3] or "0").ljust(6, "0")))
    if half:
        hour = hour % 12 + (12 if half in "Pp" else 0)
    try:
        full_year = int(year) + (2000 if len(str(year)) == 2 else 0)
        moment = datetime(full_year, int(month), int(day), hour, minute, second, fraction)
    except ValueError as error:
        raise FileRefusedError(f"{text[:40]!r} is no date and time ({error})") from error
    return _to_ms(moment, offset, timezone)


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


def _to_ms(moment, offset, timezone):
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone(timezone) if offset is None else _offset(offset))
    return round(moment.timestamp() * 1000)


@lru_cache(maxsize=64)
def _zone(name):
    return ZoneInfo(name)


@lru_cache(maxsize=64)
def _offset(text):
    if text[0] not in "+-":
        return UTC
    return datetime.strptime(text.replace(":", ""), "%z").tzinfo
