"""Prices of calls: the names that the addons and the daemon use. Rules: FORMAT.md of the vectors, charging.md.

`tariff` holds the terms, `pricing` what a call costs, `charge` what an account pays for it, `grant` what a credit buys
and what to set aside for it, `bands` which hours are which, `tariff_json` the frozen form of an authorisation.
"""

from .bands import TariffError
from .charge import NO_TAX, Charged, ChargeRule, charge_of, rule_from_json, rule_to_json
from .grant import (
    affordable_seconds,
    affordable_seconds_between,
    first_charge_micro,
    is_free,
    reservation_cost,
)
from .pricing import PricedCall, Segment, answered_seconds, cost_micro, price_call, price_remembered
from .tariff import Band, Rounding, Step, Tariff, always, check_tariff, hours_text, with_dates_near
from .tariff_json import band_from_json, tariff_from_json, tariff_to_json
from .tax import Tax, TaxError

__all__ = [
    "NO_TAX",
    "Band",
    "ChargeRule",
    "Charged",
    "PricedCall",
    "Rounding",
    "Segment",
    "Step",
    "Tariff",
    "TariffError",
    "Tax",
    "TaxError",
    "affordable_seconds",
    "affordable_seconds_between",
    "always",
    "answered_seconds",
    "band_from_json",
    "charge_of",
    "check_tariff",
    "cost_micro",
    "first_charge_micro",
    "hours_text",
    "is_free",
    "price_call",
    "price_remembered",
    "reservation_cost",
    "rule_from_json",
    "rule_to_json",
    "tariff_from_json",
    "tariff_to_json",
    "with_dates_near",
]
