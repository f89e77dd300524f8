"""Instants as files write them, in any usual form; what cannot be read is refused in words."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from .refused import FileRefusedError

_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?(?: ?([AaPp])\.?[Mm]\.?)?"
_OFFSET = r" ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:[T ]+{_CLOCK})?{_OFFSET}")
_LOCAL = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}})(?:[T ,]+{_CLOCK})?{_OFFSET}")
_NAMED = re.compile(rf"(\d{{1,2}})([- ])([A-Za-z]{{3}})[a-z]*\2(\d{{4}}|\d{{2}})(?:[T ,]+{_CLOCK})?{_OFFSET}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})[T ]?(\d{2})(\d{2})(\d{2})Z?")
_EPOCH = re.compile(r"(\d{9,10})(?:\.(\d{1,6})\d*)?")
_EPOCH_MS = re.compile(r"\d{12,13}")
_MONTHS = dict(zip(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), range(1, 13), strict=True))


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
