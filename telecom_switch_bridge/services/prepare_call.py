"""What a call of a telephone would be: who pays what, over which carriers. Writes nothing; `explain` uses it too."""

from datetime import datetime
from zlib import crc32

from ..core.numbers import Refusal, is_emergency, normalise_dialled
from ..ports import CallRequest, CallTerms, Catalogue, CutOffWarning, Decision, Level, PlannedRoute, Reason, Refused
from ..values import ACTIVE, Account, Number, Phone
from .plan_routes import Routing, Sale, plan_emergency, plan_routes
from .price_chain import LevelPrice, chain_of, levels_of, price_chain, warning_of

RING_S = 60
"""How long a carrier or telephone may ring (s); 3GPP and carriers give up at about the same time."""


def prepare_call(request: CallRequest, *, catalogue: Catalogue, now: datetime) -> CallTerms | Refused:
    """Terms of a telephone's call: emergency first, then the account's own extensions, then the world."""
    phone = catalogue.phone(request.endpoint)
    account = catalogue.account(phone.account_id) if phone else None
    if phone is None or account is None:
        return Refused(Reason.UNKNOWN_PHONE, request.endpoint)
    if is_emergency(request.dialled, account.emergency_numbers):
        return _emergency_call(request, phone, account, catalogue, now)
    return _ordinary_call(request, phone, account, catalogue, now)


def _ordinary_call(
    request: CallRequest, phone: Phone, account: Account, catalogue: Catalogue, now: datetime
) -> CallTerms | Refused:
    if phone.state != ACTIVE:
        return Refused(Reason.SUSPENDED, f"telephone {phone.endpoint} is {phone.state}")
    chain = chain_of(catalogue, account)
    if isinstance(chain, Refused):
        return chain
    colleague = catalogue.phone_by_extension(account.account_id, request.dialled)
    if colleague is not None:
        return _internal_call(request, phone, account, colleague, now)
    e164 = normalise_dialled(
        request.dialled, account.country_code, account.national_prefix, account.international_prefix
    )
    if isinstance(e164, Refusal):
        return Refused(Reason.BAD_NUMBER, e164.fault)
    found = price_and_route(chain, e164, request.call_ref, catalogue=catalogue, now=now)
    return found if isinstance(found, Refused) else _call_to_world(request, phone, account, e164, now, *found)


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
    return Sale(top.plan.currency, top.tariff), crc32(call_ref.encode()) / 2**32


def prepare_forward(
    request: CallRequest, number: Number, chain: tuple[Account, ...], *, catalogue: Catalogue, now: datetime
) -> CallTerms | Refused:
    """Terms of the leg on which a call goes on to a number outside: its account pays like for its own call."""
    assert number.target_external is not None
    found = price_and_route(chain, number.target_external, request.call_ref, catalogue=catalogue, now=now)
    if isinstance(found, Refused):
        return found
    prices, routing = found
    return CallTerms(
        decision=Decision.EXTERNAL,
        direction="outbound",
        account_id=chain[0].account_id,
        company_id=chain[0].company_id,
        phone_id=None,
        number_id=number.number_id,
        caller_channel=request.channel,
        cli=number.e164,
        from_number=request.cli,
        dialled=number.e164,
        e164=number.target_external,
        destination_id=prices[0].destination.destination_id,
        authorised_at=now,
        ring_s=RING_S,
        levels=levels_of(prices),
        routes=routing.routes,
        warning=warning_of(prices),
    )


def _call_to_world(  # noqa: PLR0917
    request: CallRequest,
    phone: Phone,
    account: Account,
    e164: str,
    now: datetime,
    prices: tuple[LevelPrice, ...],
    routing: Routing,
) -> CallTerms:
    return _phone_call(
        request, phone, account, now,
        decision=Decision.EXTERNAL, direction="outbound", e164=e164, cli=phone.cli_e164 or "",
        destination_id=prices[0].destination.destination_id, levels=levels_of(prices), routes=routing.routes,
        warning=warning_of(prices),
    )  # fmt: skip


def _internal_call(
    request: CallRequest, phone: Phone, account: Account, colleague: Phone, now: datetime
) -> CallTerms | Refused:
    if colleague.state != ACTIVE:
        return Refused(Reason.SUSPENDED, f"telephone {colleague.endpoint} is {colleague.state}")
    return _phone_call(
        request, phone, account, now,
        decision=Decision.INTERNAL, direction="internal", cli=phone.extension,
        routes=(PlannedRoute(f"PJSIP/{colleague.endpoint}"),),
    )  # fmt: skip


def _emergency_call(
    request: CallRequest, phone: Phone, account: Account, catalogue: Catalogue, now: datetime
) -> CallTerms | Refused:
    """Also for a suspended account: an emergency call is never refused for money."""
    routes = plan_emergency(catalogue, request.dialled)
    if isinstance(routes, Refused):
        return routes
    return _phone_call(
        request, phone, account, now,
        decision=Decision.EMERGENCY, direction="emergency", cli=phone.cli_e164 or "", routes=routes,
    )  # fmt: skip


def _phone_call(
    request: CallRequest,
    phone: Phone,
    account: Account,
    now: datetime,
    *,
    decision: Decision,
    direction: str,
    cli: str,
    routes: tuple[PlannedRoute, ...],
    e164: str = "",
    destination_id: int | None = None,
    levels: tuple[Level, ...] = (),
    warning: CutOffWarning | None = None,
) -> CallTerms:
    return CallTerms(
        decision=decision,
        direction=direction,
        account_id=account.account_id,
        company_id=account.company_id,
        phone_id=phone.phone_id,
        number_id=None,
        caller_channel=request.channel,
        cli=cli,
        from_number=cli or phone.extension,
        dialled=request.dialled,
        e164=e164,
        destination_id=destination_id,
        authorised_at=now,
        ring_s=RING_S,
        levels=levels,
        routes=routes,
        warning=warning,
    )
