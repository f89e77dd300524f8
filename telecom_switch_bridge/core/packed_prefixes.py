"""Prefixes as sorted integers: the longest prefix of a number by one bisection, 13 bytes a prefix.

A table of where the keys with the same first digits begin spares most steps of the bisection: each of them would read
memory that nobody has read lately.

A prefix is a number of 15 digits to the base of 11: digit d is d + 1, and 0 stands for "no digit". So a prefix is less
than everything that begins with it, no two prefixes are the same integer, and a short number never looks like a longer
prefix of zeros.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .prefix import MAX_DIGITS

BASE = 11
NONE = -1

SPANS = tuple(BASE ** (MAX_DIGITS - length) for length in range(MAX_DIGITS + 1))
"""How many integers begin with a prefix of so many digits."""

KEYS_A_HEAD = 8
"""So many keys or more there are for each place of the table of beginnings: half a byte a prefix at most."""

_DIGITS = str.maketrans("0123456789", "123456789a")

Int64 = npt.NDArray[np.int64]


def packed(digits: str) -> int:
    """A number or prefix of 1 to 15 digits as an integer of this module."""
    left_aligned: int = int(digits.translate(_DIGITS), BASE) * SPANS[len(digits)]
    return left_aligned


def packed_all(values: Int64, lengths: npt.NDArray[np.int8]) -> Int64:
    """The same for many, given as decimal integers (a prefix has no leading zero) and their lengths."""
    aligned = values * np.power(10, MAX_DIGITS - lengths.astype(np.int64))
    found = np.zeros(len(values), dtype=np.int64)
    for place in range(MAX_DIGITS):
        digit = aligned // 10 ** (MAX_DIGITS - 1 - place) % 10
        found += np.where(place < lengths, (digit + 1) * SPANS[place + 1], 0)
    return found


def unpacked(key: int, length: int) -> str:
    """Digits of a packed prefix."""
    digits = []
    for place in range(length):
        digit, key = divmod(key, SPANS[place + 1])
        digits.append(str(digit - 1))
    return "".join(digits)


class PackedPrefixes:
    """Sorted prefixes, unchanging; they are known by their places."""

    __slots__ = ("_begins", "_head", "_keys", "_lengths", "_parents", "keys", "lengths", "parents")

    def __init__(self, keys: Int64, lengths: npt.NDArray[np.int8]) -> None:
        """`keys` are packed, ascending and each there once."""
        self._keys, self._lengths = array("q", keys.tobytes()), array("b", lengths.astype(np.int8).tobytes())
        self.keys: Int64 = np.frombuffer(self._keys, dtype=np.int64)
        self.lengths: npt.NDArray[np.int8] = np.frombuffer(self._lengths, dtype=np.int8)
        self._parents = array("i", _parents(self.keys, self.lengths).tobytes())
        self.parents: npt.NDArray[np.int32] = np.frombuffer(self._parents, dtype=np.int32)
        self._head, self._begins = _heads(self.keys)

    def __len__(self) -> int:
        return len(self._keys)

    def longest(self, digits: str) -> int:
        """Place of the longest prefix of a number, or NONE."""
        if not (0 < len(digits) <= MAX_DIGITS and digits.isascii() and digits.isdecimal()):
            return NONE  # `is_digits` and `packed` written out: each route of each call comes through here
        number = int(digits.translate(_DIGITS), BASE) * SPANS[len(digits)]
        head, keys = number // self._head, self._keys
        place = bisect_right(keys, number, self._begins[head], self._begins[head + 1]) - 1
        while place >= 0 and number >= keys[place] + SPANS[self._lengths[place]]:
            place = self._parents[place]
        return place

    def parent(self, place: int) -> int:
        """Place of the longest other prefix that a prefix begins with, or NONE."""
        return self._parents[place]

    def enclosing(self, others: Int64) -> npt.NDArray[np.int32]:
        """Place of the longest prefix of each packed prefix (itself too), or NONE."""
        places = (np.searchsorted(self.keys, others, side="right") - 1).astype(np.int32)
        if not len(self):
            return places
        spans = np.array(SPANS, dtype=np.int64)
        while True:
            held = np.maximum(places, 0)
            wrong = np.flatnonzero((places >= 0) & (others >= self.keys[held] + spans[self.lengths[held]]))
            if not len(wrong):
                return places
            places[wrong] = self.parents[places[wrong]]

    def digits(self, place: int) -> str:
        """The prefix as text."""
        return unpacked(self._keys[place], self._lengths[place])


def _heads(keys: Int64) -> tuple[int, "array[int]"]:
    """How many integers have the same first digits, and where the keys of each such group begin."""
    digits = 0
    while digits < MAX_DIGITS and BASE ** (digits + 1) * KEYS_A_HEAD <= len(keys):
        digits += 1
    edges = np.arange(BASE**digits + 1) * SPANS[digits]
    return SPANS[digits], array("i", np.searchsorted(keys, edges).astype(np.int32).tobytes())


def _parents(keys: Int64, lengths: npt.NDArray[np.int8]) -> npt.NDArray[np.int32]:
    """Cut each prefix shorter, a digit at a time, until another one is found."""
    found = np.full(len(keys), NONE, dtype=np.int32)
    left: Sequence[int] | npt.NDArray[np.intp] = np.arange(len(keys))
    for length in range(MAX_DIGITS - 1, 0, -1):
        left = np.asarray(left)
        cut = left[lengths[left] > length]
        wanted = keys[cut] // SPANS[length] * SPANS[length]
        places = np.searchsorted(keys, wanted)
        hit = keys[np.minimum(places, len(keys) - 1)] == wanted
        found[cut[hit]] = places[hit]
        left = left[found[left] == NONE]
    return found
