"""Legs priced anew by a deck in batches cost what the single path says: same prefix, instant, seconds, rounding."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from telecom_switch_bridge.core.rating import answered_seconds, price_call
from telecom_switch_bridge.rerate.price_costs import CostPricer, StoredLegs, deck_of, unpriced
from telecom_switch_bridge.store.deck import EPOCH, Deck, DeckPrice, DeckRow, carrier_tariff
from telecom_switch_bridge.store.packed_deck import ROWS, rows_from
from telecom_switch_bridge.values import Carrier
from tests.unit.bridge.world import NOW

DIGITS = st.text("0124", min_size=1, max_size=4).map("4".__add__)
CARRIERS = [
    Carrier(1, "Up", "EUR", "UTC", "up", "half_up", 6, "active"),
    Carrier(2, "Down", "EUR", "Europe/Berlin", "down", "up", 3, "active"),
]
PRICES = st.builds(
    DeckPrice, st.sampled_from([0, 5_000]), st.sampled_from([0, 12_345, 90_000]), st.sampled_from([60, 1]),
    st.sampled_from([1, 30, 0]), st.sampled_from([1, 6]), st.sampled_from([0, 10]),
)  # fmt: skip
HOURS = st.one_of(st.none(), st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours)))


@st.composite
def deck_rows(draw):
    """Rows of few prefixes that hold at different times; of one prefix no two begin at once."""
    found = {}
    for _ in range(draw(st.integers(0, 8))):
        begins, ends = draw(HOURS), draw(HOURS)
        if begins is None or ends is None or begins < ends:
            prefix = draw(DIGITS)
            found[prefix, begins] = DeckRow(prefix, draw(PRICES), begins, ends)
    return list(found.values())


@given(deck_rows(), st.sampled_from(CARRIERS), st.data())
def test_a_batch_costs_what_the_single_path_says(rows, carrier, data):
    legs = [
        (
            data.draw(DIGITS),
            NOW + timedelta(minutes=30 * data.draw(st.integers(-8, 8))),
            data.draw(st.integers(0, 90_500_000)),
        )
        for _ in range(12)
    ]
    packed = rows_from((row.prefix, row.price, row.valid_from, row.valid_to) for row in rows)
    costs = CostPricer()
    found = costs.price(carrier, deck_of([packed[name] for name in ROWS.names]), stored(legs))
    plain = Deck(rows)
    for place, (number, at, duration_us) in enumerate(legs):
        price = plain.price(number, at)
        tariff = carrier_tariff(carrier, price) if price is not None else None
        if tariff is None:
            assert (found.price[place], found.micro[place]) == (-1, 0)
            continue
        priced = price_call(tariff, at + timedelta(seconds=4), answered_seconds(duration_us, carrier.duration_rule))
        assert (found.micro[place], found.billed_s[place]) == (priced.cost_micro, priced.billed_s)
        assert costs.tariffs[found.price[place]] == tariff


def test_numbers_that_are_none_have_no_price():
    rows = rows_from([("4", DeckPrice(0, 60_000, 60, 1, 1, 0), None, None)])
    deck = deck_of([rows[name] for name in ROWS.names])
    legs = stored([("4", NOW, 1_000_000)])._replace(number=np.zeros(1, np.int64), digits=np.zeros(1, np.int64))
    assert CostPricer().price(CARRIERS[0], deck, legs).price.tolist() == [-1]
    assert unpriced(2).price.tolist() == [-1, -1]


def stored(legs):
    """Rows of (number, instant of authorisation, answered microseconds), answered four seconds later."""
    at_us = np.array([(at - EPOCH) // timedelta(microseconds=1) for _, at, _ in legs])
    return StoredLegs(
        np.array([int(number.ljust(15, "0")) for number, *_ in legs]),
        np.array([len(number) for number, *_ in legs]),
        at_us,
        at_us // 1_000_000 + 4,
        np.array([duration_us for *_, duration_us in legs]),
    )
