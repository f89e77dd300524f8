"""The first carriers of a route without looking at each of the others: the order of `order_routes`, sooner.

What counts before the cost and what decides among equal costs is the same for every call of a route, so it is worked
out once (`RouteLines`). A call adds the costs (which come multiplied by PLACES): one integer a line, which sorts in the
right order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .money import PERCENT_MICRO
from .routing import QUALITY_STEP, RouteCandidate, RoutingRule

Costs: TypeAlias = npt.NDArray[np.int64]
"""What a call costs by each carrier (micro, in the sale's currency) times PLACES; NO_COST: no price is known."""

Picked: TypeAlias = tuple[RouteCandidate, int]
"""A line, and what the whole expected call costs by it (micro, in the sale's currency)."""

PLACE_BITS = 8
PLACES = 1 << PLACE_BITS
"""More lines than a route is picked from: the lowest bits of a key are a line's place among equals."""

LAST_PLACE = PLACES - 1

NO_COST = 1 << 44
MOST_COST_MICRO = NO_COST - 1
"""17 million units: what costs more counts as this much."""

RANK = NO_COST * PLACES * 2
BELOW_RANK = RANK - 1
MOST_RANKS = 256
"""Ranks before the cost, so that a key fits 62 bits."""

LEFT_OUT = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class RouteLines:
    """Lines of a route entry. `costs_at`: where each one's carrier stands in the costs (None: as the lines stand, each
    once); `base`: what its key is without the cost; `equals`: the lines by their places among equals; `weighted`: calls
    are shared among equals, which only the call's own draw decides."""

    costs_at: npt.NDArray[np.intp] | None
    base: npt.NDArray[np.int64]
    equals: tuple[RouteCandidate, ...]
    weighted: bool


def prepare_lines(
    candidates: Sequence[RouteCandidate], costs_at: Sequence[int], rule: RoutingRule, carriers: int
) -> RouteLines | None:
    """Lines of candidates that are not blocked (their tariffs are not looked at). `carriers`: how many costs there are.

    None when a rule's order cannot be told beforehand.
    """
    if rule.order not in ("priority", "cost", "quality") or rule.prefer_longer_prefix or len(candidates) >= PLACES:
        return None
    firsts = [
        (
            one.down,
            one.poor,
            one.priority if rule.order != "cost" else 0,
            -(one.quality // QUALITY_STEP) if rule.order == "quality" else 0,
        )
        for one in candidates
    ]
    ranks = {first: rank for rank, first in enumerate(sorted(set(firsts)))}
    if len(ranks) > MOST_RANKS:
        return None
    equals = sorted(
        range(len(candidates)),
        key=lambda line: (candidates[line].priority, -candidates[line].quality, candidates[line].trunk_id),
    )
    among = {line: place for place, line in enumerate(equals)}
    return RouteLines(
        costs_at=None if list(costs_at) == list(range(carriers)) else np.array(costs_at, dtype=np.intp),
        base=np.array([ranks[first] * RANK + among[line] for line, first in enumerate(firsts)], dtype=np.int64),
        equals=tuple(candidates[line] for line in equals),
        weighted=any(one.weight > 0 for one in candidates),
    )


def most_micro(rule: RoutingRule, sale_micro: int | None) -> int:
    """Highest cost that the margin rule and the cap allow."""
    bounds = [MOST_COST_MICRO] if rule.max_cost_micro is None else [MOST_COST_MICRO, rule.max_cost_micro]
    if rule.margin is not None and sale_micro is not None:
        left = (sale_micro - rule.margin.absolute_micro) * PERCENT_MICRO
        bounds.append(left // (PERCENT_MICRO + rule.margin.percent_micro))
    return max(-1, min(bounds))


def pick_routes(lines: RouteLines, costs: Costs, most: int, limit: int) -> list[Picked] | None:
    """The first `limit` lines that have a price and cost `most` or less; None when the call's draw has to decide."""
    keys = (costs if lines.costs_at is None else costs.take(lines.costs_at)) + lines.base
    keys.sort()
    too_dear = (most + 1) * PLACES
    first = keys[: limit + lines.weighted].tolist()
    if not (first and first[-1] < too_dear):  # else all of them are of the first rank and cheap enough
        keys[keys & BELOW_RANK >= too_dear] = LEFT_OUT
        keys.sort()
        first = [key for key in keys[: limit + lines.weighted].tolist() if key != LEFT_OUT]
    if lines.weighted and any(one // PLACES == other // PLACES for one, other in pairwise(first)):
        return None
    equals = lines.equals
    return [(equals[key & LAST_PLACE], (key & BELOW_RANK) >> PLACE_BITS) for key in first[:limit]]
