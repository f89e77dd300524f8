"""What a plain file changes in a deck, of prefixes with one price on either side: lines of a COPY into the results.

The rule is that of sql/pairs.sql and sql/results.sql, which first want everything that differs in tables of their own.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

import numpy as np

from .same_prices import EPOCH, OPEN_US, first_after, pair_prices, terms_of

COPY = """
copy telecom_price_change (
    import_id, result, line, key, name, starts, ends, fee_micro, price_micro, unit_s, first_s, next_s, included_s,
    extra, old_fee_micro, old_price_micro, old_unit_s, old_first_s, old_next_s, old_included_s, row_id, row_ends)
from stdin
"""
NOTHING = "\\N"
NO_TERMS = "\t".join([NOTHING] * 6)
NO_ROW = f"{NOTHING}\t{NOTHING}"
VERDICTS = np.array(["new", "raised", "lowered", "changed"])


class QuickChanges(NamedTuple):
    """`lines`: of the COPY. `taken`: ids of the deck's rows that begin with their new price or later. `rest`: rows of
    the file, `rest_old`: rows of the deck (masks) of prefixes with several prices: tools/timeline.py compares those.
    `counts`: changes of each kind. `edge`: the first instant at which a row of the deck or a change begins or ends."""

    lines: Iterator
    taken: list
    rest: np.ndarray
    rest_old: np.ndarray
    counts: Counter
    edge: datetime | None


def quick_changes(quick, old, values):
    """Return the QuickChanges of QuickLines held against OldRows; `values`: import_id, start (aware), full."""
    pairs = pair_prices(quick, old)
    found = _Changes(quick, old, pairs, values)
    found.add_of_file(np.flatnonzero(~pairs.alike & pairs.lone))
    rest = ~pairs.lone
    rest_old = np.isin(old.key, quick.key[rest]) if rest.any() else np.zeros(len(old.key), bool)
    if values["full"]:
        gone = ~rest_old
        gone[pairs.old[pairs.old >= 0]] = False
        found.add_closed(np.flatnonzero(gone & pairs.lone_old))
        rest_old |= gone & ~pairs.lone_old
    edge = min(filter(None, [old.edge(values["start"]), *found.edges]), default=None)
    return QuickChanges(chain.from_iterable(found.parts), found.taken, rest, rest_old, found.counts, edge)


class _Changes:
    """Finds them all at once; writes the lines when they are asked for, while PostgreSQL takes the earlier ones."""

    def __init__(self, quick, old, pairs, values):
        self._quick, self._old, self._pairs = quick, old, pairs
        self._import_id, self._start_us = values["import_id"], (values["start"] - EPOCH) // timedelta(microseconds=1)
        self._known = {}
        self.parts, self.taken, self.edges, self.counts = [], [], [], Counter()

    def add_of_file(self, rows):
        """Rows of the file that say something else than the deck."""
        if not len(rows):
            return
        old, place = self._old, self._pairs.old[rows]
        there = place >= 0
        place = place[there]
        tail = self._quick.tail[rows]
        starts, ends, fee, price, unit_s = (
            np.broadcast_to(terms_of(column, tail), len(rows)) for column in self._pairs.terms[:5]
        )
        self.edges += [first_after(starts, self._start_us), first_after(ends, self._start_us)]
        starts, fee, price, unit_s = starts[there], fee[there], price[there], unit_s[there]
        alive = (old.ends[place] == OPEN_US) | (old.ends[place] > starts)
        holds = alive & (old.starts[place] <= starts)
        old_fee, old_price, old_unit_s, *_others = old.terms(place)
        more = price * old_unit_s - old_price * unit_s
        more = np.where(more == 0, fee - old_fee, more)
        verdict = np.zeros(len(rows), np.int64)
        verdict[there] = np.where(holds, np.where(more > 0, 1, np.where(more < 0, 2, 3)), 0)
        self.counts.update(dict(zip(VERDICTS.tolist(), np.bincount(verdict, minlength=4).tolist(), strict=True)))
        self.parts.append(self._of_file(rows, verdict, there, self._replaced(place, holds, alive, starts)))

    def _of_file(self, rows, verdict, there, replaced):
        head, nothing = f"{self._import_id}\t", f"{NO_TERMS}\t{NO_ROW}"
        lines = zip(VERDICTS[verdict].tolist(), self._quick.texts(rows), there.tolist(), strict=True)
        for result, new, has_old in lines:
            yield f"{head}{result}\t{new}\t{next(replaced) if has_old else nothing}\n"

    def add_closed(self, place):
        """Rows of the deck whose prefixes the file does not have."""
        every = np.ones(len(place), bool)
        cut = np.full(len(place), self._start_us)
        self.counts["closed"] += len(place)
        self.parts.append(self._closed(place, self._replaced(place, every, every, cut)))

    def _closed(self, place, replaced):
        starts = np.maximum(self._old.starts[place], self._start_us)
        for key, at, old in zip(self._old.key[place].tolist(), starts.tolist(), replaced, strict=True):
            yield (
                f"{self._import_id}\tclosed\t{NOTHING}\t{key}\t{NOTHING}\t{self._instant(at)}\t{NOTHING}\t{NO_TERMS}"
                f"\t{NOTHING}\t{old}\n"
            )

    def _replaced(self, place, holds, alive, cut):
        """Return for rows of the deck what they are until now, if they hold, and their ids and ends, if they end at
        `cut`; those that would begin then or later are taken away."""
        before = alive & (self._old.starts[place] < cut)
        self.taken += self._old.id[place[alive & ~before]].tolist()
        return self._texts(place, holds, before)

    def _texts(self, place, holds, before):
        terms = zip(*(column.tolist() for column in self._old.terms(place)), strict=True)
        rows = zip(self._old.id[place].tolist(), self._old.ends[place].tolist(), before.tolist(), strict=True)
        known = self._known
        for held, one, (row, ends, is_cut) in zip(holds.tolist(), terms, rows, strict=True):
            row_text = f"{row}\t{known.get(ends) or self._instant(ends)}" if is_cut else NO_ROW
            yield f"{(known.get(one) or self._terms(one)) if held else NO_TERMS}\t{row_text}"

    def _terms(self, one):
        text = self._known[one] = "\t".join(map(str, one))
        return text

    def _instant(self, us):
        at = NOTHING if us == OPEN_US else (EPOCH + timedelta(microseconds=us)).isoformat()
        self._known[us] = at
        return at
