"""Prices of all carriers for a number by one look-up: the prefixes of all decks together, a row of a matrix for each.

A row has for each carrier the number of the timeline (`PackedDeck`) by which it prices numbers whose longest prefix of
the union it is; rows lie together, since fifty places far apart take longer to read than everything else here. When a
deck is read again its column is written anew in a copy of the matrix. Prefixes that are new are put into the union,
those that nobody has any more stay until the next start, and change nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.currency import FOR_EVER, SINCE_EVER
from ..core.packed_prefixes import NONE, PackedPrefixes
from ..core.price_timeline import EVER_US, FOREVER_US
from ..core.route_pick import MOST_COST_MICRO, NO_COST, PLACES, Costs
from .deck import EPOCH, MICROSECOND, DeckPrice, microsecond
from .packed_deck import UNKNOWN, PackedDeck

CostOf = Callable[[int], Callable[[DeckPrice], int | None]]
"""By carrier: what a price means for a call."""

Matrix = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]

MOST_KEPT = 64
"""Sets of costs that are kept: one for each expected duration and currency of the routes, and of terms of carriers."""

COLUMNS_AT_A_TIME, BLOCK = 16, 16_384
"""So many columns of so many rows are written together."""

FIRST_US, LAST_US = microsecond(SINCE_EVER), microsecond(FOR_EVER)

NOWHERE = np.zeros(0, dtype=np.int64)


class CostTable:
    """Port `CostTable`: costs by timeline of all carriers, one after the other; at any instant from `since_us` until
    before `until_us`."""

    __slots__ = ("_costs", "_matrix", "_nothing", "_offsets", "_prefixes", "since_us", "until_us")

    def __init__(self, index: "DeckIndex", since_us: int, until_us: int, costs: Costs) -> None:
        self.since_us, self.until_us, self._costs = since_us, until_us, costs
        self._prefixes, self._matrix, self._offsets, self._nothing = index.prefixes, *index.parts

    @property
    def since(self) -> datetime:
        return _instant(self.since_us)

    @property
    def until(self) -> datetime:
        return _instant(self.until_us)

    def costs(self, e164: str) -> Costs:
        place = self._prefixes.longest(e164)
        if place == NONE:
            return self._nothing
        found: Costs = self._costs.take(self._matrix[place] + self._offsets)
        return found


class DeckIndex:
    """Unchanging, but for what it keeps of what it worked out."""

    __slots__ = ("_decks", "_matrix", "_tables", "carriers", "parts", "prefixes")

    def __init__(self, prefixes: PackedPrefixes, matrix: Matrix, decks: Mapping[int, PackedDeck]) -> None:
        self.prefixes = prefixes
        self.carriers = tuple(sorted(decks))
        self._matrix, self._decks = matrix, dict(decks)
        sizes = [len(self._decks[carrier_id].timelines) for carrier_id in self.carriers]
        offsets = np.cumsum([0, *sizes[:-1]], dtype=np.int64) if sizes else NOWHERE
        nothing = np.full(len(self.carriers), NO_COST * PLACES, dtype=np.int64)
        self.parts = matrix, offsets, nothing
        self._tables: dict[object, CostTable] = {}

    def __len__(self) -> int:
        return len(self.prefixes)

    def place(self, e164: str) -> int:
        """Place of a number's longest prefix in the union: numbers of one place cost the same by every deck."""
        return self.prefixes.longest(e164)

    def cost_table(self, key: object, cost_of: CostOf, at_us: int) -> CostTable:
        """What calls of one kind cost by each carrier's deck, in the order of `carriers`.

        `key`: what `cost_of` goes by, so that its answers are kept.
        """
        known = self._tables.get(key)
        if known is None or not known.since_us <= at_us < known.until_us:
            if len(self._tables) >= MOST_KEPT:
                self._tables.clear()
            known = self._tables[key] = self._make_table(key, cost_of, at_us)
        return known

    def _make_table(self, key: object, cost_of: CostOf, at_us: int) -> CostTable:
        since_us, until_us = EVER_US, FOREVER_US
        costs: list[int] = []
        for carrier_id in self.carriers:
            begins_us, ends_us, table = self._decks[carrier_id].costs(key, cost_of(carrier_id), at_us)
            since_us, until_us = max(since_us, begins_us), min(until_us, ends_us)
            costs += [NO_COST if cost is None else min(cost, MOST_COST_MICRO) for cost in table]
        return CostTable(self, since_us, until_us, np.array(costs, dtype=np.int64) * PLACES)

    def with_decks(self, decks: Mapping[int, PackedDeck]) -> "DeckIndex":
        """Index of these decks; columns of those that are the same objects as before are taken over."""
        prefixes, source = self._grown(decks)
        carriers = tuple(sorted(decks))
        kind = np.uint16 if all(len(deck.timelines) <= 1 << 16 for deck in decks.values()) else np.uint32
        matrix: npt.NDArray[Any]
        if carriers == self.carriers and kind == self._matrix.dtype:
            matrix = self._matrix.copy() if source is None else _picked(self._matrix, source)
            written = [carrier_id for carrier_id in carriers if self._decks[carrier_id] is not decks[carrier_id]]
        else:
            matrix, written = np.full((len(prefixes), len(carriers)), UNKNOWN, dtype=kind), list(carriers)
        for begin in range(0, len(written), COLUMNS_AT_A_TIME):
            _write(matrix, prefixes, carriers, written[begin : begin + COLUMNS_AT_A_TIME], decks)
        return DeckIndex(prefixes, matrix, decks)

    def _grown(self, decks: Mapping[int, PackedDeck]) -> tuple[PackedPrefixes, npt.NDArray[np.int32] | None]:
        """Union with the prefixes that are new, and where each of its places was before (of a new one: what enclosed
        it); None: nothing is new."""
        fresh = [deck.prefixes for carrier_id, deck in decks.items() if self._decks.get(carrier_id) is not deck]
        keys = np.unique(np.concatenate([NOWHERE, *(one.keys for one in fresh)]))
        known = self.prefixes.keys
        if len(known):
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            keys = keys[known[at] != keys]
        if not len(keys):
            return self.prefixes, None
        union = np.sort(np.concatenate([known, keys]))
        lengths = np.zeros(len(union), dtype=np.int8)
        for one in (self.prefixes, *fresh):
            lengths[np.searchsorted(union, one.keys)] = one.lengths
        return PackedPrefixes(union, lengths), self.prefixes.enclosing(union)


