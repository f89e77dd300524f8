"""Terms of a call as plain JSON values and back: what lies in the reservation until the call is charged."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from ..core.by_identity import ByIdentity
from ..core.rating import (
    Tariff,
    rule_from_json,
    rule_to_json,
    tariff_from_json,
    tariff_to_json,
    with_dates_near,
)
from ..ports import CallTerms, CutOffWarning, Decision, Json, Level, PlannedRoute, Ringing

VERSION = 1

_PLAIN = (
    "direction",
    "account_id",
    "company_id",
    "phone_id",
    "number_id",
    "caller_channel",
    "cli",
    "from_number",
    "dialled",
    "e164",
    "destination_id",
    "ring_s",
)
_LATER = ("from_trunk_id", "from_carrier_id", "transferred_by", "linkedid")  # older reservations do not have these
_PLAIN_AND_LATER = (*_PLAIN, *_LATER)
_plain_and_later = attrgetter(*_PLAIN_AND_LATER)
MOST_LEVELS = 16_384
"""Level objects of which something is remembered."""

_known_levels = ByIdentity[Level, Json](MOST_LEVELS)
PLAIN = CallTerms.__dataclass_fields__["ringing"].default
"""How most calls ring: the very object that terms have when nothing else is said."""

_RINGING = ("path", "screen", "hunt", "wait_s")
_LEVEL = ("level", "account_id", "company_id", "plan_id", "rate_id", "currency", "free")
_ROUTE = ("dial", "trunk_id", "carrier_id", "currency", "duration_rule")
_ROUTE_LATER = ("give_up_s", "cli", "factor_e8")  # older reservations do not have these
_WHOLE_ROUTE = (*_ROUTE, *_ROUTE_LATER)
_whole_route = attrgetter(*_WHOLE_ROUTE)


def terms_to_json(terms: CallTerms) -> Json:
    """Plain dict; `terms_from_json` gives back equal terms, without the holidays that the call cannot reach."""
    at, ringing = terms.authorised_at, terms.ringing
    frozen = dict(zip(_PLAIN_AND_LATER, _plain_and_later(terms), strict=True))
    frozen |= {
        "version": VERSION,
        "decision": terms.decision.value,
        "authorised_at": at.isoformat(),
        "levels": [_level_to_json(level, at) for level in terms.levels],
        "routes": [_route_to_json(route) for route in terms.routes],
        "warning": [terms.warning.sides, terms.warning.before_s] if terms.warning else None,
        "carrier_pays": _part(terms.carrier_pays, _ROUTE, terms.carrier_pays.tariff) if terms.carrier_pays else None,
    }
    if ringing is not PLAIN and ringing != PLAIN:
        frozen["ringing"] = {name: getattr(ringing, name) for name in _RINGING}
    return frozen


def terms_from_json(data: Json) -> CallTerms:
    """Terms of a plain dict; ValueError when it is not one of ours."""
    if data.get("version") != VERSION:
        raise ValueError(f"frozen terms of unknown version {data.get('version')!r}")
    try:
        return CallTerms(
            decision=Decision(data["decision"]),
            authorised_at=datetime.fromisoformat(data["authorised_at"]),
            **{name: data[name] for name in _PLAIN},
            **{name: data[name] for name in _LATER if name in data},
            carrier_pays=_route_from(data["carrier_pays"]) if data.get("carrier_pays") else None,
            ringing=Ringing(**{name: data["ringing"][name] for name in _RINGING}) if "ringing" in data else Ringing(),
            levels=tuple(_level_from(level) for level in data["levels"]),
            warning=_warning(data.get("warning")),  # older reservations do not have it
            routes=tuple(_route_from(route) for route in data["routes"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"frozen terms with a missing or misplaced value: {error}") from error


def _level_to_json(level: Level, at: datetime) -> Json:
    """Plain dict, not to be changed. Calls of one chain to one destination come with the same level objects: unless its
    prices have dates, such an object is known again."""
    known = _known_levels.get(level)
    if known is not None:
        return known
    tariff = with_dates_near(level.tariff, at)
    data = _level_data(level, tariff)
    if all(band.dates is None for band in level.tariff.bands):
        _known_levels.keep(level, data)
    return data


def _level_data(level: Level, tariff: Tariff) -> Json:
    more: Json = {"plan_currency": level.plan_currency} if level.plan_currency else {}
    if level.allowance_ids:
        more["allowance_ids"] = list(level.allowance_ids)
    if level.spend_limited:
        more["spend_limited"] = True
    return _part(level, _LEVEL, tariff) | rule_to_json(level.rule) | more


def _route_to_json(route: PlannedRoute) -> Json:
    data: Json = dict(zip(_WHOLE_ROUTE, _whole_route(route), strict=True))
    data["tariff"] = tariff_to_json(route.tariff) if route.tariff else None
    return data


def _level_from(data: Json) -> Level:
    return Level(
        **{name: data[name] for name in _LEVEL},
        rule=rule_from_json(data),
        tariff=tariff_from_json(data["tariff"]),
        plan_currency=data.get("plan_currency", ""),
        allowance_ids=tuple(data.get("allowance_ids", ())),
        spend_limited=data.get("spend_limited", False),
    )


def _part(source: Any, names: tuple[str, ...], tariff: Tariff | None) -> Json:
    return {**{name: getattr(source, name) for name in names}, "tariff": tariff_to_json(tariff) if tariff else None}


def _route_from(data: Json) -> PlannedRoute:
    later = {name: data[name] for name in _ROUTE_LATER if name in data}
    return PlannedRoute(**{name: data[name] for name in _ROUTE}, **later, tariff=_tariff(data["tariff"]))


def _tariff(data: Json | None) -> Tariff | None:
    return tariff_from_json(data) if data is not None else None


def _warning(data: Any) -> CutOffWarning | None:
    return CutOffWarning(tuple(data[0]), tuple(data[1])) if data is not None else None
