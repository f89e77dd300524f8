"""The quick way to the first carriers says what the full order says, or leaves it to that."""

from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_switch_bridge.core.money import FACTOR_ONE, convert_micro
from telecom_switch_bridge.core.rating import Step, Tariff, always
from telecom_switch_bridge.core.route_pick import (
    MOST_COST_MICRO,
    NO_COST,
    PLACES,
    most_micro,
    pick_routes,
    prepare_lines,
)
from telecom_switch_bridge.core.routing import MarginRule, RouteCandidate, RoutingRule, order_routes

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
EXPECTED_S = 180


@st.composite
def candidates(draw):
    count = draw(st.integers(0, 8))
    prices = [draw(st.none() | st.integers(0, 4)) for _ in range(count)]
    return [
        RouteCandidate(
            carrier_id=place,
            trunk_id=draw(st.integers(0, 20)) * 10 + place,
            tariff=None if price is None else Tariff("UTC", (always(0, [Step(0, price * 20, 60, 60)]),)),
            priority=draw(st.integers(0, 2)),
            weight=draw(st.sampled_from((0, 0, 0, 3))),
            quality=draw(st.integers(0, 30)),
            poor=draw(st.booleans()),
            factor_e8=draw(st.sampled_from((FACTOR_ONE, FACTOR_ONE, FACTOR_ONE * 3 // 2))),
            down=draw(st.booleans()),
        )
        for place, price in enumerate(prices)
    ]


RULES = st.builds(
    RoutingRule,
    order=st.sampled_from(("priority", "cost", "weight", "quality")),
    margin=st.none() | st.builds(MarginRule, st.sampled_from((0, 50_000_000)), st.integers(0, 60)),
    max_cost_micro=st.none() | st.integers(0, 300),
)


@settings(max_examples=400)
@given(candidates(), RULES, st.none() | st.integers(0, 400), st.floats(0, 0.99), st.integers(1, 5), st.booleans())
def test_the_same_carriers_in_the_same_order_at_the_same_cost(found, rule, sale_micro, draw, limit, turned):
    places = [*range(len(found))][:: -1 if turned else 1]  # of costs: as the lines stand, or the other way round
    lines = prepare_lines(found, places, rule, len(found))
    if lines is None:
        assert rule.order == "weight"
        return
    costs = np.array([_cost(found[place]) for place in places], dtype=np.int64)
    picked = pick_routes(lines, costs * PLACES, most_micro(rule, sale_micro), limit)
    ordered = order_routes(found, rule, EXPECTED_S, AT, sale_micro=sale_micro, draw=draw).routes[:limit]
    if picked is None:
        assert any(one.weight for one in found)
        return
    assert picked == [(one.candidate, one.expected_cost_micro) for one in ordered]


def test_without_weights_it_always_decides():
    same = Tariff("UTC", (always(0, [Step(0, 20, 60, 60)]),))
    equal = [RouteCandidate(1, trunk_id, same) for trunk_id in (3, 1, 2)]
    lines = prepare_lines(equal, [0, 0, 0], RoutingRule("cost"), 1)
    picked = pick_routes(lines, np.array([60 * PLACES]), MOST_COST_MICRO, 2)
    assert [one.trunk_id for one, _ in picked] == [1, 2]


def test_the_draw_decides_among_equals_also_who_is_the_last_one():
    same = Tariff("UTC", (always(0, [Step(0, 20, 60, 60)]),))
    equal = [RouteCandidate(1, 1, same), RouteCandidate(2, 2, same, weight=3)]
    lines = prepare_lines(equal, [0, 1], RoutingRule("cost"), 2)
    assert pick_routes(lines, np.array([60, 60]) * PLACES, MOST_COST_MICRO, 1) is None
    assert pick_routes(lines, np.array([60, 61]) * PLACES, MOST_COST_MICRO, 1) == [(equal[0], 60)]


def _cost(candidate):
    if candidate.tariff is None:
        return NO_COST
    return convert_micro(candidate.tariff.bands[0].steps[0].price_micro * 3, candidate.factor_e8)
