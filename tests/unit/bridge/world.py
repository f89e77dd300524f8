"""The demo of the contract in memory: owner, reseller Northwind, customer Acme, two carriers. Literals, no database."""

from datetime import UTC, datetime
from typing import Any

from telecom_switch_bridge.core.rating import NO_TAX, Step, always
from telecom_switch_bridge.ports import CallRequest
from telecom_switch_bridge.store.catalogue import LoadedCatalogue
from telecom_switch_bridge.store.deck import Deck, DeckPrice, DeckRow
from telecom_switch_bridge.values import (
    Account,
    Carrier,
    Destination,
    Number,
    Phone,
    Plan,
    Rate,
    RouteEntry,
    RouteLine,
    Trunk,
)

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)

OWNER, NORTHWIND = 1, 2
ACME, RESELLER, SCHOOL = 10, 20, 30
WHOLESALE, STANDARD, DIRECT = 100, 101, 102
UK_FIXED, UK_MOBILE, GERMANY = 1, 2, 3
ATLANTIC, PACIFIC = 7, 8


def account(account_id: int, **changes: Any) -> Account:
    values: dict[str, Any] = {
        "account_id": account_id, "number": f"A{account_id}", "company_id": OWNER, "parent_account_id": None,
        "mode": "prepaid", "currency": "EUR", "state": "active", "plan_id": DIRECT, "tz": "Europe/London",
        "country_code": "44", "national_prefix": "0", "international_prefix": "00",
        "emergency_numbers": ("112", "999"), "rule": NO_TAX,
    }  # fmt: skip
    return Account(**(values | changes))


def phone(phone_id: int, account_id: int, extension: str, **changes: Any) -> Phone:
    values: dict[str, Any] = {
        "phone_id": phone_id, "endpoint": f"a{account_id}-{extension}", "account_id": account_id,
        "extension": extension, "cli_e164": "442079460999", "state": "active",
    }  # fmt: skip
    return Phone(**(values | changes))


def plan(plan_id: int, **changes: Any) -> Plan:
    values: dict[str, Any] = {
        "plan_id": plan_id, "company_id": OWNER, "direction": "outbound", "currency": "EUR", "timezone": "UTC",
        "base": "explicit", "default_method": "none", "default_percent_micro": 0, "default_absolute_micro": 0,
        "rounding_method": "half_up", "rounding_decimals": 4,
    }  # fmt: skip
    return Plan(**(values | changes))


def rate(rate_id: int, plan_id: int, destination_id: int | None, **changes: Any) -> Rate:
    values: dict[str, Any] = {
        "rate_id": rate_id, "plan_id": plan_id, "destination_id": destination_id, "group_id": None,
        "method": "fixed", "percent_micro": None, "absolute_micro": None, "bands": (), "included_s": 0,
        "min_duration_s": 0, "grace_s": 0, "grace_mode": None, "min_cost_micro": 0, "max_cost_micro": None,
        "max_cost_strategy": None, "valid_from": None, "valid_to": None,
    }  # fmt: skip
    return Rate(**(values | changes))


def bands(fee: int, per_minute: int, first_s: int = 1, next_s: int = 1) -> tuple[Any, ...]:
    """One band, all week; prices in micro-units."""
    steps = [Step(0, per_minute, 60, first_s)]
    if next_s != first_s:
        steps.append(Step(first_s, per_minute, 60, next_s))
    return (always(fee, steps),)


def carrier(carrier_id: int, name: str, **changes: Any) -> Carrier:
    values: dict[str, Any] = {
        "carrier_id": carrier_id, "name": name, "currency": "EUR", "timezone": "UTC", "duration_rule": "up",
        "rounding_method": "half_up", "rounding_decimals": 6, "state": "active",
    }  # fmt: skip
    return Carrier(**(values | changes))


def deck(**per_minute: int) -> Deck:
    """Prefixes (written p44...) with their price per minute in micro-units."""
    return Deck(
        DeckRow(prefix[1:], DeckPrice(0, price, 60, 1, 1, 0), None, None) for prefix, price in per_minute.items()
    )


def route(**changes: Any) -> RouteEntry:
    values: dict[str, Any] = {
        "route_id": 1, "prefix": "", "rule": "cost", "expected_s": 180, "allow_loss": False, "min_margin_micro": 0,
        "min_margin_percent_micro": 0, "is_emergency": False, "lines": (),
    }  # fmt: skip
    return RouteEntry(**(values | changes))


def demo(**changes: Any) -> LoadedCatalogue:
    """The demo's catalogue; keyword arguments replace whole parts."""
    parts: dict[str, Any] = {
        "account_rows": (
            account(ACME, company_id=NORTHWIND, parent_account_id=RESELLER, plan_id=STANDARD),
            account(RESELLER, plan_id=WHOLESALE, mode="postpaid"),
            account(SCHOOL, plan_id=DIRECT),
        ),
        "phone_rows": (
            phone(101, ACME, "101"),
            phone(102, ACME, "102", cli_e164=None),
            phone(301, SCHOOL, "301", cli_e164=None),
        ),
        "number_rows": (
            Number(1, "442079460999", ACME, "phone", "a10-101", None),
            Number(2, "442079460998", ACME, "external", None, "447700900123"),
            Number(3, "442079460997", None, None, None, None),
        ),
        "destination_rows": (
            Destination(UK_FIXED, "UK fixed", 1),
            Destination(UK_MOBILE, "UK mobile", 2),
            Destination(GERMANY, "Germany fixed", 3),
        ),
        "prefix_rows": (("441", UK_FIXED), ("442", UK_FIXED), ("447", UK_MOBILE), ("49", GERMANY)),
        "plan_rows": (
            plan(WHOLESALE),
            plan(
                STANDARD, company_id=NORTHWIND, base="parent", default_method="percent",
                default_percent_micro=25_000_000, rounding_method=None, rounding_decimals=None,
            ),
            plan(DIRECT),
        ),
        "rate_rows": (
            rate(1, WHOLESALE, UK_FIXED, bands=bands(10_000, 20_000)),
            rate(2, WHOLESALE, UK_MOBILE, bands=bands(0, 40_000, 60, 1)),
            rate(3, STANDARD, UK_MOBILE, method="percent", percent_micro=10_000_000),
            rate(4, DIRECT, UK_FIXED, bands=bands(0, 30_000)),
        ),
        "carrier_rows": (carrier(ATLANTIC, "Atlantic"), carrier(PACIFIC, "Pacific")),
        "trunk_rows": (
            Trunk(1, ATLANTIC, "trunk-1", "active", 0, "", plus_sign=False, give_up_s=4),
            Trunk(2, PACIFIC, "trunk-2", "active", 0, "0077", plus_sign=False),
        ),
        "route_rows": (route(),),
        "decks": {
            ATLANTIC: deck(p441=10_000, p442=10_000, p447=20_000),
            PACIFIC: deck(p44=15_000, p447=25_000),
        },
    }  # fmt: skip
    return LoadedCatalogue(**(parts | changes))


def lines(*ranked: tuple[int, int, int]) -> tuple[RouteLine, ...]:
    return tuple(RouteLine(*one) for one in ranked)


def request(dialled: str = "02079460000", endpoint: str = "a10-101", **changes: Any) -> CallRequest:
    values: dict[str, Any] = {
        "endpoint": endpoint, "dialled": dialled, "sequence": 1, "cli": "", "channel_uniqueid": "a-1795473518.0",
        "channel": f"PJSIP/{endpoint}-00000000",
    }  # fmt: skip
    return CallRequest(**(values | changes))
