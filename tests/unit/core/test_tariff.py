"""What a tariff must be: sound ones keep their form through JSON, unsound ones are refused with a reason."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from telecom_switch_bridge.core.rating import (
    Band,
    Rounding,
    Step,
    Tariff,
    TariffError,
    always,
    check_tariff,
    price_call,
    tariff_from_json,
    tariff_to_json,
    with_dates_near,
)
from tests.unit.core import strategies

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
STEP = Step(0, 60_000, 60, 1)
BASE = always(0, [STEP])


def hours(from_s, to_s, weight=10, days=EVERY_DAY, month_day=None, dates=None):
    return Band(f"{from_s}-{to_s}", days, from_s, to_s, weight, month_day, 0, (STEP,), dates)


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        ((), "1 to 64 bands"),
        ((hours(0, 36_000), hours(36_001, 86_400)), "no band covers Monday 10:00"),
        ((hours(0, 86_400, days=(1, 2, 3, 4, 5, 6)),), "no band covers Sunday 00:00"),
        ((hours(0, 86_400, month_day=(5, 1)),), "no band covers Monday 00:00"),
        ((BASE, hours(28_800, 72_000)), "equal weight 10 at Monday 08:00"),
        ((BASE, hours(0, 60, 20, (7,), (5, 1)), hours(0, 60, 20, (7,))), "equal weight 20 at Sunday 00:00 on 05-01"),
        ((hours(72_000, 28_800),), "begin before it ends"),
        ((hours(0, 90_000),), "begin before it ends"),
        ((hours(0, 86_400, days=()),), "ISO weekdays"),
        ((hours(0, 86_400, days=(0, 1)),), "ISO weekdays"),
        ((BASE, hours(0, 60, 20, month_day=(2, 30))), "not a .month, day."),
        ((BASE, hours(0, 60, 20, dates=((2026, 2, 29),))), "not a date"),
        ((BASE, hours(0, 60, 20, month_day=(5, 1), dates=((0, 5, 1),))), "not both"),
        ((BASE, hours(0, 60, 20, dates=((0, 1, 1),) * 1_001)), "at most 1000 dates"),
        ((hours(0, 86_400, dates=((0, 5, 1),)),), "no band covers Monday 00:00"),
        ((BASE, hours(0, 60, 10, dates=((2026, 12, 25),))), "equal weight 10 at Friday 00:00 on 2026-12-25"),
        ((replace(BASE, connect_fee_micro=-1),), "connect fee"),
        ((replace(BASE, steps=()),), "1 to 32 steps"),
        ((replace(BASE, steps=(Step(1, 0, 60, 1),)),), "first from second 0"),
        ((replace(BASE, steps=(STEP, STEP)),), "one after the other"),
        ((replace(BASE, steps=(Step(0, 0, 60, 0),)),), "increment_s must be a whole number from 1"),
        ((replace(BASE, steps=(Step(0, 0, 0, 1),)),), "price_unit_s must be a whole number from 1"),
        ((replace(BASE, steps=(Step(0, -1, 60, 1),)),), "price must be"),
        ((replace(BASE, steps=(Step(0, 1.5, 60, 1),)),), "price must be a whole number"),
        ((replace(BASE, steps=(Step(0, 10**13, 60, 1),)),), "price must be"),
    ],
)
def test_unsound_bands_are_refused_with_the_reason(bands, message):
    with pytest.raises(TariffError, match=message):
        Tariff("UTC", bands)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"timezone": "Europe/Atlantis"}, "unknown time zone"),
        ({"timezone": "../etc/passwd"}, "unknown time zone"),
        ({"timezone": "Europe"}, "unknown time zone"),
        ({"timezone": ""}, "unknown time zone"),
        ({"rounding": Rounding("bankers", 2)}, "rounding method"),
        ({"rounding": Rounding("up", 7)}, "rounding decimals"),
        ({"grace_s": 3}, "grace_mode"),
        ({"grace_s": 3, "grace_mode": "always"}, "grace mode"),
        ({"included_s": -1}, "included_s"),
        ({"min_duration_s": True}, "min_duration_s"),
        ({"max_cost_micro": 5}, "max_cost_strategy"),
        ({"min_cost_micro": -5}, "min_cost"),
    ],
)
def test_unsound_terms_are_refused_with_the_reason(terms, message):
    with pytest.raises(TariffError, match=message):
        Tariff(**{"timezone": "UTC", "bands": (BASE,), **terms})


def test_a_higher_weight_settles_a_tie_below_it():
    tariff = Tariff("UTC", (hours(0, 86_400, 30), hours(0, 60), hours(0, 60)))
    check_tariff(tariff)
    assert tariff.compiled.calendar.only_band == 0


def test_tariffs_with_the_same_hours_share_their_calendar():
    dear = replace(BASE, steps=(Step(0, 120_000, 60, 1),))
    assert Tariff("UTC", (BASE,)).compiled.calendar is Tariff("UTC", (dear,)).compiled.calendar


@settings(max_examples=100, deadline=None)
@given(strategies.tariffs())
def test_the_frozen_form_gives_the_tariff_back(tariff):
    assert tariff_from_json(json.loads(json.dumps(tariff_to_json(tariff)))) == tariff


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"bands": None},
        {"bands": [{}]},
        {"rounding": {"places": 2}},
        {"timezone": None},
        {"timezone": object()},
    ],
)
def test_a_frozen_form_that_is_not_ours_is_refused(change):
    with pytest.raises(TariffError):
        tariff_from_json(tariff_to_json(Tariff("UTC", (BASE,))) | change)


@settings(max_examples=300)
@given(strategies.tariffs(), strategies.instants(), strategies.durations)
def test_a_call_costs_the_same_without_the_holidays_that_it_cannot_reach(tariff, at, duration_s):
    assert (
        price_call(with_dates_near(tariff, at), at, duration_s).cost_micro
        == price_call(tariff, at, duration_s).cost_micro
    )


def test_what_is_kept_with_a_call_has_the_holidays_of_its_days():
    years = tuple((year, 12, 25) for year in range(2020, 2040))
    at = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
    kept = with_dates_near(Tariff("UTC", (BASE, hours(0, 86_400, 20, dates=(*years, (0, 1, 1))))), at)
    assert kept.bands[1].dates == ((2026, 12, 25), (0, 1, 1))
    late = datetime(2026, 12, 26, 4, 0, tzinfo=UTC)  # in New York it is still the 25th
    west = Tariff("America/New_York", (BASE, hours(0, 86_400, 20, dates=years)))
    assert with_dates_near(west, late).bands[1].dates == ((2026, 12, 25),)
    plain = Tariff("UTC", (BASE,))
    assert with_dates_near(plain, at) is plain


def test_a_holiday_that_moves_is_one_of_its_year_only():
    """Easter Monday of 2026 is 6 April; in 2027 that is a plain Tuesday."""
    easter = Tariff("Europe/Berlin", (BASE, replace(hours(0, 86_400, 20, dates=((2026, 4, 6),)), connect_fee_micro=7)))
    instants = [
        datetime(2026, 4, 5, 22, tzinfo=UTC),
        datetime(2026, 4, 6, 22, tzinfo=UTC),
        datetime(2027, 4, 6, tzinfo=UTC),
    ]
    assert [price_call(easter, at, 1).connect_fee_micro for at in instants] == [7, 0, 0]
