"""Which rows of the seam a question needs: those of its own number, account and prefixes, never whole decks.

`read` is a conversation: it yields a query's name with its parameters and is sent the rows, so that the bridge reads
over asyncpg and Odoo in the transaction of its page. Other than the live catalogue it also reads what is over, so that
a call of last month is explained by the prices of last month.
"""

import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from ..core.currency import CurrencyRate
from ..core.numbers import Refusal, normalise_dialled
from ..core.prefix import is_digits
from ..core.trunk_numbers import read_number
from ..services.limits import trunk_name
from ..store.catalogue import LoadedCatalogue
from ..store.deck import Deck
from ..store.rows import (
    Row,
    account_of,
    allowance_of,
    deck_row_of,
    plain,
    rate_of,
    ring_group_of,
    route_line_of,
    route_of,
    service_classes_of,
)
from ..values import (
    Account,
    AccountPlan,
    AllowanceBlock,
    Carrier,
    CarrierBlock,
    Destination,
    Number,
    Phone,
    Plan,
    Rate,
    Target,
    Trunk,
    TrunkQuality,
)
from .fraud import FraudRule
from .typed import bare, find_phones

Ask = tuple[str, tuple[Any, ...]]
Reading = Generator[Ask, Sequence[Row], Any]

TRUNK = re.compile(r"trunk-[0-9]{1,9}", re.ASCII)

DEFAULT_GRANT_S = 120
"""First grant where nobody says what the bridge's settings are (s); charging.md 10."""


@dataclass(frozen=True, slots=True)
class Question:
    """`caller`: a telephone (SIP user name, extension or own number), or `trunk-<id>` for a call that comes in."""

    caller: str
    to: str
    at: datetime
    seconds: int
    grant_s: int = DEFAULT_GRANT_S

    @property
    def is_inbound(self) -> bool:
        """True when a carrier calls."""
        return TRUNK.fullmatch(self.caller) is not None


@dataclass(frozen=True, slots=True)
class Wallet:
    """What an account has (micro-units of its currency)."""

    account_id: int
    balance_micro: int
    reserved_micro: int
    credit_limit_micro: int

    @property
    def headroom_micro(self) -> int:
        """What a new call may use."""
        return self.balance_micro + self.credit_limit_micro - self.reserved_micro


