"""A telephone sends the other party of its call elsewhere: may that new leg start? It is the telephone's own call.

Asked on the transferred party's channel. `request.endpoint` is the telephone that transfers, `request.channel` and
`channel_uniqueid` are those of the transferred party, which dials the new leg and may be a carrier's.
"""

from dataclasses import replace
from datetime import datetime

from ..core.numbers import is_emergency
from ..ports import Allowed, CallRequest, CallTerms, Catalogue, Reason, Refused, Reservations
from .authorise_call import reserve_call
from .call_rates import CallRates, Limits
from .prepare_call import prepare_call


async def transfer_call(
    request: CallRequest,
    *,
    catalogue: Catalogue,
    reservations: Reservations,
    now: datetime,
    grant_s: int,
    rates: CallRates | None = None,
) -> Allowed | Refused:
    """Set a grant aside for the new leg, at the cost of the telephone's account; the party's own leg goes on."""
    terms = prepare_transfer(request, catalogue=catalogue, now=now)
    if isinstance(terms, Refused):
        return terms
    limits = Limits(catalogue, CallRates() if rates is None else rates, now)
    return await reserve_call(request, terms, reservations=reservations, grant_s=grant_s, limits=limits)


def prepare_transfer(request: CallRequest, *, catalogue: Catalogue, now: datetime) -> CallTerms | Refused:
    """Terms of the new leg: those of a call that the telephone makes itself, but never to an emergency service.

    Whoever is in need calls it: a desk that is handed a stranger could not know who and where that is.
    """
    phone = catalogue.phone(request.endpoint)
    account = catalogue.account(phone.account_id) if phone else None
    if phone is None or account is None:
        return Refused(Reason.UNKNOWN_PHONE, request.endpoint)
    if is_emergency(request.dialled, account.emergency_numbers):
        return Refused(Reason.BAD_NUMBER, "a transfer to an emergency number")
    terms = prepare_call(request, catalogue=catalogue, now=now)
    return terms if isinstance(terms, Refused) else replace(terms, transferred_by=phone.extension)
