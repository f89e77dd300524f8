"""What services need from the world (Protocols) and the questions and answers of a call.

Units: seconds `_s`, microseconds `_us`, 1/1,000,000 currency unit `_micro`. Instants are aware UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from .allowance_ports import NO_INCLUDED, Covers, Included
from .core.class_of_service import DialledPlace, ServiceClass
from .core.money import FACTOR_ONE
from .core.price_walk import RateBook
from .core.rating import ChargeRule, Tariff
from .route_ports import RouteCatalogue
from .values import Account, Destination, Number, Phone, Plan, RingGroup, Target, Trunk

MAX_CALL_S = 14_400
"""Longest call (s): four hours; the dialplan has the same bound."""

Json = dict[str, Any]

Direction = Literal["outbound", "inbound"]
"""Which of an account's plans prices a call."""


class Reason(StrEnum):
    """Why a call is refused; the dialplan says each in words."""

    NO_RATE = "no_rate"
    NO_CREDIT = "no_credit"
    NO_ROUTE = "no_route"
    UNPROFITABLE = "unprofitable"
    UNKNOWN_PHONE = "unknown_phone"
    SUSPENDED = "suspended"
    BAD_NUMBER = "bad_number"
    TOO_MANY_CALLS = "too_many_calls"
    UNAVAILABLE = "unavailable"
    UNANSWERED = "unanswered"
    BARRED = "barred"
    SPEND_LIMIT = "spend_limit"


class Decision(StrEnum):
    """What kind of call was allowed."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A telephone or a carrier's trunk asks; `sequence` counts the questions of one channel.

    `said`: what a question has besides, in its own order.
    """

    endpoint: str
    dialled: str
    sequence: int
    cli: str
    channel_uniqueid: str
    channel: str
    said: tuple[str, ...] = ()

    @property
    def call_ref(self) -> str:
        """Id of the authorisation: the same question asked again gets the stored answer."""
        return f"{self.channel_uniqueid}-{self.sequence}"


@dataclass(frozen=True, slots=True)
class Level:
    """A payer: level 0 is the customer. `rule`: its taxes. `free`: never costs. `allowance_ids`: included minutes.
    `plan_currency`: of the tariff, when it is not the account's. `spend_limited`: it may spend so much only."""

    level: int
    account_id: int
    company_id: int
    plan_id: int
    rate_id: int | None
    currency: str
    rule: ChargeRule
    tariff: Tariff
    free: bool
    plan_currency: str = ""
    allowance_ids: tuple[int, ...] = ()
    spend_limited: bool = False


Side = Literal["caller", "called"]
"""A party of a call: who dialled (for a call that comes in: the carrier's channel), or who was dialled."""


@dataclass(frozen=True, slots=True)
class CutOffWarning:
    """Who hears that a call ends soon and cannot be extended, and how long before (s): the longest time first."""

    sides: tuple[Side, ...]
    before_s: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlannedRoute:
    """One attempt: dial string and, if a carrier is paid for it (or pays us, for a call that it brings), its terms.

    `cli`: the caller's number as this carrier wants it, when it is another text than that of the call.
    `give_up_s`: how long a carrier that gives no sign of life is waited for; None: as long as Asterisk does.
    `factor_e8`: by what its currency was held against the sale's.
    """

    dial: str
    trunk_id: int | None = None
    carrier_id: int | None = None
    currency: str | None = None
    duration_rule: Literal["up", "nearest", "down"] = "up"
    tariff: Tariff | None = None
    give_up_s: int | None = None
    cli: str | None = None
    factor_e8: int = FACTOR_ONE


@dataclass(frozen=True, slots=True)
class Ringing:
    """How a call rings, where that is not one telephone or carrier after the other and no more.

    `path`: ids of the telephones passed so far, joined by dots, when the last one may forward a call that it does not
    take; empty: nobody is asked again. `screen`: who calls (digits or `withheld`), to be told to the called party,
    which must press 1; empty: it is not asked. `hunt`: every route is tried, whatever the one before said.
    `wait_s`: longest time until an answer."""

    path: str = ""
    screen: str = ""
    hunt: bool = False
    wait_s: int | None = None


