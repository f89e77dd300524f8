"""The price table that a page walks says at every second what the pricing rule says."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings

from telecom_switch_bridge.core.meter import meter_of, metered
from telecom_switch_bridge.core.rating import Step, Tariff, always, charge_of, price_call
from tests.unit.core import strategies

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
LONGEST_S = 1_000


def test_a_moving_call_costs_what_the_contract_says_at_each_edge():
    tariff = Tariff("UTC", (always(12_500, [Step(0, 25_000, 60, 1)]),))
    meter = meter_of(tariff, AT, LONGEST_S, strategies.VAT)
    assert metered(meter, 0) == (0, 0)
    assert metered(meter, 1) == (12_917, 15_500)
    assert metered(meter, 75) == (43_750, 52_500)


def test_a_second_that_begins_an_increment_buys_it_whole():
    tariff = Tariff("UTC", (always(50_000, [Step(0, 60_000, 60, 30), Step(30, 120_000, 60, 6)]),))
    meter = meter_of(tariff, AT, LONGEST_S)
    assert [metered(meter, s).net_micro for s in (1, 30, 31, 36, 37)] == [80_000, 80_000, 92_000, 92_000, 104_000]


@settings(max_examples=300)
@given(tariff=strategies.tariffs(), at=strategies.instants(), duration_s=strategies.durations, rule=strategies.rules())
def test_the_table_equals_the_rule_at_any_second(tariff, at, duration_s, rule):
    meter = json.loads(json.dumps(meter_of(tariff, at, LONGEST_S, rule)))  # as the page gets it
    taxed = charge_of(price_call(tariff, at, duration_s), rule)
    assert metered(meter, duration_s) == (taxed.net_micro, taxed.gross_micro)
