"""Prices of one prefix (or destination) over time: what a file says held against what the deck has.

Of several rows that hold at an instant, the one that began last counts. Instants are anything that sorts; None as an
end is open. For prefixes with one row on either side sql/pairs.sql and sql/results.sql say the same for all at once.
"""

from itertools import pairwise
from typing import NamedTuple


class Row(NamedTuple):
    """A price of the file (`id` = line) or of the deck (`id` = row); `terms` holds from `starts` until `ends`."""

    id: int
    starts: object
    ends: object
    terms: tuple


class Change(NamedTuple):
    """`new` None: closed at `starts`. `old`: the terms that held at that instant; None: there were none."""

    result: str
    line: int | None
    starts: object
    ends: object
    new: tuple | None
    old: tuple | None


class Outcome(NamedTuple):
    """`touches`: (row of the deck, instant at which it ends; None: it is taken away)."""

    changes: list
    touches: list


def segments(rows, start):
    """Return rows as they take effect from `start` on: without overlaps, in order; hidden ones are left out."""
    rows = [row for row in rows if row.ends is None or row.ends > start]
    edges = sorted({max(row.starts, start) for row in rows} | {row.ends for row in rows if row.ends is not None})
    parts = []
    for edge, after in pairwise([*edges, None]):
        holds = _holding(rows, edge)
        if holds is None:
            continue
        if parts and parts[-1].id == holds.id and parts[-1].ends == edge:
            parts[-1] = parts[-1]._replace(ends=after)
        else:
            parts.append(holds._replace(starts=edge, ends=after))
    return parts


def compare(old_rows, new_rows, start):
    """Return what makes the deck of one prefix equal to the file; without rows in the file the prefix is closed.

    A file says everything about a prefix from its first line for it on: what the deck has before that stays.
    """
    new = segments(new_rows, start)
    begin = new[0].starts if new else start
    old = segments(old_rows, begin)
    same = 0
    while same < min(len(old), len(new)) and _alike(old[same], new[same]):
        same += 1
    if same == len(old) == len(new):
        return Outcome([], [])
    cut = min(part.starts for part in [*old[same : same + 1], *new[same : same + 1]])
    changes = [_change(part, _holding(old_rows, part.starts)) for part in new[same:]]
    if not new:
        changes = [Change("closed", None, part.starts, None, None, part.terms) for part in old[:1]]
    return Outcome(changes, _touches(old_rows, cut))


def verdict(new, old):
    """Return how terms are called beside those that they replace: price, then fee, decide; then the other terms."""
    if old is None:
        return "new"
    (fee, price, unit_s), (old_fee, old_price, old_unit_s) = new[:3], old[:3]
    difference = price * old_unit_s - old_price * unit_s or fee - old_fee
    return "raised" if difference > 0 else "lowered" if difference < 0 else "changed"


def _holding(rows, at):
    """The row that holds at an instant; None: none does."""
    valid = [row for row in rows if row.starts <= at and (row.ends is None or row.ends > at)]
    return max(valid, key=lambda row: row.starts, default=None)


def _alike(old, new):
    return (old.starts, old.ends, old.terms) == (new.starts, new.ends, new.terms)


def _change(part, held):
    old = held.terms if held else None
    return Change(verdict(part.terms, old), part.id, part.starts, part.ends, part.terms, old)


def _touches(rows, cut):
    alive = [row for row in rows if row.ends is None or row.ends > cut]
    return [(row, cut if row.starts < cut else None) for row in alive]
