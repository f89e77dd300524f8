"""Quality, blocks and currencies decide which carriers are tried; by one deck after the other and by all at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telecom_switch_bridge.core.currency import CurrencyRate, CurrencyRates
from telecom_switch_bridge.core.money import FACTOR_ONE
from telecom_switch_bridge.core.rating import NO_TAX, ChargeRule, Step, Tariff, always
from telecom_switch_bridge.core.tax import Tax
from telecom_switch_bridge.ports import Reason, Refused
from telecom_switch_bridge.services.frozen_terms import terms_from_json, terms_to_json
from telecom_switch_bridge.services.plan_routes import plan_routes
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.services.route_candidates import PROBE_SHARE, Sale
from telecom_switch_bridge.store.deck import DeckPrice, DeckRow
from telecom_switch_bridge.store.deck_index import EMPTY
from telecom_switch_bridge.store.packed_deck import PackedDeck, rows_from
from telecom_switch_bridge.values import CarrierBlock, TrunkQuality

from .test_explain import ask
from .world import ACME, ATLANTIC, NOW, PACIFIC, UK_FIXED, UK_MOBILE, carrier, demo, request, route

NUMBER = "442079460000"
CHEAP, DEAR = 1, 2  # trunks of Atlantic and Pacific


@pytest.fixture(params=["one by one", "all at once"])
def world(request):
    """The demo; its decks as `explain` reads them, or as live calls have them."""

    def made(**changes):
        if request.param == "one by one":
            return demo(**changes)
        prices = {ATLANTIC: {"441": 10, "442": 10, "447": 20}, PACIFIC: {"44": 15, "447": 25}}
        decks = {
            carrier_id: PackedDeck(
                rows_from(
                    DeckRow(prefix, DeckPrice(0, price * 1000, 60, 1, 1, 0), None, None)
                    for prefix, price in one.items()
                )
            )
            for carrier_id, one in prices.items()
        }
        return demo(decks=decks, deck_index=EMPTY.with_decks(decks), **changes)

    return made


def trunks(catalogue, *, at=NOW, draw=0.5, sold=30_000, **sale):
    found = plan_routes(
        catalogue,
        NUMBER,
        at,
        sale=Sale("EUR", Tariff("UTC", (always(0, [Step(0, sold, 60, 1)]),)), **sale),
        draw=draw,
    )
    return found.reason if isinstance(found, Refused) else [one.trunk_id for one in found.routes]


def poor_cheap(quality=20, **place):
    return {"quality_rows": (TrunkQuality(CHEAP, place.get("destination_id"), place.get("group_id"), quality),)}


def test_a_poor_trunk_sinks_and_is_probed(world):
    strict = (route(least_quality=50),)
    catalogue = world(**poor_cheap(destination_id=UK_FIXED), route_rows=strict)
    assert trunks(catalogue) == [DEAR, CHEAP]
    assert trunks(catalogue, draw=PROBE_SHARE - 0.001) == [CHEAP, DEAR]
    assert trunks(world(**poor_cheap(50, destination_id=UK_FIXED), route_rows=strict)) == [CHEAP, DEAR]
    assert trunks(world(**poor_cheap(destination_id=UK_FIXED))) == [CHEAP, DEAR]  # the route asks for none


def test_the_figures_of_the_destination_go_before_those_of_the_group_and_the_trunk(world):
    strict = (route(least_quality=50),)
    places = ({"destination_id": UK_FIXED}, {"group_id": 1}, {})
    for place in places:
        assert trunks(world(**poor_cheap(**place), route_rows=strict)) == [DEAR, CHEAP]
    elsewhere = world(**poor_cheap(destination_id=UK_MOBILE), route_rows=strict)
    assert trunks(elsewhere) == [CHEAP, DEAR]
    better = (
        TrunkQuality(CHEAP, UK_FIXED, None, 90),
        TrunkQuality(CHEAP, None, 1, 5),
        TrunkQuality(CHEAP, None, None, 5),
    )
    assert trunks(world(quality_rows=better, route_rows=strict)) == [CHEAP, DEAR]


def test_best_quality_first_in_steps_of_ten_then_cost(world):
    by_quality = (route(rule="quality"),)

    def ranked(cheap, dear):
        rows = (TrunkQuality(CHEAP, None, None, cheap), TrunkQuality(DEAR, None, None, dear))
        return trunks(world(quality_rows=rows, route_rows=by_quality))

    assert ranked(69, 70) == [DEAR, CHEAP]
    assert ranked(61, 69) == [CHEAP, DEAR]


def test_a_blocked_carrier_gets_no_call_there(world):
    for block in (CarrierBlock(ATLANTIC, UK_FIXED, None), CarrierBlock(ATLANTIC, None, 1)):
        assert trunks(world(block_rows=(block,))) == [DEAR]
    assert trunks(world(block_rows=(CarrierBlock(ATLANTIC, UK_MOBILE, None), CarrierBlock(ATLANTIC, None, 2)))) == [
        1,
        2,
    ]
    both = (CarrierBlock(ATLANTIC, UK_FIXED, None), CarrierBlock(PACIFIC, None, 1))
    assert trunks(world(block_rows=both)) is Reason.NO_ROUTE


def in_dollars(world, *rates, **changes):
    rows = (carrier(ATLANTIC, "Atlantic", currency="USD"), carrier(PACIFIC, "Pacific"))
    base = (CurrencyRate("EUR", None, 10**12),)
    return world(carrier_rows=rows, currency_rows=(*base, *rates), **changes)


def test_a_cost_in_another_currency_is_held_against_the_sale_by_the_rate_of_the_day(world):
    """180 s cost 0.03 dollars or 0.045 euro: the dollar decides which is less, and whether it is too much."""
    rates = (
        CurrencyRate("USD", NOW, 10**12 * 11 // 10),
        CurrencyRate("USD", NOW + timedelta(days=1), 10**12 // 2),
        CurrencyRate("USD", NOW + timedelta(days=2), 10**12 // 4),
    )
    catalogue = in_dollars(world, *rates)
    assert trunks(catalogue) == [CHEAP, DEAR]  # 0.0273 euro
    assert trunks(catalogue, at=NOW + timedelta(days=1)) == [DEAR, CHEAP]  # 0.06
    assert trunks(catalogue, at=NOW + timedelta(days=2)) == [DEAR]  # 0.12 and sold at 0.09
    assert trunks(catalogue, at=NOW + timedelta(days=2), allow_loss=True) == [DEAR, CHEAP]
    assert trunks(catalogue, at=NOW - timedelta(seconds=1)) == [DEAR]  # no rate is known yet


def test_what_is_kept_of_a_route_ends_with_a_price():
    dear = DeckPrice(0, 25_000, 60, 1, 1, 0)
    rows = {
        ATLANTIC: [DeckRow("44", dear._replace(price_micro=10_000), None, NOW), DeckRow("44", dear, NOW, None)],
        PACIFIC: [DeckRow("44", dear._replace(price_micro=15_000), None, None)],
    }
    decks = {carrier_id: PackedDeck(rows_from(one)) for carrier_id, one in rows.items()}
    catalogue = demo(decks=decks, deck_index=EMPTY.with_decks(decks))
    before = NOW - timedelta(microseconds=1)
    for at, order in ((before, [CHEAP, DEAR]), (NOW, [DEAR, CHEAP]), (before, [CHEAP, DEAR])):
        assert trunks(catalogue, at=at) == order


def test_losses_are_allowed_on_the_route_or_for_the_sale(world):
    assert trunks(world(), sold=1_000) is Reason.UNPROFITABLE
    assert trunks(world(), sold=1_000, allow_loss=True) == [CHEAP, DEAR]
    assert trunks(world(route_rows=(route(allow_loss=True),)), sold=1_000) == [CHEAP, DEAR]


def test_what_the_owner_keeps_is_without_the_taxes_of_each_call(world):
    catalogue = world()
    half = ChargeRule((Tax(1, "half", "division", 500_000, price_include=True),))
    for rule, found in ((NO_TAX, [CHEAP, DEAR]), (half, [CHEAP]), (NO_TAX, [CHEAP, DEAR])):
        assert trunks(catalogue, sold=20_000, rule=rule) == found


def test_the_top_levels_plan_or_account_allows_losses_and_no_other(world):
    cheap = {"rate_rows": (replace(demo().rate_rows[0], bands=(always(0, [Step(0, 1, 60, 1)]),)),)}

    def allowed(account_id=None, plan_id=None):
        accounts = tuple(replace(one, allow_loss=one.account_id == account_id) for one in demo().account_rows)
        plans = tuple(replace(one, allow_loss=one.plan_id == plan_id) for one in demo().plan_rows)
        terms = prepare_call(request(), catalogue=world(account_rows=accounts, plan_rows=plans, **cheap), now=NOW)
        return not isinstance(terms, Refused)

    assert not allowed()
    assert allowed(account_id=20) and allowed(plan_id=100)  # the reseller's, which the owner sells to
    assert not allowed(account_id=ACME) and not allowed(plan_id=101)


def test_the_factor_is_frozen_with_the_call(world):
    catalogue = in_dollars(world, CurrencyRate("USD", None, 10**12 * 5 // 4))
    terms = prepare_call(request(), catalogue=catalogue, now=NOW)
    factors = {one.currency: one.factor_e8 for one in terms.routes}
    assert factors == {"USD": FACTOR_ONE * 4 // 5, "EUR": FACTOR_ONE}
    assert terms_from_json(terms_to_json(terms)).routes == terms.routes


def test_factors_are_rounded_half_up_and_never_nothing():
    rates = CurrencyRates([CurrencyRate("EUR", None, 10**12), CurrencyRate("JPY", None, 3 * 10**12)])
    assert rates.factor_e8("JPY", "EUR", NOW) == 33_333_333
    assert CurrencyRates([CurrencyRate("A", None, 1), CurrencyRate("B", None, 2)]).factor_e8("A", "B", NOW) == 2 * 10**8
    assert CurrencyRates([CurrencyRate("A", None, 10**18), CurrencyRate("B", None, 1)]).factor_e8("A", "B", NOW) is None
    assert rates.factor_e8("EUR", "XXX", NOW) is None


def test_explain_tells_figures_blocks_and_factors():
    rows = (TrunkQuality(CHEAP, UK_FIXED, None, 20, asr=25.5, acd_s=61.0, pdd_ms=1900, calls=40),)
    page = ask(catalogue=demo(quality_rows=rows, route_rows=(route(least_quality=50),)))
    last = page["route"]["tried"][-1]
    assert last["quality"] == "quality 20 of the destination: ASR 25.5 % of 40 calls, ACD 61 s, PDD 1.9 s"
    assert last["poor"] and not page["route"]["probes"]
    page = ask(catalogue=demo(block_rows=(CarrierBlock(ATLANTIC, UK_FIXED, None, "false answers"),)))
    assert "false answers" in page["route"]["dropped"][0]["reason"]
    page = ask(catalogue=in_dollars(demo, CurrencyRate("USD", None, 10**12 * 5 // 4)))
    assert page["route"]["tried"][0]["factor"] == "0.80000000"
    page = ask(catalogue=in_dollars(demo))
    assert "no rate between" in page["route"]["dropped"][0]["reason"]
