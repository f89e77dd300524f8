"""Terms of a call to wherever it ends up: a telephone, a ring group, a number outside. Writes nothing.

Whoever dialled: a leg to the outside is paid by the account whose number, telephone or ring group leads there, like a
call of its own (charging.md 7). The members of a ring group that cost money or are asked whether they take the call
ring as branches (`branch_dial`), each with an authorisation of its own.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from ..dialplan_names import CONTEXT_BRANCH
from ..ports import CallRequest, CallTerms, Catalogue, Decision, PlannedRoute, Reason, Refused, Ringing
from ..values import ACTIVE, Account, Number, Phone, RingGroup
from .follow_target import (
    MAX_HOPS,
    GoOutside,
    Path,
    Place,
    RingMany,
    RingPhone,
    follow_group,
    follow_phone,
    leads_to_emergency,
)
from .plan_routes import with_callers
from .price_and_route import price_and_route
from .price_chain import chain_of

RING_S = 60
"""How long a carrier or telephone may ring (s); 3GPP and carriers give up at about the same time."""

LONGEST_WAIT_S = RING_S * MAX_HOPS
"""Most time (s) that all telephones of a chain of forwards ring, one after the other."""

WITHHELD = "withheld"

_BRANCH = re.compile(r"(?:p(?P<phone>\d{1,9})|t(?P<target>\d{1,9})(?:p(?P<by>\d{1,9}))?)(?P<screen>s?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as it was proven: a telephone of the account, or somebody outside who called its number."""

    request: CallRequest
    account: Account
    chain: tuple[Account, ...]
    phone: Phone | None = None
    number: Number | None = None

    @property
    def shown(self) -> str:
        """What telephones of the account see."""
        return self.phone.extension if self.phone is not None else self.request.cli

    def shown_outside(self, by: Phone | None) -> str:
        """E.164 shown to a carrier: a number of the account; a stranger's is not ours to show."""
        if self.number is not None:
            return self.number.e164
        own = next((phone.cli_e164 for phone in (by, self.phone) if phone is not None and phone.cli_e164), None)
        return own or ""

    @property
    def told(self) -> str:
        """Who calls, for a called party that is asked whether it takes the call."""
        return re.sub(r"[^0-9]", "", self.shown) or WITHHELD


def find_caller(request: CallRequest, catalogue: Catalogue) -> Caller | Refused:
    """Whoever asked at the beginning of a call, asked again: telephone or trunk, with the number that it dialled."""
    phone = catalogue.phone(request.endpoint)
    number = None
    if phone is None:
        trunk = catalogue.trunk_by_endpoint(request.endpoint)
        if trunk is None:
            return Refused(Reason.UNKNOWN_PHONE, request.endpoint)
        number = catalogue.number(trunk.rules.reads(request.dialled))
        request = replace(request, cli=trunk.rules.reads_caller(request.cli))
    elif phone.state != ACTIVE:
        return Refused(Reason.SUSPENDED, f"telephone {phone.endpoint} is {phone.state}")
    account_id = phone.account_id if phone is not None else number.account_id if number is not None else None
    account = catalogue.account(account_id) if account_id is not None else None
    if account is None:
        return Refused(Reason.BAD_NUMBER, "not a number of ours that is in use")
    chain = chain_of(catalogue, account)
    return chain if isinstance(chain, Refused) else Caller(request, account, chain, phone, number)


def place_of_number(number: Number, catalogue: Catalogue) -> Place | None:
    """Where a call to a number of ours goes; None: nowhere."""
    if number.target_kind == "external" and number.target_external:
        return GoOutside(number.target_external)
    if number.target_group_id is not None:
        group = catalogue.group(number.target_group_id)
        return follow_group(catalogue, group) if group is not None else None
    phone = catalogue.phone(number.target_endpoint) if number.target_endpoint else None
    return follow_phone(catalogue, phone) if phone is not None else None


def place_of_extension(account_id: int, extension: str, catalogue: Catalogue) -> Place | None:
    """Where a call to an extension of an account goes; None: no telephone and no ring group has it."""
    phone = catalogue.phone_by_extension(account_id, extension)
    if phone is not None:
        return follow_phone(catalogue, phone)
    group = catalogue.group_by_extension(account_id, extension)
    return follow_group(catalogue, group) if group is not None else None


def terms_of_place(caller: Caller, place: Place, *, catalogue: Catalogue, now: datetime) -> CallTerms | Refused:
    """Terms of a call that ends up at a place: a leg outside has a price, everything else is internal and free."""
    if isinstance(place, GoOutside):
        return terms_outside(caller, place, catalogue=catalogue, now=now)
    if isinstance(place, RingPhone) and place.phone.state != ACTIVE:
        return Refused(Reason.SUSPENDED, f"telephone {place.phone.endpoint} is {place.phone.state}")
    return terms_inside(caller, place, now)


