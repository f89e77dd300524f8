"""What a call of a telephone would be: who pays what, over which carriers. Writes nothing; `explain` uses it too."""

from datetime import datetime

from ..core.numbers import Refusal, is_emergency, normalise_dialled
from ..ports import CallRequest, CallTerms, Catalogue, CutOffWarning, Decision, Level, PlannedRoute, Reason, Refused
from ..values import ACTIVE, Account, Phone
from .plan_routes import Routing, plan_emergency, with_callers
from .prepare_detour import RING_S, Caller, place_of_extension, terms_of_place
from .price_and_route import price_and_route
from .price_chain import LevelPrices, chain_of


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
    place = place_of_extension(account.account_id, request.dialled, catalogue)
    if place is not None:
        return terms_of_place(Caller(request, account, chain, phone), place, catalogue=catalogue, now=now)
    e164 = normalise_dialled(
        request.dialled, account.country_code, account.national_prefix, account.international_prefix
    )
    if isinstance(e164, Refusal):
        return Refused(Reason.BAD_NUMBER, e164.fault)
    found = price_and_route(chain, phone, e164, request.call_ref, catalogue=catalogue, now=now)
    return (
        found
        if isinstance(found, Refused)
        else _call_to_world(request, phone, account, e164, now, *found, catalogue=catalogue)
    )


def _call_to_world(  # noqa: PLR0917
    request: CallRequest,
    phone: Phone,
    account: Account,
    e164: str,
    now: datetime,
    prices: LevelPrices,
    routing: Routing,
    *,
    catalogue: Catalogue,
) -> CallTerms:
    return _phone_call(
        request, phone, account, now,
        decision=Decision.EXTERNAL, direction="outbound", e164=e164, cli=phone.cli_e164 or "",
        destination_id=prices[0].destination.destination_id, levels=prices.levels,
        routes=with_callers(routing.routes, phone.cli_e164 or "", catalogue),
        warning=prices.warning,
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
        decision=Decision.EMERGENCY, direction="emergency", cli=phone.cli_e164 or "",
        routes=with_callers(routes, phone.cli_e164 or "", catalogue),
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
