"""What a number outside costs every level of a chain, and which carriers are tried for it."""

from datetime import datetime
from zlib import crc32

from ..ports import Catalogue, Refused
from ..values import Account, Phone
from .bar_call import barred
from .plan_routes import Routing, plan_routes
from .price_chain import LevelPrice, LevelPrices, price_chain
from .route_candidates import Sale


def price_and_route(
    chain: tuple[Account, ...], phone: Phone | None, e164: str, call_ref: str, *, catalogue: Catalogue, now: datetime
) -> tuple[LevelPrices, Routing] | Refused:
    """Price at every level and the carriers to try, when no class of service bars the number.

    `phone`: the telephone that calls, or that leads a call on. The call's own id decides the draw, so a retry decides
    the same.
    """
    refused = barred(catalogue, chain, phone, e164, now)
    if refused is not None:
        return refused
    prices = price_chain(catalogue, chain, e164, now)
    if isinstance(prices, Refused):
        return prices
    sale, draw = sale_of(prices, call_ref)
    routing = plan_routes(catalogue, e164, now, sale=sale, draw=draw)
    return routing if isinstance(routing, Refused) else (prices, routing)


def sale_of(prices: tuple[LevelPrice, ...], call_ref: str) -> tuple[Sale, float]:
    """What the owner earns, and the draw by which calls are shared among equal carriers."""
    top = prices[-1]
    allow_loss = top.plan.allow_loss or top.account.allow_loss
    return Sale(top.account.currency, top.tariff, top.rule, allow_loss), crc32(call_ref.encode()) / 2**32
