"""Which carriers are tried for a number, in which order, and why others are not (charging.md 16, 17)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache

from ..core.rating import ChargeRule, Tariff, charge_of, price_remembered
from ..core.route_pick import RouteLines, most_micro, pick_routes, prepare_lines
from ..core.routing import DropReason, RouteCandidate, RoutingRule, order_routes
from ..core.routing import RoutePlan as OrderedRoutes
from ..ports import Catalogue, PlannedRoute, Reason, Refused
from ..route_ports import CostTable
from ..values import RouteEntry, Trunk
from .route_candidates import (
    Asked,
    Sale,
    all_trunks,
    ask,
    candidate,
    line_candidate,
    lines_of,
    place_asked,
    rule_of,
    usable_lines,
)

MAX_ROUTES = 5
"""Attempts of one call: each may ring for a minute, and the answer to Asterisk is one bounded command."""

MOST_BOUNDS = 64
"""Sales of which the highest cost is kept for a route and a place: there are few prices of one place."""


@dataclass(frozen=True, slots=True)
class Routing:
    """Chosen routes, in the order to try them."""

    entry: RouteEntry
    routes: tuple[PlannedRoute, ...]


def plan_routes(catalogue: Catalogue, e164: str, at: datetime, *, sale: Sale, draw: float) -> Routing | Refused:
    """Routes for a call that is sold at `sale`; refused when no carrier has a price, or each breaks the margin rule."""
    entry = catalogue.route(e164, emergency=False)
    if entry is None:
        return Refused(Reason.NO_ROUTE, f"no route entry for {e164}")
    chosen: Sequence[RouteCandidate] = _known_carriers(catalogue, entry, e164, at, sale=sale, draw=draw)
    if not chosen:
        ordered = order_carriers(catalogue, entry, e164, at, sale=sale, draw=draw)
        if not ordered.routes:
            losses = any(dropped.reason is DropReason.LOSS for dropped in ordered.dropped)
            return Refused(Reason.UNPROFITABLE if losses else Reason.NO_ROUTE, f"route {entry.route_id} for {e164}")
        chosen = [route.candidate for route in ordered.routes[:MAX_ROUTES]]
    return Routing(entry, tuple([_paid(catalogue, one, e164) for one in chosen]))


def _known_carriers(
    catalogue: Catalogue, entry: RouteEntry, e164: str, at: datetime, *, sale: Sale, draw: float
) -> Sequence[RouteCandidate]:
    """Carriers of `pick_carriers` with their tariffs: the same for all calls to one place of the decks, unless the sale
    has prices by time."""

    def picked() -> tuple[RouteCandidate, ...]:
        found = pick_carriers(catalogue, entry, e164, at, sale=sale, draw=draw)
        return tuple(replace(one, tariff=catalogue.deck_tariff(one.carrier_id, e164, at)) for one, _ in found)

    if len(sale.tariff.bands) > 1:
        return picked()
    place, probes = place_asked(catalogue, e164, draw)
    key = (entry.route_id, sale, place, probes, catalogue.deck_place(e164), catalogue.era(at))
    known: Sequence[RouteCandidate] = catalogue.keep(("carriers", *key), picked)
    return known


def pick_carriers(
    catalogue: Catalogue, entry: RouteEntry, e164: str, at: datetime, *, sale: Sale, draw: float
) -> Sequence[tuple[RouteCandidate, int]]:
    """The first carriers of `order_carriers` (without their tariffs) with what they cost, found at once.

    Empty when all have to be looked at: none may be tried, or the call's draw decides.
    """
    place, probes = place_asked(catalogue, e164, draw)
    where = place and place.destination_id
    key = ("lines", entry.route_id, entry.expected_s, sale.currency, sale.allow_loss, where, probes)
    latest = catalogue.keep(key, _Latest)
    ready = latest.ready
    if ready is None or not ready.since <= at < ready.until:
        ready = latest.ready = _prepare(catalogue, ask(catalogue, entry, e164, at, sale=sale, draw=draw))
    if ready.lines is None:
        return ()
    return pick_routes(ready.lines, ready.table.costs(e164), ready.most_micro(sale, at), MAX_ROUTES) or ()


@dataclass(frozen=True, slots=True)
class _Ready:
    """Lines of an entry that can be tried, from `since` until before `until`; None: they cannot be told beforehand.

    `bounds`: the most that a call may cost, by what it is sold at, for the taxes that were asked for last.
    """

    since: datetime
    until: datetime
    expected_s: int
    rule: RoutingRule
    lines: RouteLines | None
    table: CostTable
    bounds: dict[Tariff, tuple[ChargeRule, int]] = field(default_factory=dict)

    def most_micro(self, sale: Sale, at: datetime) -> int:
        """Highest cost that the margin rule and the cap allow; kept where the sale is the same at any hour."""
        known = self.bounds.get(sale.tariff)
        if known is not None and (known[0] is sale.rule or known[0] == sale.rule):
            return known[1]
        found = most_micro(self.rule, sale_micro(sale, at, self.expected_s))
        if len(sale.tariff.bands) == 1:
            if len(self.bounds) >= MOST_BOUNDS:
                self.bounds.clear()
            self.bounds[sale.tariff] = sale.rule, found
        return found


@dataclass(slots=True)
class _Latest:
    """What is ready for an entry and a kind of sale; of several times only the last one that was asked for."""

    ready: _Ready | None = None


def _prepare(catalogue: Catalogue, asked: Asked) -> _Ready:
    places = catalogue.costed_carriers()
    found = (line_candidate(catalogue, asked, line, trunk) for line, trunk in usable_lines(asked.entry, catalogue))
    candidates = tuple(one for one in found if one is not None and not one.blocked)
    rule, expected_s = rule_of(asked), asked.entry.expected_s
    lines = None
    if all(one.carrier_id in places for one in candidates):
        lines = prepare_lines(candidates, [places[one.carrier_id] for one in candidates], rule, len(places))
    table = catalogue.deck_costs(expected_s, asked.at, asked.sale.currency)
    since, until = catalogue.currencies().unchanged_around(asked.at)
    return _Ready(max(since, table.since), min(until, table.until), expected_s, rule, lines, table)


def sale_micro(sale: Sale, at: datetime, seconds: int) -> int:
    """What the owner keeps of a call of so many seconds, without tax; kept where it is the same at any hour."""
    if len(sale.tariff.bands) == 1:
        return _sale_at_any_hour(sale.tariff, sale.rule, seconds)
    return charge_of(price_remembered(sale.tariff, at, seconds), sale.rule).net_micro


@lru_cache(maxsize=16_384)
def _sale_at_any_hour(tariff: Tariff, rule: ChargeRule, seconds: int) -> int:
    return charge_of(price_remembered(tariff, datetime.fromtimestamp(0, UTC), seconds), rule).net_micro


def order_carriers(
    catalogue: Catalogue, entry: RouteEntry, e164: str, at: datetime, *, sale: Sale, draw: float
) -> OrderedRoutes:
    """Carriers of a route entry in the order to try them, and those that are not tried."""
    asked = ask(catalogue, entry, e164, at, sale=sale, draw=draw)
    candidates = [candidate(catalogue, asked, line, trunk) for line, trunk in usable_lines(entry, catalogue)]
    sold_micro = sale_micro(sale, at, entry.expected_s)
    return order_routes(candidates, rule_of(asked), entry.expected_s, at, sale_micro=sold_micro, draw=draw)


def plan_emergency(catalogue: Catalogue, dialled: str) -> tuple[PlannedRoute, ...] | Refused:
    """Trunks for an emergency number: those of its emergency route, else every active one; nobody asks for a price."""
    trunks = catalogue.trunks()
    entry = catalogue.route(dialled, emergency=True)
    lines = lines_of(entry, catalogue) if entry else all_trunks(catalogue)
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
        factor_e8=candidate.factor_e8,
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
