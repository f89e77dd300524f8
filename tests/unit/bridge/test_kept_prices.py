"""Prices and carriers are kept for the next call: they stay those that a catalogue read this moment would give."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_switch_bridge.core.bands import DAY_S
from telecom_switch_bridge.core.currency import CurrencyRate
from telecom_switch_bridge.core.rating import Band, Step, price_call
from telecom_switch_bridge.ports import Refused
from telecom_switch_bridge.services.frozen_terms import terms_to_json
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.store import kept
from telecom_switch_bridge.store.deck import DeckPrice
from telecom_switch_bridge.store.deck_index import EMPTY
from telecom_switch_bridge.store.packed_deck import PackedDeck, rows_from
from telecom_switch_bridge.values import AccountPlan, CarrierBlock, TrunkQuality

from .world import (
    ATLANTIC,
    DIRECT,
    GERMANY,
    NOW,
    PACIFIC,
    RESELLER,
    UK_FIXED,
    UK_MOBILE,
    WHOLESALE,
    bands,
    carrier,
    demo,
    lines,
    plan,
    rate,
    request,
    route,
)

DEAR = 200
HOUR = timedelta(hours=1)
NUMBERS = ("02079460000", "02079460001", "07700900123", "00498912345678", "0044999", "12")


def packed(*rows):
    return PackedDeck(rows_from((prefix, DeckPrice(0, price, 60, 1, 1, 0), *when) for prefix, price, *when in rows))


def by_hours(dear_micro, cheap_micro):
    """Dear at all times, cheap in the evening."""
    evening = Band("evening", (1, 2, 3, 4, 5, 6, 7), 18 * 3600, DAY_S, 20, None, 0, (Step(0, cheap_micro, 60, 1),))
    return (*bands(0, dear_micro), evening)


def dated():
    """Everything in it that may change by itself changes at some hour of the day."""
    decks = {
        ATLANTIC: packed(
            ("44", 10_000, None, NOW + 2 * HOUR), ("44", 90_000, NOW + 2 * HOUR, None), ("447", 1, None, None)
        ),
        PACIFIC: packed(("442", 15_000, None, None), ("447", 25_000, NOW + HOUR, NOW + 5 * HOUR)),
    }  # fmt: skip
    catalogue = demo(
        plan_rows=(*demo().plan_rows, plan(DEAR, currency="USD")),
        rate_rows=(
            *demo().rate_rows,
            rate(50, DEAR, UK_FIXED, bands=bands(0, 100_000), valid_from=NOW + 3 * HOUR),
            rate(51, DEAR, UK_MOBILE, bands=bands(0, 50_000), valid_to=NOW + 4 * HOUR),
            rate(52, DIRECT, UK_MOBILE, bands=by_hours(30_000, 20_000)),
        ),
        account_plan_rows=(
            AccountPlan(RESELLER, "outbound", WHOLESALE, None, NOW + HOUR),
            AccountPlan(RESELLER, "outbound", DEAR, NOW + HOUR, NOW + 6 * HOUR),
        ),
        currency_rows=(
            CurrencyRate("EUR", None, 10**12),
            CurrencyRate("USD", None, 11 * 10**11),
            CurrencyRate("USD", NOW + 2 * HOUR, 12 * 10**11),
        ),
        carrier_rows=(carrier(ATLANTIC, "Atlantic"), carrier(PACIFIC, "Pacific", currency="USD")),
        route_rows=(
            route(lines=lines((1, 10, 0), (2, 10, 0)), least_quality=60),
            route(route_id=2, prefix="447", lines=lines((1, 5, 7), (2, 5, 7))),  # shared by weight
        ),
        quality_rows=(TrunkQuality(1, UK_FIXED, None, quality=40),),
        block_rows=(CarrierBlock(ATLANTIC, GERMANY, None),),
        decks=decks,
    )  # fmt: skip
    return catalogue.with_parts({"deck_index": EMPTY.with_decks(decks)})


INSTANTS = st.one_of(
    st.integers(-1, 9).map(lambda hour: NOW + hour * HOUR),
    st.integers(-1, 9).map(lambda hour: NOW + hour * HOUR - timedelta(microseconds=1)),
    st.timedeltas(-HOUR, 9 * HOUR).map(lambda since: NOW + since),
)
PHONES = ("a10-101", "a30-301")
CALLS = st.tuples(INSTANTS, st.sampled_from(PHONES), st.sampled_from(NUMBERS), st.integers(0, 99))


def answer(catalogue, at, endpoint, dialled, channel):
    found = prepare_call(request(dialled, endpoint, channel_uniqueid=f"a-1.{channel}"), catalogue=catalogue, now=at)
    return found if isinstance(found, Refused) else (found, terms_to_json(found))


@given(st.lists(CALLS, max_size=40))
@settings(max_examples=150)
def test_whoever_asked_before_a_call_gets_what_a_fresh_catalogue_says(calls):
    used = dated()
    for call in calls:
        assert answer(used, *call) == answer(used.with_parts({}), *call)


def with_decks(decks, **parts):
    return demo(decks=decks, **parts).with_parts({"deck_index": EMPTY.with_decks(decks)})


def carriers(catalogue, number, at=NOW, endpoint="a10-101"):
    """Carriers to try with their prices of a minute; the reason where the call is refused."""
    found = prepare_call(request(number, endpoint), catalogue=catalogue, now=at)
    if isinstance(found, Refused):
        return found.reason
    return [(one.carrier_id, price_call(one.tariff, at, 60).cost_micro) for one in found.routes]


def test_a_price_of_a_deck_ends_at_its_instant():
    dated_deck = packed(("44", 10_000, None, NOW + HOUR), ("44", 19_000, NOW + HOUR, NOW + 2 * HOUR))
    catalogue = with_decks({ATLANTIC: dated_deck, PACIFIC: packed(("44", 15_000, None, None))})
    hours = [carriers(catalogue, NUMBERS[0], NOW + hour * HOUR) for hour in range(3)]
    assert hours == [[(7, 10_000), (8, 15_000)], [(8, 15_000), (7, 19_000)], [(8, 15_000)]]


def test_a_longer_prefix_of_a_deck_has_its_own_price_within_one_destination():
    deck = packed(("44", 10_000, None, None), ("44208", 19_000, None, None))
    catalogue = with_decks({ATLANTIC: deck, PACIFIC: packed(("44", 15_000, None, None))})
    assert carriers(catalogue, "02079460000") == [(7, 10_000), (8, 15_000)]
    assert carriers(catalogue, "02089460000") == [(8, 15_000), (7, 19_000)]


def test_a_price_by_hours_decides_each_time_which_carriers_leave_a_margin():
    rates = (rate(4, DIRECT, UK_FIXED, bands=by_hours(30_000, 12_000)),)
    decks = {ATLANTIC: packed(("44", 10_000, None, None)), PACIFIC: packed(("44", 15_000, None, None))}
    catalogue = with_decks(decks, rate_rows=rates)
    both, one = [(7, 10_000), (8, 15_000)], [(7, 10_000)]
    assert [carriers(catalogue, NUMBERS[0], NOW + h * HOUR, "a30-301") for h in (0, 7, 24)] == [both, one, both]


def test_calls_to_one_destination_share_what_was_worked_out():
    used = dated()
    first, second = (answer(used, NOW, "a10-101", number, 1)[0] for number in ("02079460000", "02079460001"))
    assert first.levels is second.levels and first.routes[0].tariff is second.routes[0].tariff
    assert first.routes[0].dial != second.routes[0].dial


def test_a_changed_price_holds_for_the_next_call():
    used = dated()
    before = answer(used, NOW, "a30-301", "02079460000", 1)[0]
    changed = used.with_parts({"rate_rows": (rate(4, DIRECT, UK_FIXED, bands=bands(0, 60_000)),)})
    after = answer(changed, NOW, "a30-301", "02079460000", 1)[0]
    assert before.levels[0].tariff.bands == bands(0, 30_000) and after.levels[0].tariff.bands == bands(0, 60_000)


def test_no_more_is_kept_than_fits(monkeypatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    values = kept.Kept()
    made = []
    for key in (1, 2, 3, 1, 4, 1):
        assert values.get(key, lambda key=key: made.append(key) or key * 10) == key * 10
    assert made == [1, 2, 3, 4, 1]


def test_nothing_is_a_value_too():
    values = kept.Kept()
    assert values.get("key", lambda: None) is None and values.get("key", lambda: "made again") is None