class SpendRoom(NamedTuple):
    """The most that a new call of an account may set aside (micro-units) by its limits of spending, and which says so.

    Of a locked account: the limit or kind of fraud rule that locked it, and the fraud rule's name.
    """

    micro: int
    rule: str
    locked_by: str | None = None
    locked_name: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What was read. `phones`: those that go by the caller's word; if it is none, `others` are all there are."""

    catalogue: LoadedCatalogue
    phones: tuple[Phone, ...] = ()
    others: tuple[Phone, ...] = ()
    wallets: Mapping[int, Wallet] | None = None
    living: Mapping[str, int] | None = None
    left_s: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Included seconds that an account (first) has left of an allowance (second)."""
    rooms: Mapping[int, SpendRoom] = field(default_factory=dict)
    """What limits of spending leave of accounts that have some."""
    fraud_rules: tuple[FraudRule, ...] = ()
    """Fraud rules that count the call, with what they have counted."""

    def headroom_micro(self, account_id: int) -> int:
        """What a new call of an account may set aside, by its wallet and its limits of spending."""
        headroom_micro = (self.wallets or {})[account_id].headroom_micro
        return min(headroom_micro, self.rooms[account_id].micro) if account_id in self.rooms else headroom_micro

    def included_s(self, account_id: int, allowance_ids: Iterable[int]) -> int:
        """Included seconds that a new call of an account may use."""
        return sum(self.left_s.get((account_id, one), 0) for one in allowance_ids)


def read(question: Question) -> Generator[Ask, Sequence[Row], Known]:
    """Yield what to ask, be sent the rows, return what is known."""
    phones: tuple[Phone, ...] = ()
    numbers: tuple[Number, ...] = ()
    if question.is_inbound:
        rows = yield "trunks", ()
        arriving = next((plain(Trunk, row) for row in rows if row["endpoint"] == question.caller), None)
        number = arriving.rules.reads(question.to) if arriving is not None else question.to
        rows = yield "explain_numbers", ([number],)
        numbers = tuple(plain(Number, row) for row in rows)
        account_id = numbers[0].account_id if numbers else None
        rows = yield "explain_phones", ([one.target_endpoint for one in numbers if one.target_endpoint], "")
        others = tuple(plain(Phone, row) for row in rows)
    else:
        rows = yield "explain_phones", ([question.caller], bare(question.caller))
        phones = tuple(find_phones((plain(Phone, row) for row in rows), question.caller))
        if not phones:
            rows = yield "phones", ()
            return Known(LoadedCatalogue(), others=tuple(plain(Phone, row) for row in rows))
        account_id = phones[0].account_id
        rows = yield "explain_colleagues", (account_id, question.to)
        others = tuple(plain(Phone, row) for row in rows)
    rows = yield "explain_accounts", (account_id,)
    accounts = tuple(account_of(row) for row in rows)
    onward = yield from _onward(account_id)
    called = _numbers_called(question, accounts[:1], numbers)
    called += [one.external for one in onward["target_rows"] if one.external]
    parts = yield from _prices(accounts, called)
    left_s = yield from _included(accounts, parts)
    parts |= yield from _routes(called)
    parts |= yield from _quality(parts["destination_rows"])
    every = tuple({*phones, *others, *onward.pop("phone_rows")})
    parts |= yield from _classes(accounts, every)
    rows = yield "explain_numbers", (called,)
    ours = (*numbers, *(plain(Number, row) for row in rows if row["e164"] not in {one.e164 for one in numbers}))
    parts |= onward | {"account_rows": accounts, "number_rows": ours, "phone_rows": every}
    catalogue = LoadedCatalogue(**parts)
    wallets, living = yield from _money_and_calls(accounts, numbers, catalogue.trunk_rows)
    rooms = yield from _rooms(accounts)
    rules = yield from _fraud_rules(accounts, called, catalogue)
    return Known(catalogue, phones, (), wallets, living, left_s, rooms, rules)


def _included(accounts: tuple[Account, ...], parts: dict[str, Any]) -> Reading:
    """Included minutes of the accounts, into `parts`; returns what is left of them."""
    ids = [account.account_id for account in accounts]
    rows = yield "explain_allowances", ([plan.plan_id for plan in parts["plan_rows"]], ids)
    parts["allowance_rows"] = tuple(allowance_of(row) for row in rows)
    rows = yield "explain_allowance_blocks", (ids,)
    parts["allowance_block_rows"] = tuple(plain(AllowanceBlock, row) for row in rows)
    rows = yield "explain_allowances_left", (ids,)
    return {(row["account_id"], row["allowance_id"]): row["free_s"] for row in rows}


def _rooms(accounts: tuple[Account, ...]) -> Reading:
    """The narrowest limit of spending of each account that has one."""
    limited = [account.account_id for account in accounts if account.spend_limited]
    rows = (yield "explain_spend_rooms", (limited,)) if limited else ()
    found = sorted(rows, key=lambda row: (row["room_micro"], row["rule"]), reverse=True)
    return {
        row["account_id"]: SpendRoom(row["room_micro"], row["rule"], row["locked_by"], row["locked_name"])
        for row in found
    }


def _fraud_rules(accounts: tuple[Account, ...], called: Iterable[str], catalogue: LoadedCatalogue) -> Reading:
    """What the accounts' fraud rules say about every number that may be called."""
    watched = [account.account_id for account in accounts if account.spend_limited]
    places = {(e164, one.destination_id) for e164 in called for one in catalogue.destinations(e164)}
    numbers, destinations = [e164 for e164, _ in sorted(places)], [place for _, place in sorted(places)]
    rows = (yield "explain_fraud_rules", (watched, numbers, destinations)) if watched and places else ()
    return tuple(plain(FraudRule, row) for row in rows)


def _onward(account_id: int | None) -> Reading:
    """Where forwards and ring groups of the account lead, and the telephones among that."""
    rows = yield "explain_targets", (account_id,)
    targets = tuple(plain(Target, row) for row in rows)
    rows = yield "explain_ring_groups", (account_id,)
    groups = tuple(ring_group_of(row) for row in rows)
    rows = yield "explain_phones", ([one.endpoint for one in targets if one.endpoint], "")
    return {"target_rows": targets, "group_rows": groups, "phone_rows": tuple(plain(Phone, row) for row in rows)}


def _numbers_called(question: Question, account: Iterable[Account], numbers: Iterable[Number]) -> list[str]:
    """Every number whose price or route may be looked up: as dialled (emergency), as E.164, and where it goes on to."""
    found = [question.to, read_number(question.to)]
    for one in account:
        e164 = normalise_dialled(question.to, one.country_code, one.national_prefix, one.international_prefix)
        found += [] if isinstance(e164, Refusal) else [e164]
    found += [one.target_external for one in numbers if one.target_external]
    return [number for number in found if is_digits(number)]


def _beginnings(numbers: Iterable[str]) -> list[str]:
    return sorted({number[:length] for number in numbers for length in range(1, len(number) + 1)})


