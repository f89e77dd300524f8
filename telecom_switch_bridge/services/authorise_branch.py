"""One member of a ring group asks for itself: may it ring, and who is told what? Each has an authorisation of its own.

So two numbers outside that ring at once are two reservations; the one that answers is charged by its own leg, the
other is given back when its channel ends.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from ..ports import CallRequest, CallTerms, Catalogue, Reason, Refused
from .authorise_call import authorise_call
from .follow_target import GoOutside, RingPhone, usable
from .prepare_detour import BranchName, Caller, find_caller, read_branch, terms_inside, terms_outside


def prepare_branch(request: CallRequest, *, catalogue: Catalogue, now: datetime) -> CallTerms | Refused:
    """Terms of a branch, which its channel's name tells; refused when its telephone or target is not the account's."""
    name = read_branch(request.said[0]) if len(request.said) == 1 else None
    caller = find_caller(request, catalogue)
    if isinstance(caller, Refused):
        return caller
    if name is None:
        return Refused(Reason.BAD_NUMBER, "no branch of a ring group")
    if name.phone_id is not None:
        return _telephone(caller, name, catalogue, now)
    return _outside(caller, name, catalogue, now)


def _telephone(caller: Caller, name: BranchName, catalogue: Catalogue, now: datetime) -> CallTerms | Refused:
    phone = catalogue.phone_by_id(name.phone_id or 0)
    if phone is None or phone.account_id != caller.account.account_id:
        return Refused(Reason.BAD_NUMBER, f"telephone {name.phone_id} is not of the account")
    terms = terms_inside(caller, RingPhone(phone, ()), now)
    return replace(terms, ringing=replace(terms.ringing, path="", wait_s=None))


def _outside(caller: Caller, name: BranchName, catalogue: Catalogue, now: datetime) -> CallTerms | Refused:
    account_id = caller.account.account_id
    target = usable(catalogue, account_id, name.target_id)
    by = catalogue.phone_by_id(name.by_id) if name.by_id is not None else None
    if target is None or not target.external or (by is not None and by.account_id != account_id):
        return Refused(Reason.BAD_NUMBER, f"target {name.target_id} is not one of the account outside")
    place = GoOutside(target.external, target.target_id, by)
    return terms_outside(caller, place, catalogue=catalogue, now=now, screen=name.screen)


authorise_branch = partial(authorise_call, prepare=prepare_branch)
"""Answer the channel of a branch; endpoint and digits are those of the call that it belongs to."""
