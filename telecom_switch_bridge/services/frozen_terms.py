"""Terms of a call as plain JSON values and back: what lies in the reservation until the call is charged."""

from datetime import datetime
from typing import Any

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
PLAIN = Ringing()
_RINGING = ("path", "screen", "hunt", "wait_s")
_LEVEL = ("level", "account_id", "company_id", "plan_id", "rate_id", "currency", "free")
_ROUTE = ("dial", "trunk_id", "carrier_id", "currency", "duration_rule")
_ROUTE_LATER = ("give_up_s", "cli", "factor_e8")  # older reservations do not have these


def terms_to_json(terms: CallTerms) -> Json:
    """Plain dict; `terms_from_json` gives back equal terms, without the holidays that the call cannot reach."""
    at = terms.authorised_at
    return {
        "version": VERSION,
        "decision": terms.decision.value,
        "authorised_at": terms.authorised_at.isoformat(),
        **{name: getattr(terms, name) for name in (*_PLAIN, *_LATER)},
        **({"ringing": {n: getattr(terms.ringing, n) for n in _RINGING}} if terms.ringing != PLAIN else {}),
        "levels": [_level_to_json(level, at) for level in terms.levels],
        "routes": [_part(route, _ROUTE + _ROUTE_LATER, route.tariff) for route in terms.routes],
        "warning": [terms.warning.sides, terms.warning.before_s] if terms.warning else None,
        "carrier_pays": _part(terms.carrier_pays, _ROUTE, terms.carrier_pays.tariff) if terms.carrier_pays else None,
    }


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
    more: Json = {"plan_currency": level.plan_currency} if level.plan_currency else {}
    if level.allowance_ids:
        more["allowance_ids"] = list(level.allowance_ids)
    if level.spend_limited:
        more["spend_limited"] = True
    return _part(level, _LEVEL, with_dates_near(level.tariff, at)) | rule_to_json(level.rule) | more


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
