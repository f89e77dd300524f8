"""What a number outside costs every level of a chain, and which carriers are tried for it."""

from datetime import datetime
from zlib import crc32

from ..ports import Catalogue, Refused
from ..values import Account
from .plan_routes import Routing, Sale, plan_routes
from .price_chain import LevelPrice, price_chain


def price_and_route(
    chain: tuple[Account, ...], e164: str, call_ref: str, *, catalogue: Catalogue, now: datetime
) -> tuple[tuple[LevelPrice, ...], Routing] | Refused:
    """Price at every level and the carriers to try. The call's own id decides the draw, so a retry decides the same."""
    prices = price_chain(catalogue, chain, e164, now)
    if isinstance(prices, Refused):
        return prices
    sale, draw = sale_of(prices, call_ref)
    routing = plan_routes(catalogue, e164, now, sale=sale, draw=draw)
    return routing if isinstance(routing, Refused) else (prices, routing)


def sale_of(prices: tuple[LevelPrice, ...], call_ref: str) -> tuple[Sale, float]:
    """What the owner earns, and the draw by which calls are shared among equal carriers."""
    top = prices[-1]
    return Sale(top.account.currency, top.tariff, top.rule), crc32(call_ref.encode()) / 2**32
