"""What a call costs us by the decks: for each prefix the cheapest carrier, for a destination the dearest prefix.

A destination may hold prefixes that carriers price apart (a mobile operator within "mobile"). Its cost is that of the
dearest of them, so that a margin that is shown is there on every number.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from telecom_switch_bridge.core.money import convert_micro
from telecom_switch_bridge.core.prefix import PrefixTable
from telecom_switch_bridge.core.rating import Rounding, Step, Tariff, always, price_call


class DeckPrice(NamedTuple):
    """A carrier's price; amounts in 1/1,000,000 unit of its currency, `price_micro` for each `unit_s` seconds."""

    fee_micro: int
    price_micro: int
    unit_s: int
    first_s: int
    next_s: int
    included_s: int


class Carrier(NamedTuple):
    """A carrier with its deck by prefix; `factor_e8`: units of the plan's currency for one of the
    carrier's, with 8 decimals."""

    carrier_id: int
    rounding: Rounding
    factor_e8: int
    prices: Mapping[str, DeckPrice]


class Cost(NamedTuple):
    """What a call costs (1/1,000,000 of the plan's currency), by whom, and for which digits."""

    micro: int
    carrier_id: int
    prefix: str


def destination_costs(prefixes: Mapping[str, int], carriers: Iterable[Carrier], seconds: int, at) -> dict[int, Cost]:
    """Return the cost of a call to each destination that a carrier has; `prefixes`: all destinations by prefix."""
    carriers = list(carriers)
    of_destination = PrefixTable(prefixes)
    points = dict(prefixes)
    for carrier in carriers:
        for prefix in carrier.prices:
            if prefix not in points and (found := of_destination.longest(prefix)):
                points[prefix] = found[1]
    decks = [(carrier, PrefixTable(carrier.prices)) for carrier in carriers]
    costs: dict[int, Cost] = {}
    for prefix, destination in points.items():
        cheapest = _cheapest(prefix, decks, seconds, at)
        if cheapest is not None and (destination not in costs or costs[destination] < cheapest):
            costs[destination] = cheapest
    return costs


def _cheapest(prefix: str, decks, seconds: int, at) -> Cost | None:
    found = []
    for carrier, table in decks:
        if (match := table.longest(prefix)) is not None:
            cost_micro = deck_cost_micro(match[1], carrier.rounding, seconds, at)
            found.append(Cost(convert_micro(cost_micro, carrier.factor_e8), carrier.carrier_id, prefix))
    return min(found, default=None)


@lru_cache(maxsize=65_536)
def deck_cost_micro(price: DeckPrice, rounding: Rounding, seconds: int, at) -> int:
    """Return what a carrier takes for a call, by the function that settles calls."""
    steps = [Step(0, price.price_micro, price.unit_s, price.first_s)]
    if price.next_s != price.first_s:
        steps.append(Step(price.included_s + price.first_s, price.price_micro, price.unit_s, price.next_s))
    tariff = Tariff("UTC", (always(price.fee_micro, steps),), rounding, included_s=price.included_s)
    return price_call(tariff, at, seconds).cost_micro