def terms_inside(caller: Caller, place: RingPhone | RingMany, now: datetime) -> CallTerms:
    """A telephone or a ring group of the account rings."""
    rung = place.phone.phone_id if isinstance(place, RingPhone) else None
    return CallTerms(
        decision=Decision.INTERNAL,
        direction="internal",
        account_id=caller.account.account_id,
        company_id=caller.account.company_id,
        phone_id=caller.phone.phone_id if caller.phone is not None else rung,
        number_id=caller.number.number_id if caller.number is not None else None,
        caller_channel=caller.request.channel,
        cli=caller.shown,
        from_number=caller.shown,
        dialled=caller.request.dialled,
        e164="",
        destination_id=None,
        authorised_at=now,
        ring_s=ring_s_of(place),
        levels=(),
        routes=routes_of(place),
        ringing=ringing_of(place, caller),
    )


def terms_outside(
    caller: Caller, place: GoOutside, *, catalogue: Catalogue, now: datetime, screen: bool = False
) -> CallTerms | Refused:
    """Terms of the leg on which a call goes on to a number outside: its account pays like for its own call."""
    if leads_to_emergency(place.e164, caller.account):
        return Refused(Reason.BAD_NUMBER, "a forward never leads to an emergency number")
    by = place.by or caller.phone
    found = price_and_route(caller.chain, by, place.e164, caller.request.call_ref, catalogue=catalogue, now=now)
    if isinstance(found, Refused):
        return found
    prices, routing = found
    screen = screen or (place.by is not None and place.by.screen_calls)
    return CallTerms(
        decision=Decision.EXTERNAL,
        direction="outbound",
        account_id=caller.account.account_id,
        company_id=caller.account.company_id,
        phone_id=by.phone_id if by is not None else None,
        number_id=caller.number.number_id if caller.number is not None else None,
        caller_channel=caller.request.channel,
        cli=caller.shown_outside(place.by),
        from_number=caller.shown,
        dialled=caller.number.e164 if caller.number is not None else caller.request.dialled,
        e164=place.e164,
        destination_id=prices[0].destination.destination_id,
        authorised_at=now,
        ring_s=RING_S,
        levels=prices.levels,
        routes=with_callers(routing.routes, caller.shown_outside(place.by), catalogue),
        ringing=Ringing(screen=caller.told) if screen else Ringing(),
        warning=prices.warning,
    )


def ring_s_of(place: RingPhone | RingMany) -> int:
    """How long each attempt rings (s)."""
    return place.phone.ring_s if isinstance(place, RingPhone) else place.group.ring_s


def routes_of(place: RingPhone | RingMany) -> tuple[PlannedRoute, ...]:
    """Attempts in turn: one telephone, all members at once, or one member after the other."""
    if isinstance(place, RingPhone):
        return (PlannedRoute(f"PJSIP/{place.phone.endpoint}"),)
    dials = [branch_dial(branch, place.group) for branch in place.branches]
    if place.group.strategy == "parallel":
        return (PlannedRoute("&".join(dials)),)
    return tuple(PlannedRoute(dial) for dial in dials)


def ringing_of(place: RingPhone | RingMany, caller: Caller) -> Ringing:
    """How it rings, and whether the caller may be asked about again."""
    if isinstance(place, RingMany):
        return Ringing(hunt=True)
    later = place.phone.forwards_later
    return Ringing(
        path=path_text(place.path) if later else "",
        screen=caller.told if place.phone.screen_calls else "",
        wait_s=LONGEST_WAIT_S if later else None,
    )


def path_text(path: Path) -> str:
    """A path as the dialplan keeps it."""
    return ".".join(map(str, path))


def read_path(text: str) -> Path:
    """Path of `path_text`; empty for everything else."""
    parts = text.split(".")
    known = all(part.isascii() and part.isdecimal() and len(part) <= 9 for part in parts)
    return tuple(map(int, parts)) if known and len(parts) <= MAX_HOPS else ()


def branch_dial(branch: RingPhone | GoOutside, group: RingGroup) -> str:
    """Dial string of a member: a telephone directly; what asks the bridge by itself as a channel of its own.

    Its name tells the branch: `p<telephone>s`, `t<target>`, `t<target>p<telephone that forwards>`, with an s when the
    called party is asked whether it takes the call.
    """
    if isinstance(branch, RingPhone):
        if not branch.phone.screen_calls:
            return f"PJSIP/{branch.phone.endpoint}"
        return f"Local/p{branch.phone.phone_id}s@{CONTEXT_BRANCH}/n"
    by = f"p{branch.by.phone_id}" if branch.by is not None else ""
    screened = group.screen_calls or (branch.by is not None and branch.by.screen_calls)
    return f"Local/t{branch.target_id}{by}{'s' if screened else ''}@{CONTEXT_BRANCH}/n"


@dataclass(frozen=True, slots=True)
class BranchName:
    """What the name of a branch says."""

    phone_id: int | None
    target_id: int | None
    by_id: int | None
    screen: bool


def read_branch(text: str) -> BranchName | None:
    """Branch of a `branch_dial`; None for everything else."""
    match = _BRANCH.fullmatch(text)
    if match is None:
        return None
    phone_id, target_id, by_id = (int(match[name]) if match[name] else None for name in ("phone", "target", "by"))
    return BranchName(phone_id, target_id, by_id, bool(match["screen"]))