def _instant(at_us: int) -> datetime:
    """The instant, or the nearest one that a datetime can be."""
    return EPOCH + min(max(at_us, FIRST_US), LAST_US) * MICROSECOND


def _write(
    matrix: npt.NDArray[Any],
    prefixes: PackedPrefixes,
    carriers: Sequence[int],
    written: Sequence[int],
    decks: Mapping[int, PackedDeck],
) -> None:
    """Write some columns, block by block: what is next to each other is in the processor's cache then."""
    columns = [(carriers.index(carrier_id), _column(prefixes, decks[carrier_id])) for carrier_id in written]
    for begin in range(0, len(matrix), BLOCK):
        block = slice(begin, begin + BLOCK)
        for place, values in columns:
            matrix[block, place] = values[block]


def _column(prefixes: PackedPrefixes, deck: PackedDeck) -> npt.NDArray[Any]:
    terms = np.frombuffer(deck.terms, dtype=np.dtype(deck.terms.typecode))
    return _picked(terms, deck.prefixes.enclosing(prefixes.keys))


def _picked(values: npt.NDArray[Any], places: npt.NDArray[np.int32]) -> npt.NDArray[Any]:
    """Values (or rows) at some places; UNKNOWN where there is none."""
    if not len(values):
        return np.full((len(places), *values.shape[1:]), UNKNOWN, dtype=values.dtype)
    found = values[np.maximum(places, 0)]
    found[places == NONE] = UNKNOWN
    return found


EMPTY = DeckIndex(PackedPrefixes(NOWHERE, np.zeros(0, dtype=np.int8)), np.zeros((0, 0), dtype=np.uint16), {})
"""Index of no decks: where every one begins."""
