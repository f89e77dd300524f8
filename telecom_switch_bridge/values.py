"""Plain values that pass through the ports: what the bridge knows about phones, accounts, plans and carriers.

One class a view of the seam (`switch_v1_*`), same field names. Digits are text; E.164 without +; instants aware UTC;
`..._micro` = 1/1,000,000 currency unit; percents in 1/1,000,000 of 1 %; `max_...` None = no limit.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .core import price_walk
from .core.charge import ChargeRule
from .core.trunk_numbers import Habits, NumberRules, Style

ACTIVE = "active"

Rate = price_walk.Rate
"""A row of `switch_v1_rate` is what the price walk takes."""


@dataclass(frozen=True, slots=True)
class Account:
    """A billing account: a customer of `company_id`. `parent_account_id`: that company's own account one level up.

    `rule`: the taxes that it bears; None: they cannot be charged on calls, `tax_fault` says why.
    `class_id`: class of service that its provider has given it; `own_class_id`: the one that the customer keeps itself
    to, for telephones that have none. `allow_loss`: its calls may also go over carriers that cost more than they are
    sold for, where the owner is its provider; the same of a plan. `spend_limited`: its calls may cost so much only.
    """

    account_id: int
    number: str
    company_id: int
    parent_account_id: int | None
    mode: str
    currency: str
    state: str
    plan_id: int | None
    tz: str | None
    country_code: str
    national_prefix: str
    international_prefix: str
    emergency_numbers: tuple[str, ...]
    rule: ChargeRule | None
    max_calls_outbound: int | None = None
    max_calls_inbound: int | None = None
    max_calls_per_second: int | None = None
    inbound_plan_id: int | None = None
    tax_fault: str = ""
    class_id: int | None = None
    own_class_id: int | None = None
    allow_loss: bool = False
    spend_limited: bool = False


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """Plan of an account from `valid_from` until before `valid_to`, open when None; `plan_id` None: no plan.

    An account without any for a direction has the plan of its own row.
    """

    account_id: int
    direction: str
    plan_id: int | None
    valid_from: datetime | None
    valid_to: datetime | None

    def holds(self, at: datetime) -> bool:
        """True when the account has this plan at an instant."""
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone (PJSIP endpoint) of an account."""

    phone_id: int
    endpoint: str
    account_id: int
    extension: str
    cli_e164: str | None
    state: str
    ring_s: int = 60
    screen_calls: bool = False
    forward_always_id: int | None = None
    forward_busy_id: int | None = None
    forward_no_answer_id: int | None = None
    forward_unreachable_id: int | None = None
    class_id: int | None = None

    @property
    def forwards_later(self) -> bool:
        """True when a call that it does not take may go on elsewhere."""
        return not (self.forward_busy_id is self.forward_no_answer_id is self.forward_unreachable_id is None)


@dataclass(frozen=True, slots=True)
class Target:
    """What a forward or a ring group leads to: a telephone, a number outside or a ring group of its account."""

    target_id: int
    account_id: int
    kind: str
    endpoint: str | None
    external: str | None
    group_id: int | None


