"""A price told in lines: every part of the sum is there."""

from datetime import UTC, datetime

from hypothesis import given, settings

from telecom_switch_bridge.core.explain import explain_call, explain_tariff
from telecom_switch_bridge.core.rating import Band, ChargeRule, Rounding, Step, Tariff, Tax, always, price_call
from tests.unit.core import strategies

BERLIN = Tariff(
    "Europe/Berlin",
    (
        Band("peak", (1, 2, 3, 4, 5), 28_800, 72_000, 20, None, 100_000, (Step(0, 120_000, 60, 30),)),
        always(50_000, [Step(0, 40_000, 60, 1)]),
    ),
    Rounding("half_up", 4),
    included_s=10,
)


def test_each_part_of_a_price_is_told_with_its_source():
    priced = price_call(BERLIN, datetime(2026, 7, 1, 17, 59, tzinfo=UTC), 91)
    assert explain_call(priced, 91, ChargeRule((Tax(1, "VAT", "percent", 190_000),))) == [
        "answered 91 s",
        "connect fee of the band at answer: 0.100000",
        "included with the fee: the first 10 s",
        "second 10 to 70, band 'peak', step from 0 s: 2 x 30 s at 0.120000 per 60 s in steps of 30 s = 0.120000",
        "second 70 to 91, band 'always', step from 0 s: 21 x 1 s at 0.040000 per 60 s in steps of 1 s = 0.014000",
        "net 0.234000 = exact 0.234000 rounded half_up to 4 decimals",
        "tax VAT: 19 % of the exact net: 0.044460",
        "gross 0.278460",
    ]


def test_the_terms_are_told():
    assert explain_tariff(BERLIN) == [
        "tariff: clock of Europe/Berlin; cost rounded half_up to 4 decimals",
        "  band 'peak' (Mon Tue Wed Thu Fri 08:00-20:00, weight 20): connect fee 0.100000",
        "    from 0 s: 0.120000 per 60 s in steps of 30 s",
        "  band 'always' (every day 00:00-24:00, weight 10): connect fee 0.050000",
        "    from 0 s: 0.040000 per 60 s in steps of 1 s",
        "  first 10 s included with the connect fee",
    ]


def test_free_calls_say_why():
    tariff = Tariff("UTC", (always(0, [Step(0, 1, 60, 1)]),), grace_s=3, grace_mode="free_if_not_longer")
    at = datetime(2026, 5, 4, tzinfo=UTC)
    assert explain_call(price_call(tariff, at, 0), 0) == ["free: not answered, or 0 seconds"]
    assert explain_call(price_call(tariff, at, 3), 3) == ["free: within the grace of 3 s"]


@settings(max_examples=60, deadline=None)
@given(strategies.tariffs(), strategies.instants(), strategies.durations)
def test_every_price_can_be_told(tariff, at, duration_s):
    priced = price_call(tariff, at, duration_s)
    told = explain_tariff(tariff) + explain_call(priced, duration_s)
    assert sum(line.startswith("second ") for line in told) == len(priced.segments)
