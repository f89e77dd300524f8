"""Where a call ends up that a telephone, a number or a ring group passes on. Pure: reads the catalogue, prices nothing.

A forward that cannot be followed is none: that of another account, to an emergency number, to something archived, back
to a telephone that was passed already, or beyond MAX_HOPS. So every chain of forwards ends at something that can ring.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..ports import Catalogue
from ..values import Account, Phone, RingGroup, Target

MAX_HOPS = 5
"""Telephones that one call may pass, however their forwards are chained."""

MAX_BRANCHES = 20
"""Targets of a ring group that ring for one call; the group's form has the same bound."""

Path = tuple[int, ...]
"""Ids of the telephones that a call has passed, the last one rings or forwards."""


class Why(StrEnum):
    """Why a telephone that was rung did not take a call."""

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class RingPhone:
    """A telephone rings."""

    phone: Phone
    path: Path


@dataclass(frozen=True, slots=True)
class GoOutside:
    """The call goes on to a number outside; `target_id` None: a number (DID) itself leads there."""

    e164: str
    target_id: int | None = None
    by: Phone | None = None
    """Telephone whose forward it is."""


@dataclass(frozen=True, slots=True)
class RingMany:
    """A ring group rings."""

    group: RingGroup
    branches: tuple[RingPhone | GoOutside, ...]


Place = RingPhone | GoOutside | RingMany


def follow_phone(catalogue: Catalogue, phone: Phone, path: Path = ()) -> Place:
    """Where a call to a telephone goes: unconditional forwards are followed, the last telephone rings."""
    last, target = _walk(catalogue, phone, path)
    return (_beyond(catalogue, target, last.phone, last.path) if target is not None else None) or last


def follow_later(catalogue: Catalogue, phone: Phone, why: Why, path: Path) -> Place | None:
    """Where a call goes that the telephone at the end of `path` did not take; None: nowhere."""
    forwards = {
        Why.BUSY: phone.forward_busy_id,
        Why.NO_ANSWER: phone.forward_no_answer_id,
        Why.UNREACHABLE: phone.forward_unreachable_id,
    }
    target = usable(catalogue, phone.account_id, forwards[why])
    if target is None:
        return None
    onward = _phone_of(catalogue, target)
    if onward is None:
        return _beyond(catalogue, target, phone, path)
    if onward.phone_id in path or len(path) >= MAX_HOPS:
        return None
    return follow_phone(catalogue, onward, path)


def follow_group(catalogue: Catalogue, group: RingGroup, path: Path = ()) -> RingMany | None:
    """Whom a ring group rings; None when nobody is left in it."""
    branches = tuple(dict.fromkeys(_branches(catalogue, group, path)))[:MAX_BRANCHES]
    return RingMany(group, branches) if branches else None


def usable(catalogue: Catalogue, account_id: int, target_id: int | None) -> Target | None:
    """A target that calls of an account may be led to; None if it is none, or leads to an emergency number."""
    target = catalogue.target(target_id) if target_id is not None else None
    if target is None or target.account_id != account_id:
        return None
    account = catalogue.account(account_id)
    if target.external and (account is None or leads_to_emergency(target.external, account)):
        return None
    return target


def leads_to_emergency(e164: str, account: Account) -> bool:
    """True for an emergency number of the account's country, with or without the country's code."""
    return not {e164, e164.removeprefix(account.country_code)}.isdisjoint(account.emergency_numbers)


def _beyond(catalogue: Catalogue, target: Target, by: Phone, path: Path) -> Place | None:
    """Where a target leads that is no telephone; None when nothing is there any more."""
    if target.kind == "external" and target.external:
        return GoOutside(target.external, target.target_id, by)
    group = catalogue.group(target.group_id) if target.group_id is not None else None
    return follow_group(catalogue, group, path) if group is not None else None


def _branches(catalogue: Catalogue, group: RingGroup, path: Path) -> Iterator[RingPhone | GoOutside]:
    """A member's unconditional forward is followed, but not into another group: then the member itself rings."""
    for target_id in group.target_ids:
        target = usable(catalogue, group.account_id, target_id)
        if target is None:
            continue
        phone = _phone_of(catalogue, target)
        if phone is not None:
            yield _member(catalogue, phone, path)
        elif target.kind == "external" and target.external:
            yield GoOutside(target.external, target.target_id)


def _member(catalogue: Catalogue, phone: Phone, path: Path) -> RingPhone | GoOutside:
    if phone.phone_id in path:
        return RingPhone(phone, ())
    last, target = _walk(catalogue, phone, ())
    if target is not None and target.kind == "external" and target.external:
        return GoOutside(target.external, target.target_id, last.phone)
    return RingPhone(last.phone, ())


def _walk(catalogue: Catalogue, phone: Phone, path: Path) -> tuple[RingPhone, Target | None]:
    """The last telephone of a chain of unconditional forwards, and what it forwards to that is no telephone."""
    while True:
        path = (*path, phone.phone_id)
        target = usable(catalogue, phone.account_id, phone.forward_always_id)
        onward = _phone_of(catalogue, target) if target is not None else None
        if onward is None:
            return RingPhone(phone, path), target
        if onward.phone_id in path or len(path) >= MAX_HOPS:
            return RingPhone(phone, path), None
        phone = onward


def _phone_of(catalogue: Catalogue, target: Target) -> Phone | None:
    return catalogue.phone(target.endpoint) if target.endpoint else None
