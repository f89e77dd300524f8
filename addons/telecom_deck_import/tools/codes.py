"""Prefixes as decks write them: one, a list, a range, with the country code before or in a column of its own."""

import re

from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.addons.telecom_rating.tools.digits import PREFIX

MAX_CODES = 10_000  # of one line; a range of more is a mistake
_LIST = re.compile(r"[,;/|\n]+")
_RANGE = re.compile(r"(\+?[\d ()]+?) ?(?:-|–|\.\.|to|bis) ?(\d+)")
_PUNCTUATION = re.compile(r"[\s().]")
_SPOILT = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


def codes_of(country, cell):
    """Return the prefixes of one line, E.164 without +. `country`: cell of a country code column; None: there is none.

    Raises FileRefusedError, which says what is wrong and how to write it.
    """
    head = _plain(country) if country is not None else ""
    text = _text(cell)
    if country is not None and not head:
        raise FileRefusedError("the country code is missing")
    if not text:
        if head:
            return [_checked(head)]
        raise FileRefusedError("the code is missing")
    if head and text == head:
        return [_checked(head)]
    codes = [code for part in _LIST.split(text) if part.strip() for code in _part(head, part.strip())]
    if len(codes) > MAX_CODES:
        raise FileRefusedError(f"the line has more than {MAX_CODES:,} codes: is {text[:40]!r} one range?")
    return list(dict.fromkeys(codes))


def _text(cell):
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell if cell is not None else "").strip().removesuffix(".0")
    if _SPOILT.fullmatch(text):
        raise FileRefusedError(f"the code was cut to {text} by a spreadsheet: export the file again as .csv")
    return text


def _plain(cell):
    return _bare(_text(cell))


def _bare(text):
    return _PUNCTUATION.sub("", text).removeprefix("+").removeprefix("00")


def _part(head, text):
    """One member of a list: a code, a range, or digits in groups."""
    if match := _RANGE.fullmatch(text):
        first, last = _bare(match[1]), match[2]
        if len(last) <= len(first):
            return _range(head, first, last, text)
        text = first + last  # 1-242: a hyphen between country and area
    if " " in text and not text.startswith("+"):
        return _spaced(head, text)
    return [_checked(head + _bare(text))]


def _spaced(head, text):
    """`441 442 443` is a list; `44 20` could be one code as well as two."""
    parts = text.split()
    if len(parts[0]) < 3 and not head:
        raise FileRefusedError(f"it cannot be told if {text[:40]!r} is one code or several: put commas between codes")
    if len({len(part) for part in parts}) > 1 and not head:
        raise FileRefusedError(f"it cannot be told if {text[:40]!r} is one code or several: put commas between codes")
    return [_checked(head + _bare(part)) for part in parts]


def _range(head, first, last, text):
    """`4420-4425`, or shortened `4420-25`: all codes from the first to the last."""
    last = first[: len(first) - len(last)] + last
    if not first.isdigit() or int(last) < int(first):
        raise FileRefusedError(
            f"the range {text[:40]!r} ends before it begins: write 4420-4425, or the codes one by one"
        )
    if int(last) - int(first) >= MAX_CODES:
        raise FileRefusedError(f"the range {text[:40]!r} has more than {MAX_CODES:,} codes: give a shorter prefix")
    return [_checked(head + str(code).zfill(len(first))) for code in range(int(first), int(last) + 1)]


def _checked(code):
    if not PREFIX.fullmatch(code) or not code.isascii():
        raise FileRefusedError(
            f"{code[:40]!r} cannot be a prefix: 1 to 15 digits that begin with the country code"
            + (" (does the country code stand in another column?)" if code.startswith("0") else "")
        )
    return code
