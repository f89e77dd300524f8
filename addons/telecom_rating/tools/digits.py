"""Digits of telephone numbers as people write them, and the prefixes that a number begins with."""

import re

PUNCTUATION = re.compile(r"[\s().\-/]")
PREFIX = re.compile(r"[1-9][0-9]{0,14}")  # ITU-T E.164: at most 15 digits, no country code begins with 0


def bare_digits(text: str | None) -> str:
    """Return a written number or prefix ('+44 20', '0044-20') as digits: + and 00 are the same prefix.

    What is no number stays as it is, to be refused by whoever knows what was asked for.
    """
    return PUNCTUATION.sub("", text or "").removeprefix("+").removeprefix("00")


def split_prefixes(text: str | None) -> list[str]:
    """Return the prefixes of a text, each once, in their order: '441 442, 443' has three.

    Where a + stands, spaces may be inside of a prefix ('+44 20'), so only commas, semicolons and lines separate.
    """
    separators = r"[,;\n]+" if "+" in (text or "") else r"[,;\s]+"
    return list(dict.fromkeys(filter(None, map(bare_digits, re.split(separators, text or "")))))


def leading_parts(e164: str) -> list[str]:
    """Return what a prefix of this number can look like, longest first."""
    return [e164[:length] for length in range(len(e164), 0, -1)]
