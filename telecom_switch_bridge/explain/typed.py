"""What people type at `explain`: numbers with spaces and brackets, telephones by half a name. Live calls are strict."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from ..errors import Misused
from ..values import Phone

NEAR = 8
"""So many telephones are named when the one asked for is not there."""

_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015\u2212]")
"""What may stand between digits: spaces, brackets, dots, dashes (hyphen, en dash, minus and their like)."""

_OPTIONAL_ZERO = re.compile(r"\(\s*0\s*\)")
_DIALLED = re.compile(r"\+?[0-9*#]+", re.ASCII)


def typed_number(text: str) -> str:
    """What a telephone would send for a number as people write it.

    Misused, with the ways to say it, when it has two readings: `+44 (0)20 ...` has a zero that is dialled within the
    country only; and when it holds anything that is neither a digit nor stands between digits.
    """
    international = text.lstrip().startswith(("+", "00"))
    if international and _OPTIONAL_ZERO.search(text):
        without = _BETWEEN.sub("", _OPTIONAL_ZERO.sub("", text))
        raise Misused(
            f"{text!r} can be read in two ways: the (0) is dialled within the country only. "
            f"From abroad that is {without}; within the country leave out + and the country code, and write the 0"
        )
    dialled = _BETWEEN.sub("", text)
    if not _DIALLED.fullmatch(dialled):
        strange = sorted(set(re.sub(r"[0-9*#]", "", dialled.removeprefix("+"))))
        holds = f"holds {' '.join(strange)}" if strange else "has no digit"
        raise Misused(
            f"{text!r} is no number: it {holds}. Write digits (and *, #, a leading +); spaces, dashes, dots and "
            "brackets may stand between them"
        )
    return dialled


def bare(text: str) -> str:
    """An extension or own number as telephones have it: nothing between the digits, no +."""
    return _BETWEEN.sub("", text).removeprefix("+")


def find_phones(phones: Iterable[Phone], wanted: str) -> list[Phone]:
    """Telephones with this SIP user name; else all with this extension or own number."""
    known = list(phones)
    named = [phone for phone in known if phone.endpoint == wanted]
    digits = bare(wanted)
    return named or [phone for phone in known if digits and digits in (phone.extension, phone.cli_e164)]


def near_phones(phones: Iterable[Phone], wanted: str) -> list[str]:
    """SIP user names that look like the one asked for, else the first ones there are; at most 8."""
    words: dict[str, list[str]] = {}
    for phone in sorted(phones, key=lambda one: one.endpoint):
        for word in {phone.endpoint, phone.extension, phone.cli_e164 or phone.endpoint}:
            words.setdefault(word, []).append(phone.endpoint)
    wanted = wanted.strip().removeprefix("+")
    close = [word for word in words if wanted and wanted in word] or get_close_matches(wanted, words, NEAR, 0.5)
    found = [endpoint for word in (close or words) for endpoint in words[word]]
    return list(dict.fromkeys(found))[:NEAR]
