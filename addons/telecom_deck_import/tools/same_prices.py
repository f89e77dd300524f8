"""Prices of a file beside those of a deck, for a million prefixes at once.

The rule is that of sql/pairs.sql: the row of the deck began with the file's price or before it, ends when that does and
has the same terms. Prefixes with several prices on either side are left to tools/timeline.py.
"""

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import NamedTuple

import numpy as np
from odoo.addons.telecom_base.tools.binary_rows import read_rows

from .quick_lines import ascending, single

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVER_US = -(2**62)  # it began before the instant from which prices are compared
OPEN_US = 0  # an end that is open: nothing that still counts ended in 1970
BITS = 20  # of a number of seconds: at most a week (604,800)
SHORT_BITS = 10  # of an increment of a row without further terms
MINUTE = 60 << 2 * BITS
DATED, FURTHER = 1 << 60, 1 << 61  # marks of sql/old_deck_numbers.sql


class OldRows(NamedTuple):
    """Rows of a deck, as sql/old_deck_terms.sql packs them; `starts` and `ends` in microseconds since 1970."""

    id: np.ndarray
    key: np.ndarray
    price: np.ndarray
    fee: np.ndarray  # and, in its last BITS, the included seconds
    seconds: np.ndarray  # price unit, first and next increment, BITS each
    starts: np.ndarray
    ends: np.ndarray

    @classmethod
    def fetch(cls, cr, select, select_dates, select_terms):
        """`select_dates`: (id, start, end) of the rows that have one to look at; `select_terms`: (id, fee, seconds) of
        those with further terms."""
        row_id, key, packed = read_rows(cr, select, ["bigint"] * 3)
        starts, ends = np.full(len(key), EVER_US), np.full(len(key), OPEN_US)
        short = (1 << SHORT_BITS) - 1
        first, following = packed >> SHORT_BITS & short, packed & short
        fee, seconds = np.zeros(len(key), np.int64), MINUTE | first << BITS | following
        price = packed >> BITS & (1 << 2 * BITS) - 1

        def fill(mark, select, types, *columns):
            marked = np.flatnonzero(packed & mark)
            if len(marked):
                ids, *values = read_rows(cr, select, types)
                marked, order = marked[np.argsort(row_id[marked])], np.argsort(ids)
                for column, value in zip(columns, values, strict=True):
                    column[marked] = value[order]

        fill(DATED, select_dates, ["bigint", "timestamptz", "timestamptz"], starts, ends)
        fill(FURTHER, select_terms, ["bigint"] * 3, fee, seconds)
        return cls(row_id, key, price, fee, seconds, starts, ends)

    def edge(self, start):
        """Return the first instant from `start` on at which one of them begins or ends; None: there is none."""
        start_us = _us(start)
        return min(
            filter(None, [first_after(self.starts, start_us - 1), first_after(self.ends, start_us)]), default=None
        )

    def terms(self, places):
        """Return fee, price, unit, first and next increment and included seconds of some rows."""
        fee, seconds, one = self.fee[places], self.seconds[places], (1 << BITS) - 1
        return [fee >> BITS, self.price[places], seconds >> 2 * BITS, (seconds >> BITS) & one, seconds & one, fee & one]


class Pairs(NamedTuple):
    """What each row of QuickLines finds in the deck.

    `old`: place of the row of the same prefix; -1: there is none. `alike`: the deck says it already. `lone`: the prefix
    has one price on either side, so the two can be held against each other. `lone_old`: rows of the deck whose prefix
    is there once. `terms`: start, end and terms of each tail of the file (`terms_of`).
    """

    old: np.ndarray
    alike: np.ndarray
    lone: np.ndarray
    lone_old: np.ndarray
    terms: list


def pair_prices(quick, old):
    """Return the Pairs of QuickLines and OldRows."""
    numbers = chain.from_iterable(map(_numbers, quick.tails))  # of each tail; it may be millions
    terms = list(np.fromiter(numbers, np.int64).reshape(len(quick.tails), -1).T)
    lone, lone_old = single(quick.key), single(old.key)
    if not len(old.key):
        return Pairs(np.full(len(quick.key), -1), np.zeros(len(quick.key), bool), lone, lone_old, terms)
    order = None if ascending(old.key) else np.argsort(old.key, kind="stable")
    place = np.minimum(np.searchsorted(old.key, quick.key, sorter=order), len(old.key) - 1)
    place = place if order is None else order[place]
    in_order = len(place) == len(old.key) and bool((place == np.arange(len(place))).all())
    at = slice(None) if in_order else place  # most files have the deck's own order: nothing needs to be looked up
    there = old.key[at] == quick.key
    lone &= ~there | lone_old[at]
    starts, ends, fee, price, unit, first, following, included = terms
    packed = {"price": price, "fee": fee << BITS | included, "seconds": (unit << BITS | first) << BITS | following}
    alike = there & lone & (old.starts[at] <= terms_of(starts, quick.tail))
    alike &= old.ends[at] == terms_of(ends, quick.tail)
    for name, new in packed.items():
        alike &= getattr(old, name)[at] == terms_of(new, quick.tail)
    return Pairs(np.where(there, place, -1), alike, lone, lone_old, terms)


def terms_of(values, tail):
    """Return the value of each row's tail; one number when all have the same."""
    return values[0] if (values == values[0]).all() else values[tail]


def _numbers(tail):
    """Return start, end and terms of a line of COPY as whole numbers; of an empty one (its price is over) zeros."""
    if not tail:
        return [0] * 8
    starts, ends, *terms, _extra = tail.split("\t")
    return [_us_of(starts), OPEN_US if ends == "\\N" else _us_of(ends), *map(int, terms)]


def first_after(instants, us):
    """Return the first instant after another one (microseconds since 1970) as a datetime; None: there is none."""
    later = instants[instants > us]
    return EPOCH + timedelta(microseconds=int(later.min())) if len(later) else None


def _us_of(text):
    return _us(datetime.fromisoformat(text))


def _us(instant):
    return (instant - EPOCH) // timedelta(microseconds=1)
