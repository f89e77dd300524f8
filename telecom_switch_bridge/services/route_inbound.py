"""Where does a call lead that a carrier brings for one of our numbers, and who pays for it?

The carrier's own channel is a leg that each level pays by its inbound plan; without one it is free. A number that leads
outside makes a second leg, the outbound one, with an authorisation, a grant and charges of its own.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from ..ports import (
    Allowed,
    CallRequest,
    CallTerms,
    Catalogue,
    Decision,
    Reason,
    Refused,
    Reservations,
)
from ..values import Account, Number, Trunk
from .authorise_call import reserve_call
from .call_rates import CallRates, Limits
from .follow_target import GoOutside, RingMany, RingPhone
from .inbound_pay import inbound_pay
from .leg_mark import inbound_ref
from .prepare_detour import (
    RING_S,
    Caller,
    place_of_number,
    ring_s_of,
    ringing_of,
    routes_of,
    terms_outside,
)
from .price_chain import LevelPrices, chain_of, price_inbound


@dataclass(frozen=True, slots=True)
class InboundCall:
    """Terms of the carrier's own leg and, for a number that leads outside, of the leg that goes on."""

    arriving: CallTerms
    forward: CallTerms | None = None


async def route_inbound(
    request: CallRequest,
    *,
    catalogue: Catalogue,
    reservations: Reservations,
    now: datetime,
    grant_s: int,
    rates: CallRates | None = None,
) -> Allowed | Refused:
    """Answer a trunk: ring the number's telephone or ring group, or go on outside at its account's price.

    When the leg that goes on is refused, what was set aside for the arriving one is given back with the end of the
    carrier's channel, which follows at once.
    """
    call = prepare_inbound(request, catalogue=catalogue, now=now)
    if isinstance(call, Refused):
        return call
    limits = Limits(catalogue, CallRates() if rates is None else rates, now)
    reserve = partial(reserve_call, request, reservations=reservations, grant_s=grant_s, limits=limits)
    if call.forward is None:
        return await reserve(call.arriving)
    arriving = await reserve(call.arriving, call_ref=inbound_ref(request.call_ref))
    if isinstance(arriving, Refused):
        return arriving
    forward = await reserve(call.forward)
    if isinstance(forward, Refused):
        return forward
    grants = [one.granted_s for one in (arriving, forward) if one.granted_s is not None]
    return replace(forward, granted_s=min(grants, default=None))


def prepare_inbound(request: CallRequest, *, catalogue: Catalogue, now: datetime) -> InboundCall | Refused:
    """Terms of a carrier's call; a number that is not ours, or leads nowhere, is refused."""
    trunk = catalogue.trunk_by_endpoint(request.endpoint)
    if trunk is None:
        return Refused(Reason.UNKNOWN_PHONE, f"trunk {request.endpoint}")
    request = replace(request, cli=trunk.rules.reads_caller(request.cli))
    number = catalogue.number(trunk.rules.reads(request.dialled))
    account = catalogue.account(number.account_id) if number and number.account_id is not None else None
    if number is None or account is None:
        return Refused(Reason.BAD_NUMBER, "not a number of ours that is in use")
    chain = chain_of(catalogue, account)
    if isinstance(chain, Refused):
        return chain
    prices = price_inbound(catalogue, chain, number.e164, now)
    if isinstance(prices, Refused):
        return prices
    arriving = _arriving(request, trunk, number, account, prices, now)
    arriving = replace(arriving, carrier_pays=inbound_pay(catalogue, trunk, number.e164, now))
    return _onward(arriving, Caller(request, account, chain, number=number), number, catalogue)


def _onward(arriving: CallTerms, caller: Caller, number: Number, catalogue: Catalogue) -> InboundCall | Refused:
    """The arriving leg with what it rings, or with the leg on which it goes on outside."""
    place = place_of_number(number, catalogue)
    if place is None:
        return Refused(Reason.BAD_NUMBER, f"number {number.e164} leads nowhere")
    if isinstance(place, GoOutside):
        forward = terms_outside(caller, place, catalogue=catalogue, now=arriving.authorised_at)
        return _with_forward(arriving, forward)
    return InboundCall(_to_place(arriving, place, caller))


def _with_forward(arriving: CallTerms, forward: CallTerms | Refused) -> InboundCall | Refused:
    """The arriving leg may be answered as late as the last carrier of the other one answers."""
    if isinstance(forward, Refused):
        return forward
    return InboundCall(replace(arriving, ring_s=forward.ring_s * max(1, len(forward.routes))), forward)


def _to_place(arriving: CallTerms, place: RingPhone | RingMany, caller: Caller) -> CallTerms:
    return replace(
        arriving,
        phone_id=place.phone.phone_id if isinstance(place, RingPhone) else None,
        ring_s=ring_s_of(place),
        routes=routes_of(place),
        ringing=ringing_of(place, caller),
    )


def _arriving(  # noqa: PLR0917
    request: CallRequest,
    trunk: Trunk,
    number: Number,
    account: Account,
    prices: LevelPrices,
    now: datetime,
) -> CallTerms:
    return CallTerms(
        decision=Decision.INTERNAL,
        direction="inbound",
        account_id=account.account_id,
        company_id=account.company_id,
        phone_id=None,
        number_id=number.number_id,
        caller_channel=request.channel,
        cli=request.cli,
        from_number=request.cli,
        dialled=request.dialled,
        e164=number.e164,
        destination_id=prices[0].destination.destination_id if prices else None,
        authorised_at=now,
        ring_s=RING_S,
        levels=prices.levels,
        routes=(),
        from_trunk_id=trunk.trunk_id,
        from_carrier_id=trunk.carrier_id,
        warning=prices.warning,
    )
