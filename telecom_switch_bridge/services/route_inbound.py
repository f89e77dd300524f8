"""Where does a call lead that a carrier brings for one of our numbers?"""

from datetime import datetime

from ..ports import (
    Allowed,
    CallRequest,
    CallTerms,
    Catalogue,
    Decision,
    PlannedRoute,
    Reason,
    Refused,
    Reservations,
)
from ..values import ACTIVE, Account, Number, Phone
from .authorise_call import reserve_call
from .prepare_call import RING_S, prepare_forward


async def route_inbound(
    request: CallRequest, *, catalogue: Catalogue, reservations: Reservations, now: datetime, grant_s: int
) -> Allowed | Refused:
    """Answer a trunk: ring the number's telephone, or go on to a number outside at its account's price."""
    terms = prepare_inbound(request, catalogue=catalogue, now=now)
    if isinstance(terms, Refused):
        return terms
    return await reserve_call(request, terms, reservations=reservations, grant_s=grant_s)


def prepare_inbound(request: CallRequest, *, catalogue: Catalogue, now: datetime) -> CallTerms | Refused:
    """Terms of a carrier's call; a number that is not ours, or leads nowhere, is refused."""
    if catalogue.trunk_by_endpoint(request.endpoint) is None:
        return Refused(Reason.UNKNOWN_PHONE, f"trunk {request.endpoint}")
    number = catalogue.number(e164_as_sent(request.dialled))
    account = catalogue.account(number.account_id) if number and number.account_id is not None else None
    if number is None or account is None:
        return Refused(Reason.BAD_NUMBER, "not a number of ours that is in use")
    if account.state != ACTIVE:
        return Refused(Reason.SUSPENDED, f"account {account.number} is {account.state}")
    return _to_target(request, number, account, catalogue, now)


def _to_target(
    request: CallRequest, number: Number, account: Account, catalogue: Catalogue, now: datetime
) -> CallTerms | Refused:
    if number.target_kind == "external" and number.target_external:
        return prepare_forward(request, number, account, catalogue=catalogue, now=now)
    phone = catalogue.phone(number.target_endpoint) if number.target_endpoint else None
    if phone is None:
        return Refused(Reason.BAD_NUMBER, f"number {number.e164} leads nowhere")
    return _to_phone(request, number, account, phone, now)


def e164_as_sent(called: str) -> str:
    """E.164 without + of a carrier's called number: it comes as +44.., 0044.. or 44.. ."""
    return called[1:] if called.startswith("+") else called.removeprefix("00")


def _to_phone(request: CallRequest, number: Number, account: Account, phone: Phone, now: datetime) -> CallTerms:
    return CallTerms(
        decision=Decision.INTERNAL,
        direction="inbound",
        account_id=account.account_id,
        company_id=account.company_id,
        phone_id=phone.phone_id,
        number_id=number.number_id,
        caller_channel=request.channel,
        cli=request.cli,
        from_number=request.cli,
        dialled=request.dialled,
        e164=number.e164,
        destination_id=None,
        authorised_at=now,
        ring_s=RING_S,
        levels=(),
        routes=(PlannedRoute(f"PJSIP/{phone.endpoint}"),),
    )
