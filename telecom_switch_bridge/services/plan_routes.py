"""Which carriers are tried for a number, in which order, and why others are not (charging.md 16, 17)."""

from dataclasses import dataclass, replace
from datetime import datetime

from ..core.rating import NO_TAX, ChargeRule, Tariff, charge_of, price_remembered
from ..core.routing import DropReason, MarginRule, RouteCandidate, RouteOrder, RoutingRule, order_routes
from ..core.routing import RoutePlan as OrderedRoutes
from ..ports import Catalogue, PlannedRoute, Reason, Refused
from ..values import ACTIVE, RouteEntry, RouteLine, Trunk

MAX_ROUTES = 5
"""Attempts of one call: each may ring for a minute, and the answer to Asterisk is one bounded command."""

PLAIN_PRIORITY = 10
"""Rank of a trunk that no route line names."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What the owner earns on the call: terms of the top level of the chain; what it keeps is without tax."""

    currency: str
    tariff: Tariff
    rule: ChargeRule = NO_TAX


@dataclass(frozen=True, slots=True)
class Routing:
    """Chosen routes, and everything that was looked at, for `explain`."""

    entry: RouteEntry
    routes: tuple[PlannedRoute, ...]
    ordered: OrderedRoutes


def plan_routes(catalogue: Catalogue, e164: str, at: datetime, *, sale: Sale, draw: float) -> Routing | Refused:
    """Routes for a call that is sold at `sale`; refused when no carrier has a price, or each breaks the margin rule."""
    entry = catalogue.route(e164, emergency=False)
    if entry is None:
        return Refused(Reason.NO_ROUTE, f"no route entry for {e164}")
    ordered = order_carriers(catalogue, entry, e164, at, sale=sale, draw=draw)
    if not ordered.routes:
        losses = any(dropped.reason is DropReason.LOSS for dropped in ordered.dropped)
        return Refused(Reason.UNPROFITABLE if losses else Reason.NO_ROUTE, f"route {entry.route_id} for {e164}")
    chosen = tuple(_paid(catalogue, route.candidate, e164) for route in ordered.routes[:MAX_ROUTES])
    return Routing(entry, chosen, ordered)


def order_carriers(
    catalogue: Catalogue, entry: RouteEntry, e164: str, at: datetime, *, sale: Sale, draw: float
) -> OrderedRoutes:
    """Carriers of a route entry in the order to try them, and those that are not tried."""
    trunks = catalogue.trunks()
    candidates = [
        _candidate(catalogue, line, trunks[line.trunk_id], e164, at, sale if not entry.allow_loss else None)
        for line in lines_of(entry, catalogue)
        if line.trunk_id in trunks
    ]
    sale_micro = charge_of(price_remembered(sale.tariff, at, entry.expected_s), sale.rule).net_micro
    return order_routes(candidates, _rule(entry), entry.expected_s, at, sale_micro=sale_micro, draw=draw)


def plan_emergency(catalogue: Catalogue, dialled: str) -> tuple[PlannedRoute, ...] | Refused:
    """Trunks for an emergency number: those of its emergency route, else every active one; nobody asks for a price."""
    trunks = catalogue.trunks()
    entry = catalogue.route(dialled, emergency=True)
    lines = lines_of(entry, catalogue) if entry else _all_trunks(catalogue)
    usable = sorted(
        (line for line in lines if line.trunk_id in trunks),
        key=lambda line: (catalogue.is_down(line.trunk_id), line.priority, -line.weight, line.trunk_id),
    )
    if not usable:
        return Refused(Reason.NO_ROUTE, f"no trunk for emergency number {dialled}")
    return tuple(_emergency(trunks[line.trunk_id], dialled) for line in usable[:MAX_ROUTES])


def dialled_on_trunk(trunk: Trunk, e164: str) -> str:
    """Number as a carrier wants it."""
    return trunk.rules.sends(e164)


def with_callers(routes: tuple[PlannedRoute, ...], cli: str, catalogue: Catalogue) -> tuple[PlannedRoute, ...]:
    """Routes with the caller's number (E.164) as each carrier wants it, where that is another text."""
    trunks = catalogue.trunks()

    def shown(route: PlannedRoute) -> PlannedRoute:
        trunk = trunks.get(route.trunk_id) if route.trunk_id is not None else None
        text = trunk.rules.shows(cli) if trunk is not None else cli
        return replace(route, cli=text) if text != cli else route

    return tuple(map(shown, routes))


def lines_of(entry: RouteEntry, catalogue: Catalogue) -> tuple[RouteLine, ...]:
    """Trunks of a route entry; an entry without any has all active ones."""
    return entry.lines or _all_trunks(catalogue)


def _all_trunks(catalogue: Catalogue) -> tuple[RouteLine, ...]:
    return tuple(RouteLine(trunk_id, PLAIN_PRIORITY, weight=0) for trunk_id in catalogue.trunks())


def _candidate(  # noqa: PLR0917
    catalogue: Catalogue, line: RouteLine, trunk: Trunk, e164: str, at: datetime, sale: Sale | None
) -> RouteCandidate:
    """A line with its carrier's price; a cost in another currency than the sale's cannot be held against it."""
    carrier = catalogue.carrier(trunk.carrier_id)
    comparable = carrier is not None and carrier.state == ACTIVE and (sale is None or carrier.currency == sale.currency)
    tariff = catalogue.deck_tariff(trunk.carrier_id, e164, at) if comparable else None
    return RouteCandidate(
        trunk.carrier_id, trunk.trunk_id, tariff, line.priority, line.weight, down=catalogue.is_down(trunk.trunk_id)
    )


def _rule(entry: RouteEntry) -> RoutingRule:
    order: RouteOrder = entry.rule  # type: ignore[assignment]  # the seam has the same three words
    if entry.allow_loss:
        return RoutingRule(order, margin=None)
    absolute_micro = -(-entry.min_margin_micro * entry.expected_s // 60)  # asked per minute, held against the call
    return RoutingRule(order, MarginRule(entry.min_margin_percent_micro, absolute_micro))


def _paid(catalogue: Catalogue, candidate: RouteCandidate, e164: str) -> PlannedRoute:
    carrier = catalogue.carrier(candidate.carrier_id)
    assert carrier is not None, "a priced candidate has a carrier"
    trunk = catalogue.trunks()[candidate.trunk_id]
    return PlannedRoute(
        dial=f"PJSIP/{dialled_on_trunk(trunk, e164)}@{trunk.endpoint}",
        trunk_id=trunk.trunk_id,
        carrier_id=carrier.carrier_id,
        currency=carrier.currency,
        duration_rule=carrier.duration_rule,
        tariff=candidate.tariff,
        give_up_s=trunk.give_up_s,
    )


def _emergency(trunk: Trunk, dialled: str) -> PlannedRoute:
    """An emergency number is dialled as it is, behind the carrier's technical prefix."""
    plain = replace(trunk, strip_digits=0, plus_sign=False, number_style="international")
    return PlannedRoute(
        dial=f"PJSIP/{dialled_on_trunk(plain, dialled)}@{trunk.endpoint}",
        trunk_id=trunk.trunk_id,
        carrier_id=trunk.carrier_id,
        give_up_s=trunk.give_up_s,
    )
