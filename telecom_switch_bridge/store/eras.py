"""When something in the catalogue begins or ends to hold; between two such instants every call finds the same."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from ..core.currency import CurrencyRate
from ..core.price_walk import Rate
from ..values import AccountPlan
from .deck import EPOCH, MICROSECOND, Deck
from .packed_deck import PackedDeck


class Eras:
    """Eras of plans of accounts, their prices, decks and rates of exchange, counted from 0 on."""

    __slots__ = ("_edges",)

    def __init__(
        self,
        plans: Iterable[AccountPlan],
        rates: Iterable[Rate],
        currencies: Iterable[CurrencyRate],
        decks: Iterable[Deck | PackedDeck],
    ) -> None:
        edges = {edge for row in plans for edge in (row.valid_from, row.valid_to)}
        edges |= {edge for rate in rates for edge in (rate.valid_from, rate.valid_to)}
        edges |= {row.valid_from for row in currencies}
        edges |= {EPOCH + edge_us * MICROSECOND for deck in decks for edge_us in deck.edges_us}
        self._edges = sorted(edge for edge in edges if edge is not None)

    def number(self, at: datetime) -> int:
        """Number of the era in which an instant lies; what begins at an instant holds from then on."""
        return bisect_right(self._edges, at)
