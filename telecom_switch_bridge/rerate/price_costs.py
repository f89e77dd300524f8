"""Costs of stored legs, and what carriers paid for those that they brought, by the deck as it stands now, at the
instant of each leg: its prices of all dates are looked up together, then rated together (`core/batch`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..core.batch import TariffTable
from ..core.packed_prefixes import NONE, packed_all
from ..core.prefix import MAX_DIGITS
from ..core.price_timeline import UNPRICED, Timeline
from ..core.rating import Tariff, answered_seconds
from ..store.deck import carrier_tariff
from ..store.packed_deck import ROWS, PackedDeck, Rows
from ..values import Carrier
from .numbered import Numbered

Int64Array = npt.NDArray[np.int64]


class StoredLegs(NamedTuple):
    """Answered legs of one carrier and direction; numbers, digits and instants as in `price_calls.StoredLevels`."""

    number: Int64Array
    digits: Int64Array
    at_us: Int64Array
    answered_s: Int64Array
    duration_us: Int64Array


class Costs(NamedTuple):
    """Amounts (micro-units) and seconds of the same rows; `price`: place in those of the pricer, -1: it has none."""

    micro: Int64Array
    billed_s: Int64Array
    price: Int64Array


class CostPricer:
    """Prices any number of batches; `tariffs` grows meanwhile."""

    def __init__(self) -> None:
        """Without prices yet."""
        self._tariffs = Numbered()

    @property
    def tariffs(self) -> list[Tariff]:
        """Terms met so far."""
        return self._tariffs.things  # type: ignore[return-value]

    def price(self, carrier: Carrier, deck: PackedDeck, legs: StoredLegs) -> Costs:
        """Price legs that a carrier took or brought, by its deck for that direction."""
        tariffs = [carrier_tariff(carrier, one) for one in deck.prices]
        places = np.array([NONE if one is None else self._tariffs.place(one) for one in tariffs] + [NONE], np.int64)
        micro, billed_s, price = unpriced(len(legs.number))
        price[:] = places[_prices_at(deck, legs)]  # UNPRICED, -1, is the last one
        found = np.flatnonzero(price != NONE)
        if len(found):
            used = np.unique(price[found])
            table = TariffTable([self.tariffs[place] for place in used.tolist()])
            seconds = _seconds(legs.duration_us[found], carrier)
            costs = table.price(np.searchsorted(used, price[found])[None, :], legs.answered_s[found], seconds)
            micro[found], billed_s[found] = costs.cost_micro[0], costs.billed_s[0]
        return Costs(micro, billed_s, price)


def unpriced(count: int) -> Costs:
    """Of so many legs none has a price."""
    return Costs(np.zeros(count, np.int64), np.zeros(count, np.int64), np.full(count, NONE, np.int64))


def deck_of(columns: Sequence[Int64Array]) -> PackedDeck:
    """A deck of columns in the order of `packed_deck.ROWS`."""
    rows: Rows = np.empty(len(columns[0]), dtype=ROWS)
    for name, column in zip(ROWS.names or (), columns, strict=True):
        rows[name] = column
    return PackedDeck(rows)


def _prices_at(deck: PackedDeck, legs: StoredLegs) -> Int64Array:
    """Place of each leg's price in the deck's, or UNPRICED."""
    digits = legs.digits.astype(np.int8)
    keys = packed_all(legs.number // np.power(10, MAX_DIGITS - legs.digits), digits)
    prefix = deck.prefixes.enclosing(keys)
    found = np.full(len(prefix), UNPRICED, np.int64)
    known = np.flatnonzero(prefix != NONE)
    terms = np.frombuffer(deck.terms, dtype=np.dtype(deck.terms.typecode))[prefix[known]] if len(known) else known
    for number in np.unique(terms).tolist():
        rows = known[terms == number]
        found[rows] = _at(deck.timelines[number], legs.at_us[rows])
    return found


def _at(timeline: Timeline, at_us: Int64Array) -> Int64Array:
    """`price_timeline.price_at` for many instants."""
    begins = np.array([part[0] for part in timeline], np.int64)
    prices = np.array([part[1] for part in timeline], np.int64)
    return prices[np.searchsorted(begins, at_us, side="right") - 1]


def _seconds(duration_us: Int64Array, carrier: Carrier) -> Int64Array:
    return np.array([answered_seconds(one, carrier.duration_rule) for one in duration_us.tolist()], np.int64)