def _prices(accounts: tuple[Account, ...], called: Iterable[str]) -> Reading:
    """Destinations of the numbers, plans of the accounts and what those say about these destinations."""
    rows = yield "explain_account_plans", ([account.account_id for account in accounts],)
    dated = tuple(plain(AccountPlan, row) for row in rows)
    rows = yield "explain_prefixes", (_beginnings(called),)
    prefixes = tuple((row["prefix"], row["destination_id"]) for row in rows)
    rows = yield "explain_destinations", ([destination_id for _, destination_id in prefixes],)
    places = tuple(plain(Destination, row) for row in rows)
    plan_ids = (
        {row.plan_id for row in dated} | {one.plan_id for one in accounts} | {one.inbound_plan_id for one in accounts}
    )
    wanted = sorted(plan_ids - {None})  # type: ignore[type-var]
    rows = yield "explain_plans", (wanted,)
    plans = tuple(plain(Plan, row) for row in rows)
    groups = [one.group_id for one in places if one.group_id is not None]
    rows = yield "currency_rates", ()
    currencies = tuple(plain(CurrencyRate, row) for row in rows)
    rows = yield "explain_rates", (wanted, [one.destination_id for one in places], groups)
    return {
        "account_plan_rows": dated,
        "prefix_rows": prefixes,
        "destination_rows": places,
        "plan_rows": plans,
        "rate_rows": tuple(rate for row in rows if (rate := _readable(row)) is not None),
        "currency_rows": currencies,
    }


def _classes(accounts: Iterable[Account], phones: Iterable[Phone]) -> Reading:
    """Classes of service of the accounts and telephones."""
    ids = {one.class_id for one in accounts} | {one.own_class_id for one in accounts} | {one.class_id for one in phones}
    wanted = sorted(ids - {None})  # type: ignore[type-var]
    classes = yield "explain_service_classes", (wanted,)
    rules = yield "explain_service_rules", (wanted,)
    return {"class_rows": service_classes_of(classes, rules)}


def _readable(row: Row) -> Rate | None:
    """As for live calls: a rate that cannot be read is none, so that its calls are refused."""
    try:
        return rate_of(row)
    except (KeyError, TypeError, ValueError):
        return None


def _routes(called: Iterable[str]) -> Reading:
    """Route entries of the numbers, all trunks and carriers, and the rows of their decks for the numbers."""
    beginnings = _beginnings(called)
    entries = yield "explain_routes", ([*beginnings, ""],)
    rows = yield "explain_route_lines", ([entry["route_id"] for entry in entries],)
    lines = [(row["route_id"], route_line_of(row)) for row in rows]
    rows = yield "trunks", ()
    trunks = tuple(plain(Trunk, row) for row in rows)
    rows = yield "carriers", ()
    carriers = tuple(plain(Carrier, row) for row in rows)
    rows = yield "explain_down_trunks", ()
    down = frozenset(row["trunk_id"] for row in rows)
    rows = yield "explain_decks", (beginnings,)
    return {
        "down_trunks": down,
        "route_rows": tuple(
            route_of(entry, tuple(line for route_id, line in lines if route_id == entry["route_id"]))
            for entry in entries
        ),
        "trunk_rows": trunks,
        "carrier_rows": carriers,
        "decks": _decks(carriers, rows, "outbound"),
        "inbound_decks": _decks(carriers, rows, "inbound"),
    }


def _quality(places: Iterable[Destination]) -> Reading:
    """How well trunks complete calls to the destinations, and which carriers get none."""
    groups = [one.group_id for one in places if one.group_id is not None]
    rows = yield "explain_quality", ([one.destination_id for one in places], groups)
    quality = tuple(plain(TrunkQuality, row) for row in rows)
    rows = yield "carrier_blocks", ()
    return {"quality_rows": quality, "block_rows": tuple(plain(CarrierBlock, row) for row in rows)}


def _decks(carriers: Iterable[Carrier], rows: Iterable[Row], direction: str) -> dict[int, Deck]:
    """Decks of a direction: what a carrier takes (outbound), what it pays us (inbound)."""
    return {
        one.carrier_id: Deck(
            deck_row_of(row) for row in rows if row["carrier_id"] == one.carrier_id and row["direction"] == direction
        )
        for one in carriers
    }


def _money_and_calls(accounts: Iterable[Account], numbers: Iterable[Number], trunks: Iterable[Trunk]) -> Reading:
    """Wallets of the chain, and living calls of everything that the call may count on."""
    ids = [account.account_id for account in accounts]
    rows = yield "explain_wallets", (ids,)
    wallets = {row["account_id"]: plain(Wallet, row) for row in rows}
    names = [f"{way}:account:{account_id}" for account_id in ids for way in ("out", "in")]
    names += [f"in:number:{one.number_id}" for one in numbers] + [trunk_name(one.trunk_id) for one in trunks]
    rows = yield "explain_call_counts", (names,)
    return wallets, {row["counted_on"]: row["living"] for row in rows}
