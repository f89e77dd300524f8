"""A plan, a price and a deck row hold from their own second on, by the catalogue that was read before."""

from datetime import timedelta

import pytest

from telecom_switch_bridge.core.rating import price_call
from telecom_switch_bridge.ports import Reason, Refused
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.services.price_chain import chain_of, price_inbound
from telecom_switch_bridge.store.deck import Deck, DeckPrice, DeckRow
from telecom_switch_bridge.values import AccountPlan

from .world import ACME, ATLANTIC, DIRECT, NOW, RESELLER, SCHOOL, UK_FIXED, WHOLESALE, bands, demo, plan, rate, request

EDGE = NOW + timedelta(hours=12)
BEFORE, AFTER = EDGE - timedelta(microseconds=1), EDGE
DEAR, NUMBERS = 200, 201


def terms(catalogue, at, endpoint="a10-101"):
    return prepare_call(request(endpoint=endpoint), catalogue=catalogue, now=at)


def per_minute(catalogue, at):
    """What each level pays for a minute, the customer first."""
    return [price_call(level.tariff, at, 60).cost_micro for level in terms(catalogue, at).levels]


def changing(account_id, old, new, direction="outbound"):
    return (AccountPlan(account_id, direction, old, None, EDGE), AccountPlan(account_id, direction, new, EDGE, None))


def with_dear_plan(**parts):
    return demo(
        plan_rows=(*demo().plan_rows, plan(DEAR)),
        rate_rows=(*demo().rate_rows, rate(50, DEAR, UK_FIXED, bands=bands(0, 100_000))),
        **parts,
    )


def test_a_plan_holds_from_its_own_instant_at_its_level_and_at_those_that_mark_it_up():
    catalogue = with_dear_plan(account_plan_rows=changing(RESELLER, WHOLESALE, DEAR))
    assert per_minute(catalogue, BEFORE) == [37_500, 30_000]
    assert per_minute(catalogue, AFTER) == [125_000, 100_000]
    assert [level.plan_id for level in terms(catalogue, AFTER).levels][-1] == DEAR


def test_an_account_without_dated_plans_has_its_own():
    catalogue = with_dear_plan(account_plan_rows=changing(RESELLER, WHOLESALE, DEAR))
    assert terms(catalogue, AFTER, "a30-301").levels[0].plan_id == DIRECT


def test_a_plan_that_ends_leaves_none_and_calls_are_refused():
    catalogue = demo(account_plan_rows=changing(SCHOOL, DIRECT, None))
    assert not isinstance(terms(catalogue, BEFORE, "a30-301"), Refused)
    refused = terms(catalogue, AFTER, "a30-301")
    assert isinstance(refused, Refused) and refused.reason is Reason.NO_RATE


def test_plans_of_both_directions_are_apart():
    catalogue = demo(
        plan_rows=(*demo().plan_rows, plan(NUMBERS, direction="inbound")),
        rate_rows=(*demo().rate_rows, rate(60, NUMBERS, UK_FIXED, bands=bands(0, 6_000))),
        account_plan_rows=changing(SCHOOL, None, NUMBERS, "inbound"),
    )
    chain = chain_of(catalogue, catalogue.account(SCHOOL))
    assert price_inbound(catalogue, chain, "442079460999", BEFORE) == ()
    assert [one.plan.plan_id for one in price_inbound(catalogue, chain, "442079460999", AFTER)] == [NUMBERS]
    assert terms(catalogue, AFTER, "a30-301").levels[0].plan_id == DIRECT


@pytest.mark.parametrize("old_ends", [True, False])
def test_a_rate_holds_from_its_own_instant(old_ends):
    old = rate(1, WHOLESALE, UK_FIXED, bands=bands(10_000, 20_000), valid_to=EDGE if old_ends else None)
    new = rate(9, WHOLESALE, UK_FIXED, bands=bands(0, 100_000), valid_from=EDGE)
    catalogue = demo(rate_rows=(old, new))
    assert (per_minute(catalogue, BEFORE)[-1], per_minute(catalogue, AFTER)[-1]) == (30_000, 100_000)


def test_a_rate_that_ends_without_a_next_one_is_sold_no_more():
    catalogue = demo(rate_rows=(rate(1, WHOLESALE, UK_FIXED, bands=bands(10_000, 20_000), valid_to=EDGE),))
    assert not isinstance(terms(catalogue, BEFORE), Refused)
    assert terms(catalogue, AFTER).reason is Reason.NO_RATE


def test_a_deck_row_holds_from_its_own_instant_and_changes_the_order_of_carriers():
    def row(price, valid_from, valid_to):
        return DeckRow("442", DeckPrice(0, price, 60, 1, 1, 0), valid_from, valid_to)

    catalogue = demo(decks={**demo().decks, ATLANTIC: Deck([row(10_000, None, EDGE), row(19_000, EDGE, None)])})
    assert [one.trunk_id for one in terms(catalogue, BEFORE).routes] == [1, 2]
    assert [one.trunk_id for one in terms(catalogue, AFTER).routes] == [2, 1]


def test_a_deck_row_holds_to_the_microsecond():
    edge = EDGE + timedelta(milliseconds=500)
    price = DeckPrice(0, 1, 60, 1, 1, 0)
    one = Deck([DeckRow("44", price, None, edge), DeckRow("44", price._replace(price_micro=2), edge, None)])
    prices = [one.price("442", edge + timedelta(microseconds=us)).price_micro for us in (-1, 0)]
    assert prices == [1, 2]


def test_the_order_of_dated_rows_does_not_matter():
    rows = changing(ACME, None, DIRECT)
    for given in (rows, rows[::-1]):
        assert demo(account_plan_rows=given).plan_id_of(demo().account(ACME), "outbound", AFTER) == DIRECT
