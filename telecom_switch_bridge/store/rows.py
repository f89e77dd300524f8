"""Rows of the seam made into the bridge's values; the live catalogue and `explain` read the same way."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from ..core.class_of_service import Opening, ServiceClass, ServiceRule
from ..core.rating import TaxError, rule_from_json
from ..core.tariff_json import band_from_json
from ..values import Account, Allowance, Rate, RingGroup, RouteEntry, RouteLine
from .deck import DeckPrice, DeckRow

Row = Mapping[str, Any]
Made = TypeVar("Made")


def plain(cls: type[Made], row: Row) -> Made:
    """A value of the columns that have its fields' names."""
    return cls(**{name: row[name] for name in _names(cls) if name in row})  # type: ignore[arg-type]


def account_of(row: Row) -> Account:
    """An account; a country without a numbering plan has no habits."""
    values = {name: row[name] for name in _names(Account) if name not in ("rule", "tax_fault")} | {"rule": None}
    values["emergency_numbers"] = tuple(values["emergency_numbers"] or ())
    for name in ("country_code", "national_prefix", "international_prefix"):
        values[name] = values[name] or ""
    try:
        values["rule"] = rule_from_json(row)
    except TaxError as error:  # its calls are refused and not free of tax
        values["tax_fault"] = str(error)
    return Account(**values)


def rate_of(row: Row) -> Rate:
    """A rate with its bands. KeyError, TypeError or ValueError when they cannot be read."""
    bands = tuple(band_from_json(band) for band in row["bands"] or ())
    return Rate(**{**{name: row[name] for name in _names(Rate)}, "bands": bands})


def allowance_of(row: Row) -> Allowance:
    """Included minutes with the destinations that count."""
    places = {name: frozenset(row[name]) for name in ("destination_ids", "group_ids")}
    return Allowance(row["allowance_id"], row["plan_id"], **places)


def ring_group_of(row: Row) -> RingGroup:
    """A ring group with its members in order."""
    return RingGroup(**{**{name: row[name] for name in _names(RingGroup)}, "target_ids": tuple(row["target_ids"])})


def service_classes_of(classes: Iterable[Row], rules: Iterable[Row]) -> tuple[ServiceClass, ...]:
    """Classes of service with their rules."""
    held: dict[int, list[ServiceRule]] = {}
    for row in rules:
        held.setdefault(row["class_id"], []).append(plain(ServiceRule, row))
    return tuple(
        ServiceClass(
            row["class_id"],
            row["name"],
            row["allows_others"],
            Opening(row["timezone"], tuple(row["open_days"]), row["open_from_s"], row["open_to_s"]),
            tuple(held.get(row["class_id"], ())),
        )
        for row in classes
    )


def deck_row_of(row: Row) -> DeckRow:
    """A row of a deck."""
    price = DeckPrice(*(row[name] or 0 for name in DeckPrice._fields))
    return DeckRow(row["prefix"], price, row["valid_from"], row["valid_to"])


def route_line_of(row: Row) -> RouteLine:
    """A trunk of a route entry."""
    return RouteLine(row["trunk_id"], row["priority"] or 0, row["weight"] or 0)


def route_of(row: Row, lines: tuple[RouteLine, ...]) -> RouteEntry:
    """A route entry with its trunks."""
    return RouteEntry(**{name: row[name] for name in _names(RouteEntry) if name != "lines"}, lines=lines)


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))
