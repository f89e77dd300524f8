"""Order of carriers for a whole expected call, and what is left out."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from telecom_switch_bridge.core.rating import Step, Tariff, always
from telecom_switch_bridge.core.routing import (
    DropReason,
    MarginRule,
    RouteCandidate,
    RoutingRule,
    order_routes,
)

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
ANY = RoutingRule(margin=None)


def deck(price_micro, fee_micro=0, increment_s=1, unit_s=60):
    return Tariff("UTC", (always(fee_micro, [Step(0, price_micro, unit_s, increment_s)]),))


def candidate(trunk_id, tariff, **terms):
    return RouteCandidate(trunk_id, trunk_id, tariff, **terms)


def order(candidates, rule=ANY, expected_s=180, **terms):
    return [route.candidate.trunk_id for route in order_routes(candidates, rule, expected_s, AT, **terms).routes]


def test_carriers_are_compared_by_the_whole_expected_call():
    plan = order_routes(
        [candidate(1, deck(10_000, 100_000)), candidate(2, deck(20_000)), candidate(3, None)], ANY, 300, AT
    )
    assert [(route.candidate.trunk_id, route.expected_cost_micro) for route in plan.routes] == [
        (2, 100_000),
        (1, 150_000),
    ]
    assert [(drop.candidate.trunk_id, drop.reason) for drop in plan.dropped] == [(3, DropReason.UNRATEABLE)]


def test_nothing_affordable_means_no_route_at_all():
    dear = [candidate(1, deck(100_000)), candidate(2, deck(50_000)), candidate(4, deck(10_000, unit_s=1))]
    plan = order_routes(dear, RoutingRule(max_cost_micro=50_000), 150, AT)
    assert plan.routes == () and {drop.reason for drop in plan.dropped} == {DropReason.TOO_DEAR}


@pytest.mark.parametrize(
    ("rule_order", "expected"), [("priority", [2, 1, 3]), ("cost", [3, 1, 2]), ("weight", [1, 2, 3])]
)
def test_the_rule_says_what_counts_first(rule_order, expected):
    candidates = [
        candidate(1, deck(20_000), priority=1, weight=9),
        candidate(2, deck(15_000), priority=1, weight=1) if rule_order != "cost" else candidate(2, deck(30_000)),
        candidate(3, deck(10_000), priority=2, weight=9),
    ]
    assert order(candidates, RoutingRule(order=rule_order, margin=None)) == expected


def test_among_equals_weight_then_quality_then_number():
    price = deck(10_000)
    equals = [candidate(1, price), candidate(2, price, quality=5), candidate(3, price, weight=1)]
    assert order(equals) == [3, 2, 1]


def test_shares_follow_the_weights_and_a_draw_repeats():
    equals = [candidate(1, deck(10_000), weight=30), candidate(2, deck(10_000), weight=10), candidate(3, deck(10_000))]
    firsts = Counter(order(equals, draw=turn / 4_000)[0] for turn in range(4_000))
    assert 2_850 < firsts[1] < 3_150 and firsts[3] == 0
    assert order(equals, draw=0.25) == order(list(reversed(equals)), draw=0.25)


def test_a_longer_deck_prefix_is_preferred_only_where_the_rule_says():
    candidates = [candidate(1, deck(10_000), deck_prefix_length=2), candidate(2, deck(20_000), deck_prefix_length=5)]
    assert order(candidates) == [1, 2]
    assert order(candidates, RoutingRule(margin=None, prefer_longer_prefix=True)) == [2, 1]


@pytest.mark.parametrize(
    ("margin", "sale_micro", "kept"),
    [
        (MarginRule(), 60_000, True),  # at cost is no loss
        (MarginRule(), 59_999, False),
        (MarginRule(percent_micro=10_000_000), 66_000, True),
        (MarginRule(percent_micro=10_000_000), 65_999, False),
        (MarginRule(absolute_micro=500), 60_500, True),
        (MarginRule(absolute_micro=500), 60_499, False),
        (None, 0, True),
        (MarginRule(), None, True),  # nothing is sold: emergency, internal
    ],
)
def test_the_margin_rule_drops_losses(margin, sale_micro, kept):
    plan = order_routes([candidate(1, deck(20_000))], RoutingRule(margin=margin), 180, AT, sale_micro=sale_micro)
    assert bool(plan.routes) is kept
    assert [drop.reason for drop in plan.dropped] == ([] if kept else [DropReason.LOSS])


def test_a_deck_in_another_currency_is_compared_after_conversion():
    candidates = [candidate(1, deck(10_000), factor_e8=3 * 10**8), candidate(2, deck(20_000))]
    assert order(candidates) == [2, 1]