@dataclass(frozen=True, slots=True)
class CallTerms:
    """Everything that was decided about a call, frozen with its authorisation (charging.md 4).

    `direction` inbound: the terms are those of the carrier's own channel, which came over trunk `from_trunk_id`;
    `carrier_pays`: by which terms its carrier pays us (nothing was dialled: `dial` is empty), None = it does not.
    `transferred_by`: extension of the telephone that sent the other party of its call here. `linkedid`: the call that
    its legs have become part of by a transfer, when it is not their own."""

    decision: Decision
    direction: str
    account_id: int | None
    company_id: int | None
    phone_id: int | None
    number_id: int | None
    caller_channel: str
    cli: str
    from_number: str
    dialled: str
    e164: str
    destination_id: int | None
    authorised_at: datetime
    ring_s: int
    levels: tuple[Level, ...]
    routes: tuple[PlannedRoute, ...]
    from_trunk_id: int | None = None
    from_carrier_id: int | None = None
    warning: CutOffWarning | None = None
    carrier_pays: PlannedRoute | None = None
    ringing: Ringing = Ringing()
    transferred_by: str = ""
    linkedid: str = ""

    @property
    def payers(self) -> tuple[Level, ...]:
        """Levels for which money is set aside."""
        return tuple([level for level in self.levels if not level.free])


@dataclass(frozen=True, slots=True)
class Allowed:
    """The call may start. `granted_s` None: no limit but the longest call.

    `call_ref` empty: it goes on under the authorisation that its channel has already.
    """

    call_ref: str
    granted_s: int | None
    terms: CallTerms


@dataclass(frozen=True, slots=True)
class Refused:
    """The call may not start; `detail` is for the log."""

    reason: Reason
    detail: str = ""


