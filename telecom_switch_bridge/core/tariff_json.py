"""Frozen form of a tariff: plain JSON values, kept with every authorisation so that it is charged as it was granted.

Amounts are integers of micro-units (exact in PostgreSQL jsonb, which stores numbers as decimals). Reading checks again.
What has its usual value is left out: several of these travel with every call, and PostgreSQL reads each of them.
"""

import marshal
from functools import lru_cache
from typing import Any

from .bands import DAY_S, TariffError
from .tariff import Band, Rounding, Step, Tariff

VERSION = 1

_STEP = ("from_s", "price_micro", "price_unit_s", "increment_s")

_OPTIONS = {
    "included_s": 0,
    "min_duration_s": 0,
    "grace_s": 0,
    "grace_mode": None,
    "min_cost_micro": 0,
    "max_cost_micro": None,
    "max_cost_strategy": None,
}
"""Terms of a tariff and their usual values."""

_WHEN: dict[str, Any] = {
    "days": (1, 2, 3, 4, 5, 6, 7),
    "from_s": 0,
    "to_s": DAY_S,
    "weight": 10,
    "month_day": None,
    "dates": None,
}
"""When a band applies, usually: at every instant, as `tariff.always` makes it."""


@lru_cache(maxsize=65_536)
def tariff_to_json(tariff: Tariff) -> dict[str, Any]:
    """Plain dict of a tariff, not to be changed; `tariff_from_json` gives back an equal one."""
    return {
        "version": VERSION,
        "timezone": tariff.timezone,
        "bands": [_band_to_json(band) for band in tariff.bands],
        "rounding": {"method": tariff.rounding.method, "decimals": tariff.rounding.decimals},
        **_unusual(tariff, _OPTIONS),
    }


def tariff_from_json(data: dict[str, Any]) -> Tariff:
    """Tariff of a plain dict; raises TariffError when it is not one of ours or not sound.

    Few tariffs come with most calls: each form is read and checked once. Its key is a plain serial form, which marshal
    makes five times faster than json; that of version 2 depends on the value alone.
    """
    try:
        serial = marshal.dumps(data, 2)
    except ValueError as error:
        raise TariffError(f"tariff is not plain JSON: {error}") from error
    return _tariff_of(serial)


@lru_cache(maxsize=65_536)
def _tariff_of(serial: bytes) -> Tariff:
    data = marshal.loads(serial)  # noqa: S302  our own, from the line that calls
    if data.get("version") != VERSION:
        raise TariffError(f"tariff of unknown version {data.get('version')!r}")
    try:
        return Tariff(
            timezone=data["timezone"],
            bands=tuple(band_from_json(band) for band in data["bands"]),
            rounding=Rounding(**data["rounding"]),
            **{name: data.get(name, usual) for name, usual in _OPTIONS.items()},
        )
    except (KeyError, TypeError) as error:
        raise TariffError(f"tariff with a missing or misplaced value: {error}") from error


def _band_to_json(band: Band) -> dict[str, Any]:
    return {
        "name": band.name,
        **_unusual(band, _WHEN),
        "connect_fee_micro": band.connect_fee_micro,
        "steps": [{name: getattr(step, name) for name in _STEP} for step in band.steps],
    }


def band_from_json(data: dict[str, Any]) -> Band:
    """Band of the form that the seam's view of rates and a frozen tariff share."""
    when = _WHEN | {name: data[name] for name in _WHEN if name in data}
    return Band(
        name=data["name"],
        days=tuple(when["days"]),
        from_s=when["from_s"],
        to_s=when["to_s"],
        weight=when["weight"],
        month_day=tuple(when["month_day"]) if when["month_day"] else None,
        connect_fee_micro=data["connect_fee_micro"],
        steps=tuple(Step(**step) for step in data["steps"]),
        dates=None if when["dates"] is None else tuple(tuple(day) for day in when["dates"]),
    )


def _unusual(source: Band | Tariff, usual: dict[str, Any]) -> dict[str, Any]:
    """Attributes that differ from their usual values, as JSON values."""
    values = {name: getattr(source, name) for name in usual}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value != usual[name]
    }
