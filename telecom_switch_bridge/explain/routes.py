"""Which carriers would be tried, why in this order, and why others are not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..core.explain import explain_call
from ..core.money import FACTOR_ONE, format_micro
from ..core.rating import answered_seconds, price_call
from ..core.routing import DroppedRoute, DropReason, RouteCandidate
from ..core.routing import PlannedRoute as OrderedRoute
from ..ports import MAX_CALL_S
from ..services.limits import trunk_name
from ..services.plan_routes import MAX_ROUTES, dialled_on_trunk, order_carriers, sale_micro
from ..services.price_and_route import sale_of
from ..services.price_chain import LevelPrice
from ..services.route_candidates import Asked, ask, lines_of
from ..store.catalogue import LoadedCatalogue
from ..values import RouteEntry, Trunk
from .prices import span

Json = dict[str, Any]
US = 1_000_000

ORDERS = {
    "priority": "priority, then cost of the expected call, then weight",
    "cost": "cost of the expected call, then priority, then weight",
    "weight": "priority, then shares by weight, then cost",
    "quality": "priority, then quality in steps of 10, then cost",
}


def factor_text(factor_e8: int) -> str:
    """A currency factor as people write it."""
    return f"{factor_e8 // FACTOR_ONE}.{factor_e8 % FACTOR_ONE:08}"


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
        asked = ask(self._catalogue, entry, self._e164, self._at, sale=self._sale, draw=self._draw)
        ordered = order_carriers(self._catalogue, entry, self._e164, self._at, sale=self._sale, draw=self._draw)
        tried: list[Json] = []
        left_out = [self._inactive(line.trunk_id) for line in lines_of(entry, self._catalogue)]
        for place, route in enumerate(ordered.routes):
            if place >= MAX_ROUTES:
                left_out.append(self._left(route.candidate, f"only the first {MAX_ROUTES} are tried"))
            elif trunk_name(route.candidate.trunk_id) in full:
                left_out.append(self._left(route.candidate, "no free channel"))
            else:
                tried.append(self._tried(route, asked))
        dropped = [self._left(one.candidate, self._why(one, asked)) for one in ordered.dropped]
        return {
            "entry": entry.route_id,
            "prefix": entry.prefix,
            "rule": entry.rule,
            "order": ORDERS[entry.rule],
            "expected_s": entry.expected_s,
            "least_quality": entry.least_quality,
            "probes": asked.probes and bool(self._catalogue.quality_rows),
            "margin": self._margin(entry),
            "sale": format_micro(self._sale_micro(entry)),
            "sale_currency": self._sale.currency,
            "tried": tried,
            "dropped": [*filter(None, left_out), *dropped],
        }

    def _sale_micro(self, entry: RouteEntry) -> int:
        return sale_micro(self._sale, self._at, entry.expected_s)

    def _margin(self, entry: RouteEntry) -> str:
        if entry.allow_loss:
            return "losses are allowed on the route"
        if self._sale.allow_loss:
            return "losses are allowed for the account or its plan"
        percent, amount = entry.min_margin_percent_micro, entry.min_margin_micro
        return f"at least {format_micro(percent)} % of the cost and {format_micro(amount)} per minute"

    def _tried(self, route: OrderedRoute, asked: Asked) -> Json:
        candidate = route.candidate
        carrier, trunk = self._catalogue.carrier(candidate.carrier_id), self._trunk(candidate.trunk_id)
        assert carrier is not None and candidate.tariff is not None and trunk is not None
        billed_s = answered_seconds(self._seconds * US, carrier.duration_rule)
        cost = price_call(candidate.tariff, self._at, billed_s)
        deck = self._catalogue.deck_row(candidate.carrier_id, self._e164, self._at)
        assert deck is not None
        return {
            "carrier": carrier.name,
            "carrier_id": carrier.carrier_id,
            "trunk": trunk.endpoint,
            "dial": f"PJSIP/{dialled_on_trunk(trunk, self._e164)}@{trunk.endpoint}",
            "down": candidate.down,
            "poor": candidate.poor,
            "quality": self._quality(candidate, asked),
            "priority": candidate.priority,
            "weight": candidate.weight,
            "deck": f"deck prefix {deck.prefix}, valid {span(deck.valid_from, deck.valid_to)}",
            "currency": carrier.currency,
            "cost": format_micro(cost.cost_micro),
            "expected_cost": format_micro(route.expected_cost_micro),
            "expected_currency": self._sale.currency,
            "factor": factor_text(candidate.factor_e8) if carrier.currency != self._sale.currency else None,
            "steps": explain_call(cost, billed_s),
        }

    def _quality(self, candidate: RouteCandidate, asked: Asked) -> str:
        """Figures of a trunk at the place, and of what they are."""
        known = self._catalogue.quality(candidate.trunk_id, asked.place)
        if known is None:
            return "quality presumed good: too few calls"
        of = "of the destination" if known.destination_id else "of the group" if known.group_id else "of the trunk"
        acd = f", ACD {known.acd_s:g} s" if known.acd_s is not None else ""
        pdd = f", PDD {known.pdd_ms / 1000:g} s" if known.pdd_ms is not None else ""
        return f"quality {known.quality} {of}: ASR {known.asr:g} % of {known.calls} calls{acd}{pdd}"

    def _why(self, dropped: DroppedRoute, asked: Asked) -> str:
        """Why a candidate is not tried, with the figures that were held against each other."""
        entry = asked.entry
        if dropped.reason is DropReason.BLOCKED and asked.place is not None:
            block = self._catalogue.block(dropped.candidate.carrier_id, asked.place)
            reason = (block.reason if block else None) or "no reason given"
            return f"blocked at this place (Telecom > Carriers > Blocks): {reason}"
        if dropped.reason is DropReason.LOSS:
            cost = format_micro(dropped.expected_cost_micro or 0)
            sold = f"sold at {format_micro(self._sale_micro(entry))} {self._sale.currency}"
            return f"loss: {entry.expected_s} s cost {cost} and are {sold}; margin wanted: {self._margin(entry)}"
        carrier = self._catalogue.carrier(dropped.candidate.carrier_id)
        factor = (
            self._catalogue.currencies().factor_e8(carrier.currency, self._sale.currency, self._at) if carrier else None
        )
        if carrier is not None and factor is None:
            return (
                f"its prices are in {carrier.currency}, the call is sold in {self._sale.currency}, and no rate between"
                " the two is known (Accounting > Configuration > Currencies)"
            )
        if self._catalogue.deck_row(dropped.candidate.carrier_id, self._e164, self._at) is None:
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
