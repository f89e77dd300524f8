"""Prices of calls: the names that the addons and the daemon use. Rules: FORMAT.md of the vectors, charging.md.

`tariff` holds the terms, `pricing` what a call costs, `grant` what a credit buys and what to set aside for it,
`bands` which hours are which, `tariff_json` the frozen form that an authorisation keeps.
"""

from .bands import TariffError
from .grant import (
    affordable_seconds,
    affordable_seconds_between,
    first_charge_micro,
    is_free,
    reservation_cost,
)
from .pricing import PricedCall, Segment, Taxed, answered_seconds, cost_micro, price_call, with_tax
from .tariff import Band, Rounding, Step, Tariff, always, check_tariff
from .tariff_json import band_from_json, tariff_from_json, tariff_to_json

__all__ = [
    "Band",
    "PricedCall",
    "Rounding",
    "Segment",
    "Step",
    "Tariff",
    "TariffError",
    "Taxed",
    "affordable_seconds",
    "affordable_seconds_between",
    "always",
    "answered_seconds",
    "band_from_json",
    "check_tariff",
    "cost_micro",
    "first_charge_micro",
    "is_free",
    "price_call",
    "reservation_cost",
    "tariff_from_json",
    "tariff_to_json",
    "with_tax",
]
