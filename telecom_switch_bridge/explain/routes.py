"""Which carriers would be tried, why in this order, and why others are not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..core.explain import explain_call
from ..core.money import format_micro
from ..core.rating import answered_seconds, price_call
from ..core.routing import DroppedRoute, DropReason, RouteCandidate
from ..core.routing import PlannedRoute as OrderedRoute
from ..ports import MAX_CALL_S
from ..services.limits import trunk_name
from ..services.plan_routes import MAX_ROUTES, dialled_on_trunk, lines_of, order_carriers
from ..services.price_and_route import sale_of
from ..services.price_chain import LevelPrice
from ..store.catalogue import LoadedCatalogue
from ..values import RouteEntry, Trunk
from .prices import span

Json = dict[str, Any]
US = 1_000_000

ORDERS = {
    "priority": "priority, then cost of the expected call, then weight",
    "cost": "cost of the expected call, then priority, then weight",
    "weight": "priority, then shares by weight, then cost",
}


class RouteSteps:
    """Route of one number that is sold to a priced chain."""

    def __init__(  # noqa: PLR0917
        self,
        catalogue: LoadedCatalogue,
        e164: str,
        prices: tuple[LevelPrice, ...],
        call_ref: str,
        at: datetime,
        seconds: int,
    ) -> None:
        assert seconds <= MAX_CALL_S
        self._catalogue, self._e164, self._at, self._seconds = catalogue, e164, at, seconds
        self._sale, self._draw = sale_of(prices, call_ref)

    def told(self, full: Sequence[str]) -> Json | None:
        """Everything that was looked at; None when the number has no route entry. `full`: trunks without a channel."""
        entry = self._catalogue.route(self._e164, emergency=False)
        if entry is None:
            return None
        ordered = order_carriers(self._catalogue, entry, self._e164, self._at, sale=self._sale, draw=self._draw)
        tried: list[Json] = []
        left_out = [self._inactive(line.trunk_id) for line in lines_of(entry, self._catalogue)]
        for place, route in enumerate(ordered.routes):
            if place >= MAX_ROUTES:
                left_out.append(self._left(route.candidate, f"only the first {MAX_ROUTES} are tried"))
            elif trunk_name(route.candidate.trunk_id) in full:
                left_out.append(self._left(route.candidate, "no free channel"))
            else:
                tried.append(self._tried(route))
        dropped = [self._left(one.candidate, self._why(one, entry)) for one in ordered.dropped]
        return {
            "entry": entry.route_id,
            "prefix": entry.prefix,
            "rule": entry.rule,
            "order": ORDERS[entry.rule],
            "expected_s": entry.expected_s,
            "margin": self._margin(entry),
            "sale": format_micro(self._sale_micro(entry)),
            "sale_currency": self._sale.currency,
            "tried": tried,
            "dropped": [*filter(None, left_out), *dropped],
        }

    def _sale_micro(self, entry: RouteEntry) -> int:
        return price_call(self._sale.tariff, self._at, entry.expected_s).cost_micro

    def _margin(self, entry: RouteEntry) -> str:
        if entry.allow_loss:
            return "losses are allowed"
        percent, amount = entry.min_margin_percent_micro, entry.min_margin_micro
        return f"at least {format_micro(percent)} % of the cost and {format_micro(amount)} per minute"

    def _tried(self, route: OrderedRoute) -> Json:
        candidate = route.candidate
        carrier, trunk = self._catalogue.carrier(candidate.carrier_id), self._trunk(candidate.trunk_id)
        assert carrier is not None and candidate.tariff is not None and trunk is not None
        billed_s = answered_seconds(self._seconds * US, carrier.duration_rule)
        cost = price_call(candidate.tariff, self._at, billed_s)
        deck = self._catalogue.decks[candidate.carrier_id].row(self._e164, self._at)
        assert deck is not None
        return {
            "carrier": carrier.name,
            "carrier_id": carrier.carrier_id,
            "trunk": trunk.endpoint,
            "dial": f"PJSIP/{dialled_on_trunk(trunk, self._e164)}@{trunk.endpoint}",
            "down": candidate.down,
            "priority": candidate.priority,
            "weight": candidate.weight,
            "deck": f"deck prefix {deck.prefix}, valid {span(deck.valid_from, deck.valid_to)}",
            "currency": carrier.currency,
            "cost": format_micro(cost.cost_micro),
            "expected_cost": format_micro(route.expected_cost_micro),
            "steps": explain_call(cost, billed_s),
        }

    def _why(self, dropped: DroppedRoute, entry: RouteEntry) -> str:
        """Why a candidate is not tried, with the figures that were held against each other."""
        if dropped.reason is DropReason.LOSS:
            cost = format_micro(dropped.expected_cost_micro or 0)
            sold = f"sold at {format_micro(self._sale_micro(entry))} {self._sale.currency}"
            return f"loss: {entry.expected_s} s cost {cost} and are {sold}; margin wanted: {self._margin(entry)}"
        carrier = self._catalogue.carrier(dropped.candidate.carrier_id)
        if carrier is not None and not entry.allow_loss and carrier.currency != self._sale.currency:
            return (
                f"its prices are in {carrier.currency}, the call is sold in {self._sale.currency}: no margin is known"
            )
        deck = self._catalogue.decks.get(dropped.candidate.carrier_id)
        if deck is None or deck.row(self._e164, self._at) is None:
            return "unrateable: its deck has no price for the number at that time"
        return dropped.reason.value

    def _inactive(self, trunk_id: int) -> Json | None:
        if trunk_id in self._catalogue.trunks():
            return None
        return {"trunk": f"trunk-{trunk_id}", "carrier": None, "reason": "the trunk or its carrier is not active"}

    def _left(self, candidate: RouteCandidate, reason: str) -> Json:
        carrier = self._catalogue.carrier(candidate.carrier_id)
        return {
            "trunk": f"trunk-{candidate.trunk_id}",
            "carrier": carrier.name if carrier else None,
            "reason": reason,
        }

    def _trunk(self, trunk_id: int) -> Trunk | None:
        return self._catalogue.trunks().get(trunk_id)
