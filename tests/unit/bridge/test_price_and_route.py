"""Prices up the chain and the order of carriers, from the catalogue that the seam gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telecom_switch_bridge.core.rating import Step, always, price_call
from telecom_switch_bridge.ports import Reason, Refused
from telecom_switch_bridge.services.frozen_terms import terms_from_json, terms_to_json
from telecom_switch_bridge.services.plan_routes import dialled_on_trunk, plan_emergency, plan_routes
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.services.price_chain import chain_of, price_chain
from telecom_switch_bridge.services.route_candidates import Sale
from telecom_switch_bridge.values import Destination

from .world import (
    ACME,
    ATLANTIC,
    DIRECT,
    GERMANY,
    NOW,
    PACIFIC,
    STANDARD,
    UK_FIXED,
    UK_MOBILE,
    WHOLESALE,
    account,
    bands,
    carrier,
    deck,
    demo,
    lines,
    plan,
    rate,
    request,
    route,
)


def prices(catalogue, e164, at=NOW, account_id=ACME):
    chain = chain_of(catalogue, catalogue.account(account_id))
    return price_chain(catalogue, chain, e164, at)


def cost(price, seconds=60, at=NOW):
    return price_call(price.tariff, at, seconds).cost_micro


@pytest.mark.parametrize(
    ("e164", "seconds", "customer_micro", "reseller_micro"),
    [
        ("442079460000", 75, 43_800, 35_000),  # contract, section 6: 0.0438 and 0.035000
        ("447700900123", 30, 44_000, 40_000),  # 0.040 + 10 %, first minute whole
        ("447700900123", 61, 44_700, 40_700),  # one second over: 0.044733 and 0.040667
    ],
)
def test_each_level_pays_its_own_price(e164, seconds, customer_micro, reseller_micro):
    customer, reseller = prices(demo(), e164)
    assert (cost(customer, seconds), cost(reseller, seconds)) == (customer_micro, reseller_micro)


def test_the_longest_prefix_of_the_plan_wins_also_where_the_default_marks_up():
    """STANDARD marks up: 4479 is longer than 447 and has the parent's own price, so the default applies there."""
    premium = Destination(9, "UK special", 9)
    catalogue = demo(
        destination_rows=(*demo().destination_rows, premium),
        prefix_rows=(*demo().prefix_rows, ("4479", 9)),
        rate_rows=(*demo().rate_rows, rate(50, WHOLESALE, 9, bands=bands(0, 1_000_000))),
    )
    customer, _ = prices(catalogue, "447900000000")
    assert customer.destination is premium and customer.rate is None and cost(customer) == 1_250_000
    # a plan's own longer prefix decides although the parent prices the shorter one only
    shorter = replace(
        catalogue, rate_rows=(*demo().rate_rows, rate(51, STANDARD, 9, method="percent", percent_micro=0))
    )
    customer, reseller = prices(shorter, "447900000000")
    assert (customer.destination.destination_id, reseller.destination.destination_id) == (9, UK_MOBILE)


def test_a_default_mark_up_goes_by_the_prefix_that_the_parent_prices():
    longer = demo(
        destination_rows=(*demo().destination_rows, Destination(9, "UK special", 9)),
        prefix_rows=(*demo().prefix_rows, ("44207", 9)),
    )
    customer, reseller = prices(longer, "442079460000")
    assert customer.destination.destination_id == reseller.destination.destination_id == UK_FIXED


def test_a_rate_of_the_destination_beats_one_of_its_group():
    group = rate(60, DIRECT, None, group_id=1, bands=bands(0, 999_000))
    direct = prices(demo(rate_rows=(*demo().rate_rows, group)), "442079460000", account_id=30)
    assert cost(direct[0]) == 30_000
    only_group = prices(demo(rate_rows=(group,)), "442079460000", account_id=30)
    assert cost(only_group[0]) == 999_000


def test_of_several_rates_the_one_that_began_last_is_in_force():
    def dated(rate_id, price, day, until=None):
        valid_to = until and datetime(2026, 11, until, tzinfo=UTC)
        return rate(rate_id, DIRECT, UK_FIXED, bands=bands(0, price),
                    valid_from=datetime(2026, 11, day, tzinfo=UTC), valid_to=valid_to)  # fmt: skip

    catalogue = demo(rate_rows=(dated(1, 10_000, 1), dated(2, 20_000, 20), dated(3, 30_000, 25, 27)))
    by_day = {day: cost(prices(catalogue, "442079460000", datetime(2026, 11, day, tzinfo=UTC), 30)[0])
              for day in (2, 20, 25, 27)}  # fmt: skip
    assert by_day == {2: 10_000, 20: 20_000, 25: 30_000, 27: 20_000}
    before = prices(catalogue, "442079460000", datetime(2026, 10, 31, tzinfo=UTC), 30)
    assert isinstance(before, Refused) and before.reason is Reason.NO_RATE


def test_bands_pass_from_parent_to_child_and_rounding_unless_set():
    day = replace(always(0, [Step(0, 60_000, 60, 1)]), name="day", from_s=8 * 3600, to_s=18 * 3600, weight=20)
    night = always(0, [Step(0, 6_000, 60, 1)], "night")
    catalogue = demo(
        rate_rows=(rate(1, WHOLESALE, UK_FIXED, bands=(day, night)),),
        plan_rows=(plan(WHOLESALE), plan(STANDARD, base="parent", default_method="absolute",
                                         default_absolute_micro=1_000, rounding_decimals=2)),
    )  # fmt: skip
    customer, reseller = prices(catalogue, "442079460000")
    late = NOW + timedelta(hours=9)
    assert (cost(reseller), cost(reseller, at=late)) == (60_000, 6_000)
    assert (cost(customer), cost(customer, at=late)) == (60_000, 10_000)  # 0.061 and 0.007 at two decimals


