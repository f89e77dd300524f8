"""A telephone sends the other party of its call elsewhere: may that new leg start? It is the telephone's own call.

Asked on the transferred party's channel. `request.endpoint` is the telephone that transfers, `request.channel` and
`channel_uniqueid` are those of the transferred party, which dials the new leg and may be a carrier's.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from ..core.numbers import is_emergency
from ..ports import CallRequest, CallTerms, Catalogue, Reason, Refused
from .authorise_call import authorise_call
from .prepare_call import prepare_call


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


transfer_call = partial(authorise_call, prepare=prepare_transfer)
"""Set a grant aside for the new leg, at the cost of the telephone's account; the party's own leg goes on."""
