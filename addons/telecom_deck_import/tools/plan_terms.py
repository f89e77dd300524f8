"""Lines of a rate plan's price list: which destination or group they price, and the terms that decks do not have."""

import json
import re

from odoo.addons.telecom_base.tools.refused import FileRefusedError

from .codes import codes_of
from .price_values import amount_micro, seconds

METHODS = {"price": "fixed", "fixed": "fixed", "percent": "percent", "absolute": "absolute"}
GRACE_MODES = ("free_if_not_longer", "subtract")
MAX_RULES = ("free_after", "disconnect")
HIGHEST_PERCENT = 100_000
EXTRA = (
    "method",
    "percent",
    "absolute",
    "second_from",
    "second_price",
    "min_duration",
    "min_cost",
    "grace",
    "grace_rule",
    "max_cost",
    "max_rule",
)


class PlanKeys:
    """Finds `d<destination>` or `g<group>` of a line: group, then name, then codes.

    `destinations`, `groups`: ids by lower-case name; `prefixes`: destination ids by prefix.
    """

    def __init__(self, destinations, groups, prefixes):
        self._destinations, self._groups, self._prefixes = destinations, groups, prefixes

    def __call__(self, get):
        """Return the keys of a line. Raises FileRefusedError."""
        group, name, code = (_text(get(what)) for what in ("group", "name", "code"))
        if group and not name:
            if known := self._groups.get(plain_name(group)):
                return [f"g{known}"]
            raise FileRefusedError(f"there is no destination group {group[:60]!r}: correct the name, or add it first")
        if known := self._destinations.get(plain_name(name)):
            return [f"d{known}"]
        if code:
            return self._by_codes(codes_of(get("country"), code))
        if not name:
            raise FileRefusedError("the destination is missing")
        raise FileRefusedError(f"there is no destination {name[:60]!r}: correct the name, or add it first")

    def _by_codes(self, codes):
        if unknown := [code for code in codes if code not in self._prefixes]:
            raise FileRefusedError(f"no destination has the prefix {unknown[0]}: add it there first, or name one")
        return list(dict.fromkeys(f"d{self._prefixes[code]}" for code in codes))


def extra_of(get):
    """Return the further terms of a line as JSON, each with its default; as sql/old_plan.sql makes them of a rate."""
    percent, absolute = (
        amount_micro(get("percent"), "mark-up", HIGHEST_PERCENT),
        amount_micro(get("absolute"), "mark-up"),
    )
    grace_s = seconds(get("grace"), "grace", 0, least=0)
    max_rule = _max_rule(_text(get("max_rule")))
    return json.dumps(
        {
            "method": _method(_text(get("method")), percent, absolute, get("price")),
            "percent": percent or 0,
            "absolute": absolute or 0,
            "second_price_from_s": seconds(get("second_from"), "start of the second price", 0, least=0),
            "second_price": amount_micro(get("second_price"), "second price") or 0,
            "min_duration_s": seconds(get("min_duration"), "minimum duration", 0, least=0),
            "min_cost": amount_micro(get("min_cost"), "minimum cost") or 0,
            "max_cost": amount_micro(get("max_cost"), "maximum cost") or 0 if max_rule else 0,
            "max_cost_strategy": max_rule,
            "grace_s": grace_s,
            "grace_mode": _grace_mode(_text(get("grace_rule"))) if grace_s else None,
        }
    )


def _method(text, percent, absolute, price):
    """Return the kind of a rate: as the line says, else as the columns that are filled say."""
    if not text:
        no_price = price is None or price == ""
        return "percent" if no_price and percent else "absolute" if no_price and absolute else "fixed"
    if (method := METHODS.get(text.lower())) is None:
        raise FileRefusedError(f"{text[:40]!r} is no kind of price: price, percent and absolute are")
    return method


def _grace_mode(text):
    if text not in GRACE_MODES:
        raise FileRefusedError(f"the grace rule is {text[:40]!r}: free_if_not_longer and subtract are known")
    return text


def _max_rule(text):
    if text and text not in MAX_RULES:
        raise FileRefusedError(f"the rule of the maximum cost is {text[:40]!r}: free_after and disconnect are known")
    return text or None


def _text(cell):
    return str(cell if cell is not None else "").strip()


def plain_name(text):
    """Return a name as names are compared."""
    return re.sub(r"\s+", " ", text).strip().lower()
