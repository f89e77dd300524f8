"""Frozen form of a tariff: plain JSON values, kept with every authorisation so that it is charged as it was granted.

Amounts are integers of micro-units (exact in PostgreSQL jsonb, which stores numbers as decimals). Reading checks again.
"""

from typing import Any

from .bands import TariffError
from .tariff import Band, Rounding, Step, Tariff

VERSION = 1

_STEP = ("from_s", "price_micro", "price_unit_s", "increment_s")

_OPTIONS = (
    "included_s",
    "min_duration_s",
    "grace_s",
    "grace_mode",
    "min_cost_micro",
    "max_cost_micro",
    "max_cost_strategy",
)


def tariff_to_json(tariff: Tariff) -> dict[str, Any]:
    """Plain dict of a tariff; `tariff_from_json` gives back an equal one."""
    return {
        "version": VERSION,
        "timezone": tariff.timezone,
        "bands": [_band_to_json(band) for band in tariff.bands],
        "rounding": {"method": tariff.rounding.method, "decimals": tariff.rounding.decimals},
        **{name: getattr(tariff, name) for name in _OPTIONS},
    }


def tariff_from_json(data: dict[str, Any]) -> Tariff:
    """Tariff of a plain dict; raises TariffError when it is not one of ours or not sound."""
    if data.get("version") != VERSION:
        raise TariffError(f"tariff of unknown version {data.get('version')!r}")
    try:
        return Tariff(
            timezone=data["timezone"],
            bands=tuple(band_from_json(band) for band in data["bands"]),
            rounding=Rounding(**data["rounding"]),
            **{name: data[name] for name in _OPTIONS},
        )
    except (KeyError, TypeError) as error:
        raise TariffError(f"tariff with a missing or misplaced value: {error}") from error


def _band_to_json(band: Band) -> dict[str, Any]:
    return {
        "name": band.name,
        "days": list(band.days),
        "from_s": band.from_s,
        "to_s": band.to_s,
        "weight": band.weight,
        "month_day": list(band.month_day) if band.month_day else None,
        "connect_fee_micro": band.connect_fee_micro,
        "steps": [{name: getattr(step, name) for name in _STEP} for step in band.steps],
    }


def band_from_json(data: dict[str, Any]) -> Band:
    """Band of the form that the seam's view of rates and a frozen tariff share."""
    month_day = data["month_day"]
    return Band(
        name=data["name"],
        days=tuple(data["days"]),
        from_s=data["from_s"],
        to_s=data["to_s"],
        weight=data["weight"],
        month_day=tuple(month_day) if month_day else None,
        connect_fee_micro=data["connect_fee_micro"],
        steps=tuple(Step(**step) for step in data["steps"]),
    )