class Catalogue(RouteCatalogue, Protocol):
    """What is sold, bought and connected, as of one moment; never changes, a newer one replaces it."""

    def phone(self, endpoint: str) -> Phone | None:
        """Telephone by PJSIP endpoint."""

    def phone_by_extension(self, account_id: int, extension: str) -> Phone | None:
        """Telephone of an account by its extension."""

    def phone_by_id(self, phone_id: int) -> Phone | None:
        """Telephone by id."""

    def target(self, target_id: int) -> Target | None:
        """What a forward or ring group leads to; None when it is not in use any more."""

    def group(self, group_id: int) -> RingGroup | None:
        """Ring group by id."""

    def group_by_extension(self, account_id: int, extension: str) -> RingGroup | None:
        """Ring group of an account by its extension."""

    def account(self, account_id: int) -> Account | None:
        """Billing account by id."""

    def number(self, e164: str) -> Number | None:
        """Number (DID) of ours."""

    def trunk_by_endpoint(self, endpoint: str) -> Trunk | None:
        """Trunk by PJSIP endpoint."""

    def destinations(self, e164: str) -> Iterable[Destination]:
        """Destinations whose prefixes the number has, longest prefix first."""

    def dialled_places(self, e164: str) -> Iterable[DialledPlace]:
        """The same, as classes of service look at them."""

    def service_class(self, class_id: int) -> ServiceClass | None:
        """Class of service by id."""

    def plan_id_of(self, account: Account, direction: Direction, at: datetime) -> int | None:
        """Id of the plan by which an account is charged at an instant; None when it has none."""

    def plan(self, plan_id: int) -> Plan | None:
        """Rate plan by id."""

    def factor_e8(self, from_currency: str, to_currency: str, at: datetime) -> int | None:
        """Units of one currency for one of another at an instant, with 8 decimals; None: no rate is known."""

    def rates(self, plan_id: int) -> RateBook:
        """All rates of a plan."""

    def allowances(self, account_id: int, plan_id: int, destination: Destination) -> tuple[int, ...]:
        """Ids of the included minutes that an account may have, by its plan or bought, for calls to a destination."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Something whose living calls are counted by a name, and how many it may have (None: no limit)."""

    name: str
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money to set aside for a call at all its levels: `amounts_micro` in the order of `account_ids`.

    It counts on `counted_on`, and on the first of `trunks` that has a channel left. `terms`: as `frozen` has them.
    `least_micro`: the least that each level needs; told when limits of spending or included minutes count."""

    call_ref: str
    channel_uniqueid: str
    account_ids: tuple[int, ...]
    amounts_micro: tuple[int, ...]
    granted_s: int
    frozen: Json
    counted_on: tuple[Counted, ...] = ()
    trunks: tuple[Counted, ...] = ()
    terms: CallTerms | None = None
    covers: Covers = ()
    least_micro: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReserveOutcome:
    """`outcome`: taken, repeated (stored `granted_s`, `frozen`), short (`headroom_micro`; `limited`: accounts and their
    limits of spending that leave no room), no_wallet, full (`full`: which names), partly (`included`: what is there of
    a cover). `routes`: places (from 0 on) left, None: all."""

    outcome: str
    granted_s: int = 0
    frozen: Json | None = None
    headroom_micro: tuple[int, ...] = ()
    full: tuple[str, ...] = ()
    routes: tuple[int, ...] | None = None
    included: Included = NO_INCLUDED
    limited: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ExtendOutcome:
    """`outcome`: extended, short, gone, partly. When short: most that each new total may be, and what it would be with
    an even share of the credit that is left. `included`: as it is now, when the call has included seconds."""

    outcome: str
    headroom_micro: tuple[int, ...] = ()
    share_micro: tuple[int, ...] = ()
    included: Included = NO_INCLUDED


class Reservations(Protocol):
    """Sets money aside. Both raise DatabaseAbsent; a repeated call_ref is safe."""

    async def reserve(self, wanted: Reservation) -> ReserveOutcome:
        """Set aside all amounts and count the call where it counts, or neither."""

    async def extend(
        self,
        call_ref: str,
        amounts_micro: Sequence[int],
        granted_s: int,
        sharers: Sequence[int] | None = None,
        covers: Covers = (),
        *,
        least_micro: Sequence[int] = (),
    ) -> ExtendOutcome:
        """Replace the amounts set aside by new totals, all or none. `least_micro`: as of a reservation.
        `sharers`: running calls that each level pays; a total then grows by an even share of what is left at most.
        """


NORMAL_CLEARING = 16
"""Cause of a channel that is ended because the call is over (Q.850)."""


@dataclass(frozen=True, slots=True)
class Living:
    """A living channel; `is_up`: it was answered."""

    uniqueid: str
    channel: str
    linkedid: str
    is_up: bool


class Switch(Protocol):
    """Asterisk, as far as services act on it; everything raises SwitchAbsent."""

    async def set_absolute_timeout(self, channel: str, seconds: float) -> bool:
        """Let a live channel end in so many seconds from now; False when there is no such channel."""

    async def live_channels(self) -> Mapping[str, str]:
        """Channel names by uniqueid."""

    async def living(self) -> Sequence[Living]:
        """Every living channel."""

    async def userfield(self, channel: str) -> str:
        """`CHANNEL(userfield)` of a channel; empty when it has none or is gone."""

    async def hang_up(self, channel: str, cause: int = NORMAL_CLEARING) -> None:
        """End a channel with a cause (Q.850); one that is gone is no error."""

    async def has_answered_back(self, channel: str) -> bool:
        """True when anything has come back to what we sent for a dialled channel, or when it is gone."""

    async def note(self, channel: str, text: str) -> None:
        """Leave a text of ours on a channel: it lives as long as the channel, whatever becomes of the bridge."""

    async def noted(self, channel: str) -> str:
        """Text that was left on a channel; empty when there is none, or no such channel."""


class Whisperer(Protocol):
    """Speaks to one party of a call; raises SwitchAbsent when that cannot be done now."""

    async def whisper(self, channel_uniqueid: str, prompt: str) -> bool:
        """Play one of our prompts to the party at a channel and to nobody else, to its end; False: no such channel."""


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asked this node to do, and how long ago by the database's clock.

    `channels`: uniqueids of the call's channels, its caller's first.
    """

    command_id: int
    call_ref: str
    waited_s: float
    channels: tuple[str, ...]


class Commands(Protocol):
    """Commands of people to this node, as rows; everything raises DatabaseAbsent."""

    async def open_commands(self) -> Sequence[Command]:
        """Commands without an outcome, oldest first."""

    async def finish(self, command_id: int, outcome: str) -> None:
        """Write the outcome: done, gone or expired. One that is written stays."""
