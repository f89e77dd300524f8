"""A plain .csv as numpy arrays: what most carriers send, a million lines in a second.

Lines that say the same but for the code are parsed once, by the reader that goes line by line. To that one all is left
that is out of the ordinary or wrong (quotes, lines of another width, a bad line): it says what and where.
"""

from typing import NamedTuple

import numpy as np
from odoo.addons.telecom_base.tools.read_table import MAX_CELL, MAX_CELLS, plain_text
from odoo.addons.telecom_base.tools.refused import FileRefusedError

from .parse import COPIED, LIMITS, MAX_PREFIXES, TERMS, WholeFileError

LONGEST_TERM = 64  # bytes of a price, date or interval; what is longer is no plain price list
MAX_DIGITS = 15  # E.164
WORD = 8  # bytes that are compared as one number
MOST_ODD = 100_000  # lines whose code is a list, a range or in groups; with more of them nothing would be quick
SAMPLE = 10_000
MANY_CODES = 2**31
HASH_BITS, MOST_HASHED = 20, 2_000  # of so many, one multiplier in some has no two at one place
NEWLINE, RETURN, ZERO = 10, 13, 48


class QuickLines(NamedTuple):
    """A row for each prefix of each line: number of the line, prefix, place of its terms in `tails` (the text that COPY
    takes, see `PriceReader`), and where in `data` the name begins and ends (None: the file has no names)."""

    line: np.ndarray
    key: np.ndarray
    tail: np.ndarray
    name: np.ndarray | None
    tails: list
    data: bytes
    codec: str
    lines: int
    ended: int

    def name_of(self, row):
        """Return the name on the line of a row."""
        begin, end = self.name[row]
        return self.data[begin:end].decode(self.codec).strip()

    def copy_lines(self, rows):
        """Yield the lines of a COPY into price_new."""
        for text in self.texts(rows):
            yield f"{text}\n"

    def texts(self, rows):
        """Yield number of the line, prefix, name and terms of rows, as COPY takes them."""
        columns = (self.line[rows].tolist(), self.key[rows].tolist(), self.tail[rows].tolist(), rows.tolist())
        for line, key, tail, row in zip(*columns, strict=True):
            name = "\\N" if self.name is None else self.name_of(row).translate(COPIED)
            yield f"{line}\t{key}\t{name}\t{self.tails[tail]}"


def quick_lines(reader, begun=None):
    """Return the QuickLines of a reader's file, and set what it counted; None: it has to be read line by line.

    `begun` is called once the lines look like plain ones.
    """
    try:
        found = _Quick(reader.again(), begun).lines()
    except (FileRefusedError, WholeFileError):
        return None  # read line by line it says where
    if found is not None:
        reader.lines, reader.ended, reader.count = found.lines, found.ended, len(found.key)
        reader.repeated = set(map(str, found.key[~single(found.key)].tolist()))
    return found


def single(keys):
    """True for those that are there once."""
    if ascending(keys):
        return np.ones(len(keys), bool)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    found = np.empty(len(keys), bool)
    found[order] = (np.diff(ordered, prepend=-1) != 0) & (np.diff(ordered, append=-1) != 0)
    return found


def ascending(keys):
    """Return whether each is greater than the one before."""
    return bool((keys[1:] > keys[:-1]).all())