@dataclass(frozen=True, slots=True)
class RingGroup:
    """Targets that ring for one call, all at once or in turn; `ring_s`: so long at once, or each in turn."""

    group_id: int
    account_id: int
    extension: str | None
    strategy: Literal["parallel", "serial"]
    ring_s: int
    screen_calls: bool
    target_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A number (DID) in use and where it leads."""

    number_id: int
    e164: str
    account_id: int | None
    target_kind: str | None
    target_endpoint: str | None
    target_external: str | None
    max_calls_inbound: int | None = None
    target_group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a call goes, as prices and classes of service know it. `country`: ISO code; None: none (satellites)."""

    destination_id: int
    name: str
    group_id: int | None
    network_type: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A rate plan; `base` = parent: it marks up what its company pays one level up.

    `warning_...`: who hears that a call is about to be cut off, and how long before (s; 0 = not); side None: all three
    are those of the plan one level up. `name`: only `explain` reads it.
    """

    plan_id: int
    company_id: int
    direction: str
    currency: str
    timezone: str
    base: str
    default_method: str | None
    default_percent_micro: int | None
    default_absolute_micro: int | None
    rounding_method: str | None
    rounding_decimals: int | None
    warning_side: str | None = None
    warning_first_s: int = 0
    warning_second_s: int = 0
    name: str = ""
    allow_loss: bool = False


@dataclass(frozen=True, slots=True)
class Allowance:
    """Included minutes, of a plan (`plan_id`) or as a block that accounts buy, and which destinations count."""

    allowance_id: int
    plan_id: int | None
    destination_ids: frozenset[int]
    group_ids: frozenset[int]

    def covers(self, destination: Destination) -> bool:
        """True when calls to a destination count."""
        return destination.destination_id in self.destination_ids or destination.group_id in self.group_ids


@dataclass(frozen=True, slots=True)
class AllowanceBlock:
    """An account has bought a block."""

    account_id: int
    allowance_id: int


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who carries calls for us; `duration_rule`: how its invoice makes whole seconds."""

    carrier_id: int
    name: str
    currency: str
    timezone: str
    duration_rule: Literal["up", "nearest", "down"]
    rounding_method: str
    rounding_decimals: int
    state: str


@dataclass(frozen=True, slots=True)
class Trunk:
    """A way to a carrier (PJSIP endpoint) and how it wants numbers written.

    `registers`: it logs in there; `login_version`: another one when user name or password have changed. `check_s`: so
    often Asterisk asks whether it is there (OPTIONS); None: never, it counts as there. `country_code` and
    the prefixes are of the country in whose habits it writes national numbers; empty: none.
    """

    trunk_id: int
    carrier_id: int
    endpoint: str
    state: str
    strip_digits: int
    add_prefix: str
    plus_sign: bool
    max_channels: int | None = None
    max_calls_per_second: int | None = None
    give_up_s: int | None = None
    registers: bool = False
    check_s: int | None = None
    login_version: int = 0
    number_style: Style = "international"
    cli_style: Style = "international"
    country_code: str = ""
    national_prefix: str = ""
    international_prefix: str = "00"
    in_strip_digits: int = 0
    in_add_prefix: str = ""

    rules: NumberRules = field(init=False, repr=False, compare=False)
    """How it wants numbers, and writes its own; made once, for each call asks."""

    def __post_init__(self) -> None:
        """Make the rules."""
        rules = NumberRules(
            self.number_style,
            self.cli_style,
            Habits(self.country_code, self.national_prefix, self.international_prefix),
            self.strip_digits,
            self.add_prefix,
            self.plus_sign,
            self.in_strip_digits,
            self.in_add_prefix,
        )
        object.__setattr__(self, "rules", rules)


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A trunk of a route entry."""

    trunk_id: int
    priority: int
    weight: int


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """How calls to a prefix are routed; no lines: all active trunks. Margins are per minute and in percent.

    `least_quality`: trunks below it are tried after all others.
    """

    route_id: int
    prefix: str
    rule: str
    expected_s: int
    allow_loss: bool
    min_margin_micro: int
    min_margin_percent_micro: int
    is_emergency: bool
    lines: tuple[RouteLine, ...] = ()
    least_quality: int = 0


@dataclass(frozen=True, slots=True)
class TrunkQuality:
    """How well a trunk completes calls to a destination, to a group of them, or everywhere (both None).

    `quality`: 0 to 100. `asr`: percent; `acd_s`, `pdd_ms`: None when not known. All but the quality is for `explain`.
    """

    trunk_id: int
    destination_id: int | None
    group_id: int | None
    quality: int
    asr: float = 0
    acd_s: float | None = None
    pdd_ms: int | None = None
    calls: int = 0


@dataclass(frozen=True, slots=True)
class CarrierBlock:
    """A carrier that gets no calls to a destination, or to a group of them."""

    carrier_id: int
    destination_id: int | None
    group_id: int | None
    reason: str | None = None
