"""Decks of millions give the answers of small ones: by one carrier, by all at once, and after changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_switch_bridge.core.packed_prefixes import NONE, PackedPrefixes, packed, packed_all, unpacked
from telecom_switch_bridge.core.prefix import PrefixTable
from telecom_switch_bridge.core.rating import Step, Tariff, always
from telecom_switch_bridge.core.route_pick import NO_COST, PLACES
from telecom_switch_bridge.ports import Refused
from telecom_switch_bridge.services.plan_routes import plan_routes
from telecom_switch_bridge.services.route_candidates import Sale
from telecom_switch_bridge.store.deck import Deck, DeckPrice, DeckRow
from telecom_switch_bridge.store.deck_index import EMPTY
from telecom_switch_bridge.store.packed_deck import PackedDeck, rows_from
from telecom_switch_bridge.values import RouteLine

from .world import carrier, deck, demo, route

START = datetime(2026, 11, 1, tzinfo=UTC)
DIGITS = st.text("019", min_size=0, max_size=4).map(lambda tail: "4" + tail)
NUMBERS = st.text("019", min_size=0, max_size=14).map(lambda tail: "4" + tail)
DAYS = st.none() | st.integers(0, 6)


@st.composite
def rows(draw):
    """Rows of a deck: several of a prefix begin at different times, as the table has it."""
    found = []
    for prefix in draw(st.lists(DIGITS, max_size=6, unique=True)):
        for begins in draw(st.lists(DAYS, min_size=1, max_size=3, unique=True)):
            ends = draw(st.none() | st.integers((begins if begins is not None else -1) + 1, 8))
            price = DeckPrice(0, draw(st.integers(0, 4)), 60, 1, 1, 0)
            found.append(DeckRow(prefix, price, instant(begins), instant(ends)))
    return found


def instant(day):
    return None if day is None else START + timedelta(days=day)


def pack(deck_rows):
    return PackedDeck(rows_from(deck_rows))


@given(st.lists(DIGITS, max_size=20, unique=True), NUMBERS)
def test_packed_prefixes_find_what_the_plain_table_finds(prefixes, number):
    values = np.array([int(one) for one in prefixes], dtype=np.int64)
    lengths = np.array([len(one) for one in prefixes], dtype=np.int8)
    keys = packed_all(values, lengths)
    assert keys.tolist() == [packed(one) for one in prefixes]
    order = np.argsort(keys)
    table = PackedPrefixes(keys[order], lengths[order])
    place = table.longest(number)
    expected = PrefixTable(dict.fromkeys(prefixes, True)).longest(number)
    assert (table.digits(place) if place != NONE else None) == (expected[0] if expected else None)
    assert [unpacked(packed(one), len(one)) for one in prefixes] == prefixes


def test_among_many_prefixes_the_bisection_begins_at_the_right_ones():
    random = np.random.default_rng(7)
    lengths = random.integers(2, 9, 20_000)
    values = np.unique(random.integers(10 ** (lengths - 1), 10**lengths))
    lengths = np.array([len(str(one)) for one in values.tolist()], dtype=np.int8)
    keys = packed_all(values, lengths)
    order = np.argsort(keys)
    table = PackedPrefixes(keys[order], lengths[order])
    plain = PrefixTable({str(one): True for one in values.tolist()})
    asked = [str(one) for one in random.integers(1, 10 ** random.integers(1, 16, 5_000)).tolist()]
    for number in (*asked, "1", "9", "9" * 15, *map(str, values[:500].tolist())):
        place, expected = table.longest(number), plain.longest(number)
        assert (table.digits(place) if place != NONE else None) == (expected[0] if expected else None), number


@given(rows(), NUMBERS, st.integers(-1, 9), st.integers(0, 1))
def test_a_packed_deck_prices_as_the_plain_one(deck_rows, number, day, hours):
    at = START + timedelta(days=day, hours=hours)
    assert pack(deck_rows).price(number, at) == Deck(deck_rows).price(number, at)


@settings(max_examples=60)
@given(st.lists(rows(), min_size=1, max_size=4), rows(), st.lists(NUMBERS, min_size=1, max_size=8), st.integers(-1, 9))
def test_all_carriers_at_once_also_after_a_change(decks, fresh, numbers, day):
    at = START + timedelta(days=day)
    at_us = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    packed_decks = {carrier: pack(one) for carrier, one in enumerate(decks)}
    index = EMPTY.with_decks(packed_decks)
    changed = index.with_decks({**packed_decks, 0: pack(fresh), 9: pack(decks[0])})

    def all_at_once(one, number):
        table = one.cost_table("price", lambda carrier: lambda price: price.price_micro + 10 * carrier, at_us)
        costs = table.costs(number) // PLACES
        return {key: None if cost == NO_COST else cost for key, cost in zip(one.carriers, costs.tolist(), strict=True)}

    def one_by_one(plain, number):
        prices = {carrier: Deck(one).price(number, at) for carrier, one in plain.items()}
        return {key: found.price_micro + 10 * key if found else None for key, found in prices.items()}

    before = dict(enumerate(decks))
    for number in numbers:
        assert all_at_once(index, number) == one_by_one(before, number)
        assert all_at_once(changed, number) == one_by_one({**before, 0: fresh, 9: decks[0]}, number)


def test_costs_that_are_kept_change_at_their_second():
    change = START + timedelta(days=1)
    deck = pack(
        [
            DeckRow("44", DeckPrice(0, 1, 60, 1, 1, 0), None, change),
            DeckRow("44", DeckPrice(0, 2, 60, 1, 1, 0), change, None),
        ]
    )
    index = EMPTY.with_decks({7: deck})
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    for seconds, cost in ((-1, 1), (0, 2), (-1, 1), (1, 2)):
        at_us = (change + timedelta(seconds=seconds) - epoch) // timedelta(microseconds=1)
        table = index.cost_table("price", lambda _: lambda price: price.price_micro, at_us)
        assert table.costs("4420").tolist() == [cost * PLACES]


def test_what_is_no_number_has_no_price():
    deck = pack([DeckRow("44", DeckPrice(0, 1, 60, 1, 1, 0), None, None)])
    assert deck.price("*44", START) is None
    index = EMPTY.with_decks({1: deck})
    assert index.cost_table("price", lambda _: lambda price: 1, 0).costs("").tolist() == [NO_COST * PLACES]
    assert EMPTY.cost_table("price", lambda _: lambda price: 1, 0).costs("44").tolist() == []


PRICES = st.dictionaries(st.sampled_from(["4", "44", "442", "4420"]), st.integers(1, 40), max_size=3)


@settings(max_examples=150, deadline=None)  # other work on the machine is no error
@given(
    st.tuples(PRICES, PRICES, PRICES),
    st.sampled_from(["cost", "priority", "weight"]),
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from([0, 0, 5])), min_size=3, max_size=3),
    st.sets(st.integers(0, 2)),
    st.integers(0, 40),
    st.booleans(),
)
def test_a_call_is_routed_as_by_looking_at_each_carrier(decks, order, ranks, down, sold, allow_loss):
    """`plan_routes` by the index of all decks, and by one deck after the other."""
    priced = [deck(**{f"p{prefix}": price * 1000 for prefix, price in one.items()}) for one in decks]
    entry = route(
        rule=order,
        allow_loss=allow_loss,
        lines=tuple(RouteLine(place, priority, weight) for place, (priority, weight) in enumerate(ranks)),
    )
    parts = {
        "carrier_rows": tuple(
            carrier(place, f"C{place}", currency="USD" if place == 2 else "EUR") for place in range(3)
        ),
        "trunk_rows": tuple(replace(demo().trunk_rows[0], trunk_id=place, carrier_id=place) for place in range(3)),
        "route_rows": (entry,),
        "down_trunks": frozenset(down),
    }
    packed_decks = {
        place: pack([DeckRow(f"{prefix}", DeckPrice(0, price * 1000, 60, 1, 1, 0), None, None) for prefix, price in
                     one.items()]) for place, one in enumerate(decks)
    }  # fmt: skip
    plain = demo(**parts, decks=dict(enumerate(priced)))
    quick = demo(**parts, decks=packed_decks, deck_index=EMPTY.with_decks(packed_decks))
    sale = Sale("EUR", Tariff("UTC", (always(0, [Step(0, sold * 1000, 60, 1)]),)))
    for number in ("442079460000", "4", "491701234567"):
        found = [plan_routes(one, number, START, sale=sale, draw=0.3) for one in (plain, quick)]
        if isinstance(found[0], Refused):
            assert found[0] == found[1]
        else:
            assert found[0].routes == found[1].routes