class _Quick:
    """One reading."""

    def __init__(self, reader, begun):
        self._reader, self._layout, self._begun = reader, reader.layout, begun

    def lines(self):
        """Return the QuickLines; None: the slow way is to be gone."""
        table = self._split()
        if table is None:
            return None
        tails, tail_of = self._tails(table)
        keys, plain = self._plain_keys(table)
        over = np.array([not tail for tail in tails], dtype=bool)[tail_of]
        row, odd = np.flatnonzero(plain), np.flatnonzero(~plain)
        keys = keys[row]
        if len(odd) > MOST_ODD:
            return None
        if len(odd):
            odd_rows, odd_keys = self._odd(table, odd)
            row, keys = np.concatenate([row, odd_rows]), np.concatenate([keys, odd_keys])
            order = np.argsort(row, kind="stable")
            row, keys = row[order], keys[order]
        counts = ~over[row]
        row, keys = row[counts], keys[counts]
        if len(keys) > MAX_PREFIXES or not len(keys):
            return None
        place = self._place("name", "group")
        name = None if place is None else np.stack(table.cell(place), axis=1)[row]
        ended = int(over.sum())
        return QuickLines(table.line[row], keys, tail_of[row], name, tails, table.data, table.codec, len(over), ended)

    def _split(self):
        """Return the lines as a _Table; None when they are not all of one width."""
        data = self._reader.data
        codec, delimiter = plain_text(data, self._layout.encoding, LIMITS)
        if codec is None or b'"' in data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
            return None
        if self._begun is not None:
            self._begun()
        buffer = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(buffer == NEWLINE)
        if not len(buffer) or buffer[-1] != NEWLINE:
            ends = np.append(ends, len(buffer))
        starts = np.zeros_like(ends)
        np.add(ends[:-1], 1, out=starts[1:])
        if len(ends) > LIMITS.max_rows or (ends - starts).max() > MAX_CELL:
            return None
        number = np.arange(1, len(ends) + 1)[self._layout.header_line :]
        starts, ends = starts[self._layout.header_line :], ends[self._layout.header_line :]
        if b"\r" in data:
            ends = ends - ((ends > starts) & (buffer[np.maximum(ends - 1, 0)] == RETURN))
        there = ends > starts
        if not there.all():
            number, starts, ends = number[there], starts[there], ends[there]
        if not len(ends):
            return None
        self._reader.tell(int(number[len(number) // 2]))
        marks = self._marks(np.flatnonzero(buffer == ord(delimiter)), starts, ends)
        if marks is None:
            return None
        padded = np.append(buffer, np.zeros(LONGEST_TERM + WORD, np.uint8))
        return _Table(data, codec, delimiter, buffer, padded, number, starts, ends, marks)

    def _marks(self, marks, starts, ends):
        """Return the delimiters of each line, a row a line; None when not all have as many."""
        marks = marks[np.searchsorted(marks, starts[0]) : np.searchsorted(marks, ends[-1])]
        width, rest = divmod(len(marks), len(ends))
        if rest or width < max(self._layout.places.values()) or width >= MAX_CELLS:
            return None
        marks = marks.reshape(-1, width)
        return None if (marks[:, 0] < starts).any() or (marks[:, -1] >= ends).any() else marks

    def _place(self, *names):
        return next((self._layout.places[name] for name in names if name in self._layout.places), None)

    def _tails(self, table):
        """Return the different terms as text, in the order of their first lines, and for each line which it has."""
        used = [self._layout.places[name] for name in TERMS if name in self._layout.places]
        code, count, is_dense = np.zeros(len(table.line), np.int64), 1, True  # dense: each of `count` codes is there
        for place in used:
            for word in table.words(place):
                if (word != word[0]).any():
                    known, number = numbered(word)
                    code, count, is_dense = code * len(known) + number, count * len(known), count == 1
                    if count > MANY_CODES:
                        code, count, is_dense = *_dense(code), True
        if not is_dense:
            code, count = _dense(code)
        first = np.empty(count, np.int64)
        first[code[::-1]] = np.arange(len(code) - 1, -1, -1)  # of several the one that is written last stays
        order = np.argsort(first)
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        tails = [self._reader.tail(table.cells(row)) for row in first[order].tolist()]
        return tails, rank[code]

    def _plain_keys(self, table):
        """Return codes that are digits alone as integers, and which those are."""
        if "country" in self._layout.places:
            return np.zeros(len(table.line), np.int64), np.zeros(len(table.line), bool)
        place = self._layout.places["code"]
        begin, end = table.cell(place)
        length = end - begin
        good = (length > 0) & (length <= MAX_DIGITS) & (table.padded[begin] != ZERO)
        keys = np.zeros(len(begin), np.int64)
        for offset, word in zip(range(0, MAX_DIGITS, WORD), table.words(place), strict=False):
            value, is_number = digits_of(word, size := _sizes(length, offset))
            keys = keys * _TENS[size] + value
            good &= is_number
        return keys, good

    def _odd(self, table, odd):
        """Return (row, prefix) of lines whose code is something else."""
        rows, keys = [], []
        for row in odd.tolist():
            found = self._reader.keys(table.cells(row))
            rows += [row] * len(found)
            keys += [int(key) for key in found]
        return np.array(rows, np.int64), np.array(keys, np.int64)


class _Table(NamedTuple):
    """Lines of one width: numbers, first and last byte, places of delimiters; `padded`: `buffer` and some zeros."""

    data: bytes
    codec: str
    delimiter: str
    buffer: np.ndarray
    padded: np.ndarray
    line: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    marks: np.ndarray

    def cell(self, place):
        """Return where the cells of a column begin, and where they end."""
        begin = self.starts if place == 0 else self.marks[:, place - 1] + 1
        end = self.ends if place == self.marks.shape[1] else self.marks[:, place]
        return begin, end

    def cells(self, row):
        """Return the cells of one line, as the slow reader has them."""
        line = self.data[self.starts[row] : self.ends[row]].decode(self.codec)
        return [cell.strip() for cell in line.split(self.delimiter)]

    def words(self, place):
        """Yield the cells of a column as integers, eight bytes at a time; zeros behind the end."""
        begin, end = self.cell(place)
        length = end - begin
        longest = int(length.max())
        if longest > LONGEST_TERM:
            raise FileRefusedError("not for the quick way")
        everywhere = np.ndarray(len(self.padded) - WORD, "<u8", self.padded, strides=(1,))  # a word from each byte on
        for offset in range(0, longest, WORD):
            word = everywhere[begin + offset if offset else begin]
            word &= _MASKS[_sizes(length, offset)]
            yield word


def _sizes(length, offset):
    """Return how many bytes cells of some lengths have in the word at `offset`; one number when all have as many."""
    fewest, most = (min(max(int(edge) - offset, 0), WORD) for edge in (length.min(), length.max()))
    return most if fewest == most else np.clip(length - offset, 0, WORD)


_MASKS = np.array([(1 << 8 * size) - 1 for size in range(WORD + 1)], np.uint64)
_SHIFTS = np.array([(WORD - size) * 8 % 64 for size in range(WORD + 1)], np.uint64)
_TENS = np.array([10**size for size in range(WORD + 1)], np.int64)
_HASH_SHIFT = np.uint64(64 - HASH_BITS)
_MULTIPLIERS = [np.uint64(0x9E3779B97F4A7C15 * odd % 2**64) for odd in range(1, 17, 2)]  # 2**64 / golden ratio, odd
_ZEROS, _ABOVE_NINE, _HIGH_BITS = (np.uint64(byte * 0x0101010101010101) for byte in (0x30, 0x46, 0x80))
_PAIRS = np.uint64(0x000000FF000000FF)


def digits_of(word, size):
    """Return the numbers that `size` digits in words of eight bytes are, and which of them are digits alone.

    The first byte is the lowest one. Pairs of digits are put together, then pairs of pairs, in all words at once.
    """
    digits = word - (_ZEROS & _MASKS[size])
    is_number = ((word + _ABOVE_NINE) | digits) & _HIGH_BITS == 0
    digits <<= _SHIFTS[size]
    digits = digits * np.uint64(10) + (digits >> np.uint64(8))
    high = (digits & _PAIRS) * np.uint64(0x000F424000000064)  # 100 and 1,000,000
    low = ((digits >> np.uint64(16)) & _PAIRS) * np.uint64(0x0000271000000001)  # 1 and 10,000
    return ((high + low) >> np.uint64(32)).astype(np.int64), is_number


def _dense(code):
    known, code = numbered(code)
    return code, len(known)


def numbered(values):
    """Return the different values in order, and for each which of them it is. As numpy's `unique`, but quick when there
    are few different ones: those of a sample are looked up."""
    known = np.unique(values[:: 1 + len(values) // SAMPLE])
    for _ in range(2):
        number = _looked_up(known, values)
        missing = known[number] != values
        if not missing.any():
            return known, number
        if np.count_nonzero(missing) > SAMPLE:
            break
        known = np.union1d(known, values[missing])
    return np.unique(values, return_inverse=True)


def _looked_up(known, values):
    """Return for each value where it may be among the known ones: where it is, if it is there at all.

    By a table of places, if some multiplier sends all known ones to different ones: a third of the time of a search.
    """
    if len(known) <= MOST_HASHED:
        for multiplier in _MULTIPLIERS:
            place = known.astype(np.uint64) * multiplier >> _HASH_SHIFT
            if len(np.unique(place)) == len(known):
                table = np.zeros(1 << HASH_BITS, np.int64)
                table[place] = np.arange(len(known))
                return table[values.astype(np.uint64) * multiplier >> _HASH_SHIFT]
    return np.minimum(np.searchsorted(known, values), len(known) - 1)