@pytest.mark.parametrize(
    "changes",
    [
        {"plan_rows": ()},
        {"plan_rows": (plan(WHOLESALE, direction="inbound"), demo().plan(STANDARD))},
        {"plan_rows": (plan(WHOLESALE, currency="USD"), demo().plan(STANDARD))},
        {"rate_rows": (rate(3, STANDARD, UK_FIXED, method="percent", percent_micro=5),)},  # marks up nothing
        {"rate_rows": (rate(1, WHOLESALE, UK_FIXED, bands=()),)},  # a rate without bands
        {"rate_rows": (rate(1, WHOLESALE, UK_FIXED, bands=bands(0, 100)),
                       rate(3, STANDARD, UK_FIXED, method="absolute", absolute_micro=-200))},  # below zero
    ],
)  # fmt: skip
def test_unrateable_is_refused_and_never_free(changes):
    refused = prices(demo(**changes), "442079460000")
    assert isinstance(refused, Refused) and refused.reason is Reason.NO_RATE


def test_a_chain_without_an_end_is_refused():
    loop = (account(ACME, parent_account_id=20), account(20, parent_account_id=ACME))
    refused = chain_of(demo(account_rows=loop), loop[0])
    assert isinstance(refused, Refused) and refused.reason is Reason.UNAVAILABLE


def dials(catalogue, e164="442079460000", draw=0.5):
    top = prices(catalogue, e164)[-1]
    routing = plan_routes(catalogue, e164, NOW, sale=Sale("EUR", top.tariff), draw=draw)
    return routing.reason if isinstance(routing, Refused) else [one.dial for one in routing.routes]


def test_carriers_are_ordered_by_the_rule_of_the_longest_route_entry():
    cheap, dear = "PJSIP/442079460000@trunk-1", "PJSIP/0077442079460000@trunk-2"
    assert dials(demo()) == [cheap, dear]
    by_priority = route(prefix="4420", route_id=2, rule="priority", lines=lines((2, 1, 0), (1, 2, 0)))
    assert dials(demo(route_rows=(route(), by_priority))) == [dear, cheap]
    one_line = route(prefix="44", route_id=3, lines=lines((2, 1, 0)))
    assert dials(demo(route_rows=(route(), one_line))) == [dear]


def test_carriers_that_are_off_have_no_price_or_lose_money_are_not_tried():
    assert dials(demo(decks={PACIFIC: deck(p44=15_000)})) == ["PJSIP/0077442079460000@trunk-2"]
    off = (carrier(ATLANTIC, "Atlantic", state="inactive"), carrier(PACIFIC, "Pacific"))
    assert dials(demo(carrier_rows=off)) == ["PJSIP/0077442079460000@trunk-2"]
    foreign = (carrier(ATLANTIC, "Atlantic", currency="USD"), carrier(PACIFIC, "Pacific"))
    assert dials(demo(carrier_rows=foreign)) == ["PJSIP/0077442079460000@trunk-2"]
    assert dials(demo(decks={})) is Reason.NO_ROUTE
    assert dials(demo(route_rows=())) is Reason.NO_ROUTE
    # 180 s are sold at 0.07: a carrier may cost 0.07 and not more
    assert dials(demo(decks={ATLANTIC: deck(p44=23_334)})) is Reason.UNPROFITABLE
    assert dials(demo(decks={ATLANTIC: deck(p44=23_333)})) == ["PJSIP/442079460000@trunk-1"]
    margin = (route(min_margin_micro=10_000),)  # 0.01 a minute over cost: 0.04 is the most for 180 s
    assert dials(demo(decks={ATLANTIC: deck(p44=13_334)}, route_rows=margin)) is Reason.UNPROFITABLE
    assert dials(demo(decks={ATLANTIC: deck(p44=13_333)}, route_rows=margin)) == ["PJSIP/442079460000@trunk-1"]


def test_numbers_are_written_as_the_carrier_wants_them():
    trunk = replace(demo().trunk_rows[0], strip_digits=2, add_prefix="0", plus_sign=False)
    assert dialled_on_trunk(trunk, "442079460000") == "02079460000"
    assert dialled_on_trunk(replace(trunk, strip_digits=0, add_prefix="", plus_sign=True), "44207") == "+44207"


def test_emergency_routes_come_first_for_emergency_calls_and_serve_no_other():
    emergency = route(route_id=9, prefix="112", is_emergency=True, lines=lines((2, 1, 0)))
    catalogue = demo(route_rows=(route(), emergency))
    assert [one.dial for one in plan_emergency(catalogue, "112")] == ["PJSIP/0077112@trunk-2"]
    assert [one.dial for one in plan_emergency(catalogue, "999")] == ["PJSIP/999@trunk-1", "PJSIP/0077999@trunk-2"]
    assert isinstance(plan_emergency(demo(trunk_rows=()), "112"), Refused)


def test_a_destination_that_no_level_prices_is_refused():
    assert isinstance(prices(demo(), "4930123456"), Refused) and GERMANY


def test_the_caller_is_shown_to_each_carrier_in_its_own_style():
    styled = replace(demo().trunk_rows[1], cli_style="national", country_code="44", national_prefix="0")
    catalogue = demo(trunk_rows=(demo().trunk_rows[0], styled))
    for dialled in ("02079460000", "112"):
        terms = prepare_call(request(dialled), catalogue=catalogue, now=NOW)
        assert terms.cli == "442079460999"
        assert [(one.trunk_id, one.cli) for one in terms.routes] == [(1, None), (2, "02079460999")]
        assert terms_from_json(terms_to_json(terms)) == terms
