"""Order of carriers: priority, cost of the whole expected call, weight, quality (charging.md 16 and 17).

Whatever the rule says, trunks that are known to be down come after all others, and those of poor quality before them;
among themselves in the rule's order, so that each is still tried when all are down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from math import log
from typing import Literal

from .money import FACTOR_ONE, PERCENT_MICRO, convert_micro
from .pricing import cost_micro
from .tariff import Tariff

RouteOrder = Literal["priority", "cost", "weight", "quality"]
"""What counts first: `priority` then cost, weight, quality; `cost` then priority, weight, quality; `weight` shares the
calls of one priority whatever they cost, then cost, quality; `quality` within a priority in steps of 10, then cost."""


QUALITY_STEP = 10
"""Qualities (0 to 100) that differ by less count as the same, so that cost decides."""


class DropReason(StrEnum):
    """Why a carrier is not tried."""

    UNRATEABLE = "unrateable"
    LOSS = "loss"
    TOO_DEAR = "too_dear"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class RouteCandidate:
    """One trunk of a carrier that could take the call; `tariff` is its deck's price for the number, None = no price.

    `priority`: lower is tried first. `weight`: share among equals, 0 = last of them. `quality`: higher is better.
    `deck_prefix_length` serves rules that prefer longer deck prefixes. `factor_e8` converts the deck's currency into
    that of the sale. `down`: it is not there at the moment, or refuses us. `poor`: it is below the least quality of
    the route. `blocked`: its carrier gets no calls to this place.
    """

    carrier_id: int
    trunk_id: int
    tariff: Tariff | None
    priority: int = 10
    weight: int = 0
    quality: int = 0
    deck_prefix_length: int = 0
    factor_e8: int = FACTOR_ONE
    down: bool = False
    poor: bool = False
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class MarginRule:
    """Least margin of a sale over a carrier's cost: percent of the cost (1/1,000,000 of 1 %) plus an amount (micro).

    Zero for both means: never at a loss.
    """

    percent_micro: int = 0
    absolute_micro: int = 0

    def allows(self, sale_micro: int, cost_micro: int) -> bool:
        """True when the sale covers cost and margin, exactly."""
        needed = cost_micro * (PERCENT_MICRO + self.percent_micro) + self.absolute_micro * PERCENT_MICRO
        return sale_micro * PERCENT_MICRO >= needed


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """How a route entry orders its carriers. `margin` None: losses are allowed; `max_cost_micro` caps a call's cost."""

    order: RouteOrder = "priority"
    margin: MarginRule | None = MarginRule()
    max_cost_micro: int | None = None
    prefer_longer_prefix: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRoute:
    """A candidate that may be tried, with the cost of the whole expected call in the sale's currency (micro-units)."""

    candidate: RouteCandidate
    expected_cost_micro: int


@dataclass(frozen=True, slots=True)
class DroppedRoute:
    """A candidate that may not be tried, and why; the expected cost is None if it has no price."""

    candidate: RouteCandidate
    reason: DropReason
    expected_cost_micro: int | None


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """Routes in the order to try them, and what was left out, for `explain`."""

    routes: tuple[PlannedRoute, ...]
    dropped: tuple[DroppedRoute, ...]


def order_routes(
    candidates: Sequence[RouteCandidate],
    rule: RoutingRule,
    expected_s: int,
    at: datetime,
    *,
    sale_micro: int | None = None,
    draw: float | None = None,
) -> RoutePlan:
    """Carriers in the order to try for a call of `expected_s` seconds that is answered at `at`.

    `sale_micro`: net sale of that call, for the margin rule; None = nothing is sold (internal, emergency), no rule.
    `draw` in [0, 1): shares the calls among equals by weight, the same draw giving the same order; None = highest
    weight first.
    """
    assert draw is None or 0 <= draw < 1
    routes: list[PlannedRoute] = []
    dropped: list[DroppedRoute] = []
    for candidate in candidates:
        cost_micro = expected_cost_micro(candidate, expected_s, at)
        reason = DropReason.BLOCKED if candidate.blocked else _drop_reason(cost_micro, rule, sale_micro)
        if cost_micro is None or reason is not None:
            dropped.append(DroppedRoute(candidate, reason or DropReason.UNRATEABLE, cost_micro))
        else:
            routes.append(PlannedRoute(candidate, cost_micro))
    routes.sort(key=lambda route: _rank(route, rule, draw))
    return RoutePlan(tuple(routes), tuple(dropped))


def expected_cost_micro(candidate: RouteCandidate, expected_s: int, at: datetime) -> int | None:
    """Cost of the whole expected call by the candidate's deck, in the sale's currency; None = it has no price."""
    if candidate.tariff is None:
        return None
    return convert_micro(cost_micro(candidate.tariff, at, expected_s), candidate.factor_e8)


def _drop_reason(cost_micro: int | None, rule: RoutingRule, sale_micro: int | None) -> DropReason | None:
    if cost_micro is None:
        return DropReason.UNRATEABLE
    if rule.max_cost_micro is not None and cost_micro > rule.max_cost_micro:
        return DropReason.TOO_DEAR
    if rule.margin is not None and sale_micro is not None and not rule.margin.allows(sale_micro, cost_micro):
        return DropReason.LOSS
    return None


def _rank(route: PlannedRoute, rule: RoutingRule, draw: float | None) -> tuple[int | float, ...]:
    candidate = route.candidate
    prefix = -candidate.deck_prefix_length if rule.prefer_longer_prefix else 0
    priority, cost, turn = candidate.priority, route.expected_cost_micro, _turn(candidate, draw)
    first: tuple[int | float, ...] = {
        "priority": (priority, prefix, cost, turn),
        "cost": (prefix, cost, priority, turn),
        "weight": (priority, prefix, turn, cost),
        "quality": (priority, prefix, -(candidate.quality // QUALITY_STEP), cost, turn),
    }[rule.order]
    return (candidate.down, candidate.poor, *first, -candidate.quality, candidate.trunk_id)


def _turn(candidate: RouteCandidate, draw: float | None) -> float:
    """Place among equals: the least exponential waiting time at rate `weight` wins, so shares follow the weights."""
    if candidate.weight <= 0:
        return float("inf")
    if draw is None:
        return -candidate.weight
    digest = blake2b(f"{draw!r}/{candidate.trunk_id}".encode(), digest_size=8).digest()
    uniform = (int.from_bytes(digest, "big") + 1) / 2**64  # in (0, 1]
    return -log(uniform) / candidate.weight
