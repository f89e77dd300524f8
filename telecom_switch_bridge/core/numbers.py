"""Dialled digits to E.164: what a telephone sends, read with the numbering habits of its country."""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers

MIN_E164_DIGITS = 7
"""Shortest complete international number accepted: country code and a subscriber of the smallest networks."""

MAX_E164_DIGITS = 15
"""ITU-T E.164, 6.2.1."""


class NumberFault(StrEnum):
    """Why dialled digits are no number."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_COUNTRY = "no_country"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Dialled digits that cannot be called, as a value: the caller can cause it."""

    fault: NumberFault


def is_emergency(dialled: str, emergency_numbers: Container[str]) -> bool:
    """True when the dialled digits are one of the country's emergency numbers (data passed in); test this first."""
    return dialled in emergency_numbers


def normalise_dialled(
    dialled: str, country_code: str, national_prefix: str = "0", international_prefix: str = "00"
) -> str | Refusal:
    """E.164 without + of what was dialled, or why not.

    `+` or the international prefix: international. The national prefix: a number of the country. Neither: a national
    number where the country has no national prefix, else whichever of "already E.164" and "national" is a valid
    number, own country first; if none is valid it is taken as E.164, and rating decides whether it can be called.
    """
    plus, digits = dialled.startswith("+"), dialled.removeprefix("+")
    if not digits:
        return Refusal(NumberFault.EMPTY)
    if not (digits.isascii() and digits.isdecimal()):
        return Refusal(NumberFault.NOT_DIGITS)
    e164 = digits if plus else _international(digits, country_code, national_prefix, international_prefix)
    fault = _fault(e164)
    return e164 if fault is None else Refusal(fault)


def _fault(e164: str) -> NumberFault | None:
    if len(e164) > MAX_E164_DIGITS:
        return NumberFault.TOO_LONG
    if len(e164) < MIN_E164_DIGITS:
        return NumberFault.TOO_SHORT
    return NumberFault.NO_COUNTRY if e164.startswith("0") else None  # no country code begins with 0


def _international(digits: str, country_code: str, national_prefix: str, international_prefix: str) -> str:
    if international_prefix and digits.startswith(international_prefix):
        return digits.removeprefix(international_prefix)
    if not national_prefix:
        return country_code + digits
    if digits.startswith(national_prefix):
        return country_code + digits.removeprefix(national_prefix)
    return _bare(digits, country_code)


def _bare(digits: str, country_code: str) -> str:
    """A number without any prefix, as trunks and subscribers of other PBX send it."""
    if digits.startswith(country_code) and _is_valid(digits):
        return digits
    return country_code + digits if _is_valid(country_code + digits) else digits


@lru_cache(maxsize=65_536)
def _is_valid(e164: str) -> bool:
    """Known to the numbering plans in `phonenumbers`; cached, a look-up takes about 50 microseconds."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse("+" + e164))
    except phonenumbers.NumberParseException:
        return False
