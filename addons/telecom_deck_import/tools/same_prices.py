"""Prices of a file that a deck has already, found for a million prefixes at once.

The rule is that of sql/pairs.sql: the row of the deck began with the file's price or before it, ends when that does and
has the same terms. Prefixes with several prices on either side are left to tools/timeline.py.
"""

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import NamedTuple

import numpy as np
from odoo.addons.telecom_base.tools.binary_rows import read_rows, write_rows

from .quick_lines import ascending, single

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPEN_US = 0  # an end that is open (sql/old_deck_numbers.sql)
COLUMNS = {
    "row_id": "bigint", "prefix": "bigint", "fee_micro": "bigint", "price_micro": "bigint", "unit_s": "integer",
    "first_s": "integer", "next_s": "integer", "included_s": "integer", "starts": "timestamptz", "ends": "timestamptz",
}  # fmt: skip


class OldRows(NamedTuple):
    """Rows of a deck: whole numbers, by COLUMNS; instants in microseconds since 1970."""

    columns: list

    @classmethod
    def fetch(cls, cr, select):
        return cls(read_rows(cr, select, list(COLUMNS.values())))

    def store(self, cr, table, wanted):
        """Write those that are wanted (a mask) into a table of such columns."""
        arrays = [column[wanted] for column in self.columns]
        write_rows(cr, table, list(COLUMNS), list(COLUMNS.values()), arrays)

    @property
    def key(self):
        return self.columns[1]

    @property
    def terms(self):
        return self.columns[2:8]

    @property
    def starts(self):
        return self.columns[8]

    @property
    def ends(self):
        return self.columns[9]


def same_prices(quick, old):
    """Return which rows of QuickLines say what the deck says already."""
    if not len(old.key):
        return np.zeros(len(quick.key), bool)
    order = None if ascending(old.key) else np.argsort(old.key, kind="stable")
    at = np.minimum(np.searchsorted(old.key, quick.key, sorter=order), len(old.key) - 1)
    at = at if order is None else order[at]
    if len(at) == len(old.key) and (at == np.arange(len(at))).all():
        at = slice(None)  # the file has the deck's own order, as most files have: nothing needs to be put in order
    numbers = chain.from_iterable(map(_numbers, quick.tails))  # of each tail; it may be millions
    starts, ends, *terms = np.fromiter(numbers, np.int64).reshape(len(quick.tails), -1).T
    alike = (old.key[at] == quick.key) & single(quick.key) & single(old.key)[at]
    alike &= (old.starts[at] <= _of_each(starts, quick.tail)) & (old.ends[at] == _of_each(ends, quick.tail))
    for column, new in zip(old.terms, terms, strict=True):
        alike &= column[at] == _of_each(new, quick.tail)
    return alike


def _of_each(values, tail):
    """Return the value of each row's tail; one number when all have the same."""
    return values[0] if (values == values[0]).all() else values[tail]


def _numbers(tail):
    """Return start, end and terms of a line of COPY as whole numbers; of an empty one (its price is over) zeros."""
    if not tail:
        return [0] * (len(COLUMNS) - 2)
    starts, ends, *terms, _extra = tail.split("\t")
    return [_us(starts), OPEN_US if ends == "\\N" else _us(ends), *map(int, terms)]


def _us(text):
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)
