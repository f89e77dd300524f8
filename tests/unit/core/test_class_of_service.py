"""The rule that fits a number most closely decides; where two fit alike, the one that blocks."""

from datetime import UTC, datetime

import pytest

from telecom_switch_bridge.core.class_of_service import DialledPlace, Opening, ServiceClass, ServiceRule

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONDON, UK, GB = 7, 1, "GB"
PLACES = (DialledPlace(LONDON, UK, GB, "fixed", 4), DialledPlace(8, UK, GB, "mobile", 2))
NUMBER = "442079460000"


def rule(rule_id, action, kind, hours="always", **target):
    return ServiceRule(rule_id, action == "allow", hours, kind, **target)


def judge(*rules, others=True, number=NUMBER, places=PLACES, at=MONDAY_NOON, opening=Opening()):  # noqa: B008 - frozen
    verdict = ServiceClass(1, "Story", others, opening, rules).judge(number, places, at)
    return verdict.allows, verdict.rule.rule_id if verdict.rule else None


@pytest.mark.parametrize("others", [True, False])
def test_without_a_rule_about_it_the_class_says(others):
    assert judge(rule(1, "block", "number", digits="442079460001"), others=others) == (others, None)


@pytest.mark.parametrize(
    ("closer", "wider"),
    [
        ({"kind": "number", "digits": NUMBER}, {"kind": "prefix", "digits": NUMBER}),
        ({"kind": "prefix", "digits": "44207"}, {"kind": "destination", "destination_id": LONDON}),
        ({"kind": "destination", "destination_id": LONDON}, {"kind": "prefix", "digits": "442"}),
        ({"kind": "prefix", "digits": "4"}, {"kind": "group", "group_id": UK}),
        ({"kind": "destination", "destination_id": 8}, {"kind": "country", "country": GB}),
        ({"kind": "prefix", "digits": "44"}, {"kind": "network_type", "network_type": "fixed"}),
    ],
)
def test_the_closer_rule_decides_whatever_it_says(closer, wider):
    for action, other in (("allow", "block"), ("block", "allow")):
        assert judge(rule(1, other, **wider), rule(2, action, **closer)) == (action == "allow", 2)


def test_of_rules_that_fit_alike_the_block_wins():
    sets = ({"kind": "group", "group_id": UK}, {"kind": "country", "country": GB})
    for first, second in (sets, sets[::-1]):
        assert judge(rule(1, "allow", **first), rule(2, "block", **second)) == (False, 2)
    same = (
        rule(1, "allow", "destination", destination_id=LONDON),
        rule(2, "block", "prefix", digits="4420"),
    )
    assert judge(*same) == judge(*same[::-1]) == (False, 2)


def test_group_country_and_type_are_those_of_the_longest_prefix():
    assert judge(rule(1, "block", "network_type", network_type="mobile")) == (True, None)


def test_a_prefix_is_no_number_and_the_other_way_round():
    assert judge(rule(1, "block", "number", digits=NUMBER[:-1])) == (True, None)
    assert judge(rule(1, "block", "prefix", digits=NUMBER + "1")) == (True, None)


def test_a_number_of_no_destination_has_no_country():
    assert judge(rule(1, "block", "country", country=None), places=()) == (True, None)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23T07:59:59", False),
        ("2026-11-23T08:00:00", True),
        ("2026-11-23T17:59:59", True),
        ("2026-11-23T18:00:00", False),
        ("2026-11-22T12:00:00", False),  # a Sunday
    ],
)
def test_rules_by_the_hour(at, is_open):
    office = Opening("UTC", (1, 2, 3, 4, 5), 8 * 3600, 18 * 3600)
    at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    closed = rule(1, "block", "prefix", hours="closed", digits="44")
    assert judge(closed, opening=office, at=at)[0] is is_open
    opened = rule(1, "block", "prefix", hours="open", digits="44")
    assert judge(opened, opening=office, at=at)[0] is not is_open


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-27T21:59:59", False),
        ("2026-11-27T22:00:00", True),  # Friday night
        ("2026-11-28T05:59:59", True),  # is still Friday's
        ("2026-11-28T06:00:00", False),
        ("2026-11-28T22:00:00", False),  # Saturday's would begin
        ("2026-11-23T03:00:00", False),  # Sunday's would end
    ],
)
def test_hours_past_midnight_count_by_the_day_they_begin(at, is_open):
    night = Opening("UTC", (1, 2, 3, 4, 5), 22 * 3600, 6 * 3600)
    assert night.holds(datetime.fromisoformat(at).replace(tzinfo=UTC)) is is_open


def test_hours_are_those_of_the_classes_clock():
    tokyo = Opening("Asia/Tokyo", (1,), 8 * 3600, 18 * 3600)
    assert tokyo.holds(datetime(2026, 11, 22, 23, 0, tzinfo=UTC))
    assert not tokyo.holds(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
