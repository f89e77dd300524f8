"""Regular expressions over digits, cut down digit by digit: which numbers are left after a prefix.

A pattern is a nested tuple; equal ones are one object's equal, so that "nothing tells them apart any more" is `==`.
Only what numbering plans use is read: digits, classes, \\d, groups, |, ?, {n}, {n,m}.
"""

from functools import lru_cache

DIGITS = "0123456789"
NEVER = ("never",)
END = ("end",)

Pattern = tuple


@lru_cache(maxsize=100_000)
def after(pattern: Pattern, digit: str) -> Pattern:
    """Return what may follow a digit; NEVER when no number begins with it."""
    kind = pattern[0]
    if kind == "any of":
        return END if digit in pattern[1] else NEVER
    if kind == "then":
        first = _then(after(pattern[1], digit), pattern[2])
        return _either((first, after(pattern[2], digit))) if _may_end(pattern[1]) else first
    if kind == "either":
        return _either(after(part, digit) for part in pattern[1])
    return NEVER


def read_pattern(text: str) -> Pattern:
    """Return the pattern of a regular expression. Raises ValueError for what is not read."""
    pattern, place = _read_either(text, 0)
    if place != len(text):
        raise ValueError(f"{text!r} is not read from character {place} on")
    return pattern


def either(patterns) -> Pattern:
    """Return the pattern of numbers that one of several has."""
    return _either(patterns)


def _then(first: Pattern, second: Pattern) -> Pattern:
    if NEVER in (first, second):
        return NEVER
    if END in (first, second):
        return second if first == END else first
    return ("then", first, second)


def _either(parts) -> Pattern:
    flat = set()
    for part in parts:
        if part[0] == "either":
            flat |= part[1]
        elif part != NEVER:
            flat.add(part)
    if len(flat) < 2:
        return flat.pop() if flat else NEVER
    return ("either", frozenset(flat))


@lru_cache(maxsize=100_000)
def _may_end(pattern: Pattern) -> bool:
    if pattern[0] == "then":
        return _may_end(pattern[1]) and _may_end(pattern[2])
    if pattern[0] == "either":
        return any(map(_may_end, pattern[1]))
    return pattern == END


def _read_either(text: str, place: int) -> tuple[Pattern, int]:
    parts = []
    while True:
        part, place = _read_row(text, place)
        parts.append(part)
        if text[place : place + 1] != "|":
            return _either(parts), place
        place += 1


def _read_row(text: str, place: int) -> tuple[Pattern, int]:
    items = []
    while place < len(text) and text[place] not in "|)":
        item, place = _read_one(text, place)
        item, place = _read_count(text, place, item)
        items.append(item)
    row = END
    for item in reversed(items):
        row = _then(item, row)
    return row, place


def _read_one(text: str, place: int) -> tuple[Pattern, int]:
    if text[place] == "(":
        inner, place = _read_either(text, place + (3 if text.startswith("(?:", place) else 1))
        if text[place : place + 1] != ")":
            raise ValueError(f"{text!r}: a group is not closed")
        return inner, place + 1
    if text[place] == "[":
        end = text.index("]", place)
        return ("any of", _class(text[place + 1 : end])), end + 1
    if text.startswith("\\d", place):
        return ("any of", DIGITS), place + 2
    if text[place] not in DIGITS:
        raise ValueError(f"{text!r}: {text[place]!r} is not read")
    return ("any of", text[place]), place + 1


def _class(body: str) -> str:
    """Return the digits of a class such as 2-57, ascending."""
    found, place = set(), 0
    while place < len(body):
        if body[place + 1 : place + 2] == "-":
            found.update(DIGITS[int(body[place]) : int(body[place + 2]) + 1])
            place += 3
        else:
            found.add(DIGITS[int(body[place])])
            place += 1
    return "".join(sorted(found))


def _read_count(text: str, place: int, item: Pattern) -> tuple[Pattern, int]:
    """Return the item as often as the text says after it."""
    if text[place : place + 1] == "?":
        return _either((item, END)), place + 1
    if text[place : place + 1] != "{":
        return item, place
    end = text.index("}", place)
    least, _comma, most = text[place + 1 : end].partition(",")
    many = END
    for _ in range(int(most or least) - int(least)):
        many = _either((END, _then(item, many)))
    for _ in range(int(least)):
        many = _then(item, many)
    return many, end + 1
