"""The catalogue in memory: decks by date, parts replaced, routes by prefix."""

from dataclasses import replace
from datetime import UTC, datetime

from telecom_switch_bridge.core.rating import price_call
from telecom_switch_bridge.store.deck import Deck, DeckPrice, DeckRow, carrier_tariff
from telecom_switch_bridge.values import Destination

from .world import ACME, ATLANTIC, NOW, PACIFIC, UK_FIXED, account, carrier, deck, demo, phone, route


def day(number):
    return datetime(2026, 11, number, tzinfo=UTC)


def test_of_several_rows_of_a_prefix_the_valid_one_that_began_last_is_the_price():
    def row(price, valid_from, valid_to, prefix="44"):
        return DeckRow(prefix, DeckPrice(0, price, 60, 1, 1, 0), valid_from, valid_to)

    one = Deck([row(30, day(20), day(25)), row(10, None, None), row(20, day(10), None), row(99, day(28), None, "447")])

    def price(number, on):
        found = one.row(number, day(on))
        return found and (found.prefix, found.price.price_micro)

    assert [price("442", on)[1] for on in (1, 10, 19, 20, 24, 25)] == [10, 20, 20, 30, 30, 20]
    assert price("4471", 27) == ("44", 20)  # the longer prefix has no price yet
    assert price("4471", 28) == ("447", 99)
    assert price("331", 1) is None and len(one) == 4


def test_deck_increments_begin_after_the_included_seconds():
    """Fee 0.01 covers 100 s; then a first increment of 60 s, then 10 s ones, at 0.06 a minute."""
    tariff = carrier_tariff(carrier(1, "x"), DeckPrice(10_000, 60_000, 60, 60, 10, 100))
    costs = [price_call(tariff, NOW, seconds).cost_micro for seconds in (1, 100, 101, 160, 161, 171)]
    assert costs == [10_000, 10_000, 70_000, 70_000, 80_000, 90_000]
    assert carrier_tariff(carrier(1, "x"), DeckPrice(0, 10, 60, 0, 1, 0)) is None  # an increment of nothing


def test_parts_are_replaced_and_what_is_made_from_them_with_them():
    old = demo()
    assert old.phone("a10-101") and old.account(ACME).state == "active" and old.route("44", emergency=False)
    assert [one.name for one in old.destinations("442")] == ["UK fixed"]
    new = old.with_parts(
        {
            "phone_rows": (phone(9, ACME, "109"),),
            "account_rows": (account(ACME, state="suspended"),),
            "prefix_rows": (("44", 77),),
            "destination_rows": (Destination(77, "All UK", None),),
            "carrier_rows": (carrier(PACIFIC, "Pacific"),),
            "decks": {PACIFIC: deck(p44=1), ATLANTIC: None},
        }
    )
    assert new.phone("a10-101") is None and new.phone_by_extension(ACME, "109").phone_id == 9
    assert new.account(ACME).state == "suspended" and [one.name for one in new.destinations("442")] == ["All UK"]
    assert list(new.trunks()) == [2] and list(new.decks) == [PACIFIC]
    assert new.trunk_by_endpoint("trunk-1") is None
    assert old.phone("a10-101") is not None and list(old.decks) == [ATLANTIC, PACIFIC]  # calls under way keep theirs
    assert new.plan(100) is old.plan(100)


def test_a_trunk_that_is_off_carries_nothing():
    off = replace(demo().trunk_rows[0], state="inactive")
    catalogue = demo(trunk_rows=(off, demo().trunk_rows[1]))
    assert list(catalogue.trunks()) == [2] and catalogue.trunk_by_endpoint("trunk-1") is None


def test_the_longest_route_prefix_wins_and_emergency_routes_are_apart():
    catalogue = demo(
        route_rows=(route(), route(route_id=2, prefix="44"), route(route_id=3, prefix="4420"),
                    route(route_id=4, is_emergency=True))
    )  # fmt: skip
    found = [catalogue.route(number, emergency=False).route_id for number in ("4420", "441", "33")]
    assert found == [3, 2, 1] and catalogue.route("112", emergency=True).route_id == 4
    assert demo(route_rows=()).route("44", emergency=False) is None


def test_a_prefix_of_a_destination_that_is_gone_is_no_prefix():
    catalogue = demo(prefix_rows=(("44", 12345), ("4", UK_FIXED)))
    assert [one.destination_id for one in catalogue.destinations("442")] == [UK_FIXED]
