"""Calls to our numbers that an inbound plan prices: granted, extended and charged at the levels that have a price."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telecom_switch_bridge.core.rating import price_call
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.ports import Allowed, Reason, Refused
from telecom_switch_bridge.services.extend_grants import ExtendGrants
from telecom_switch_bridge.services.price_chain import chain_of, price_inbound
from telecom_switch_bridge.services.route_inbound import route_inbound

from .fakes import FakeReservations, FakeSwitch
from .journal_world import ANSWERED, CALLER, LEG, REF, World, gross
from .world import ACME, ATLANTIC, NORTHWIND, NOW, OWNER, RESELLER, SCHOOL, UK_FIXED, bands, demo, plan, rate, request

DEAR, DEARER, OWN = 110, 111, 112
"""Inbound plans: the owner's for Northwind, Northwind's mark-up for Acme, and one of Northwind's with own prices."""
RINGS, FORWARDED = "442079460999", "442079460998"
PLENTY = {ACME: 20_000_000, RESELLER: 500_000_000}
TRUNK_CHANNEL, PHONE_CHANNEL = f"PJSIP/x-{CALLER}", f"PJSIP/x-{LEG}"


def priced(acme=DEARER, reseller=DEAR, **changes):
    """The demo where calls to UK numbers cost Northwind 0.012 a minute, and Acme 50 % more."""
    base = demo()
    plans = {ACME: acme, RESELLER: reseller}
    parts = {
        "account_rows": tuple(replace(one, inbound_plan_id=plans.get(one.account_id)) for one in base.account_rows),
        "plan_rows": (
            *base.plan_rows,
            plan(DEAR, direction="inbound"),
            plan(DEARER, company_id=NORTHWIND, direction="inbound", base="parent", default_method="percent",
                 default_percent_micro=50_000_000),
            plan(OWN, company_id=NORTHWIND, direction="inbound"),
        ),
        "rate_rows": (
            *base.rate_rows,
            rate(70, DEAR, UK_FIXED, bands=bands(0, 12_000)),
            rate(71, OWN, UK_FIXED, bands=bands(5_000, 6_000)),
        ),
    }  # fmt: skip
    return replace(base, **(parts | changes))


async def ask(catalogue, called=RINGS, headroom=None, reservations=None):
    reservations = reservations or FakeReservations(headroom or PLENTY)
    asked = request(called, "trunk-1", cli="4930123", channel=TRUNK_CHANNEL)
    outcome = await route_inbound(asked, catalogue=catalogue, reservations=reservations, now=NOW, grant_s=120)
    return outcome, reservations


@pytest.mark.parametrize(
    ("acme", "reseller", "expected"),
    [
        (DEARER, DEAR, {0: 18_000, 1: 12_000}),
        (None, DEAR, {1: 12_000}),  # the reseller gives it away
        (OWN, None, {0: 11_000}),  # the owner does
        (OWN, DEAR, {0: 11_000, 1: 12_000}),
        (DEARER, None, {}),  # a mark-up on nothing is nothing
        (None, None, {}),
    ],
)
def test_each_level_pays_what_its_own_inbound_plan_says(acme, reseller, expected):
    catalogue = priced(acme, reseller)
    chain = chain_of(catalogue, catalogue.account(ACME))
    prices = price_inbound(catalogue, chain, RINGS, NOW)
    assert {one.level: price_call(one.tariff, NOW, 60).cost_micro for one in prices} == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"plan_rows": tuple(one for one in priced().plan_rows if one.plan_id != DEAR)},
        {"plan_rows": (*(one for one in priced().plan_rows if one.plan_id != DEAR), plan(DEAR))},
        {"plan_rows": (*(one for one in priced().plan_rows if one.plan_id != DEAR),
                       plan(DEAR, direction="inbound", currency="USD"))},
        {"rate_rows": (rate(70, DEAR, UK_FIXED, bands=()),)},
    ],
)  # fmt: skip
async def test_a_plan_that_is_set_up_wrong_refuses_and_is_not_free(changes):
    outcome, reservations = await ask(priced(**changes))
    assert isinstance(outcome, Refused) and outcome.reason is Reason.NO_RATE and reservations.asked == []


async def test_a_suspended_provider_refuses_its_customers_calls_too():
    rows = tuple(replace(one, state="suspended") if one.account_id == RESELLER else one for one in demo().account_rows)
    outcome, _ = await ask(demo(account_rows=rows))
    assert isinstance(outcome, Refused) and outcome.reason is Reason.SUSPENDED


async def test_a_priced_call_takes_a_grant_at_its_levels_and_the_telephone_gets_the_limit():
    outcome, reservations = await ask(priced())
    assert isinstance(outcome, Allowed) and outcome.granted_s == 120
    assert [route.dial for route in outcome.terms.routes] == ["PJSIP/a10-101"]
    held = reservations.held[REF]
    assert (held.account_ids, held.amounts_micro) == ((ACME, RESELLER), (36_000, 24_000))
    assert (outcome.terms.from_trunk_id, outcome.terms.from_carrier_id) == (1, ATLANTIC)


@pytest.mark.parametrize("poor", [ACME, RESELLER])
async def test_without_credit_at_a_level_the_carrier_is_refused(poor):
    outcome, reservations = await ask(priced(), headroom=PLENTY | {poor: 199})  # one second costs Northwind 200
    assert isinstance(outcome, Refused) and outcome.reason is Reason.NO_CREDIT and reservations.held == {}


async def test_a_database_that_is_away_lets_the_call_through_free():
    outcome, _ = await ask(priced(), reservations=FakeReservations(PLENTY, away=True))
    assert isinstance(outcome, Allowed) and outcome.granted_s is None
    assert outcome.call_ref == "silent.inbound.10.442079460999"


async def arrived(catalogue, called=RINGS, headroom=None):
    """A world in which the call was allowed; its reservations are the ledger's and stay to be extended."""
    world = World(catalogue)
    world.reservations = FakeReservations(headroom or PLENTY)
    world.outcome, _ = await ask(catalogue, called, reservations=world.reservations)
    for one in world.reservations.held.values():
        world.ledger.reserve(one)
    return world


async def answer(world):
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"), ("ANSWER", ANSWERED, CALLER, f"{REF}/in"))


async def end(world, seconds, *legs):
    ended = ANSWERED + timedelta(seconds=seconds)
    for leg in legs:
        await world.journal(("HANGUP", ended, leg, f"{REF}/{'in' if leg == CALLER else 1}", 16))
    await world.journal(("CHAN_END", ended, CALLER, f"{REF}/in"))


@pytest.mark.parametrize("order", [(CALLER, LEG), (LEG, CALLER)])
async def test_the_carriers_leg_is_charged_once_at_every_level(order):
    world = await arrived(priced())
    await answer(world)
    for _ in range(3):  # the journal may come again
        await end(world, 90, *order)
    record = world.record
    assert gross(record) == [(ACME, NORTHWIND, 27_000), (RESELLER, OWNER, 18_000)]
    assert [charge["level"] for charge in record["charges"]] == [0, 1]
    assert (record["leg_uniqueid"], record["direction"], record["answered_s"]) == (CALLER, "inbound", 90)
    assert (record["e164"], record["destination_id"], record["from_number"]) == (RINGS, UK_FIXED, "4930123")
    assert (record["carrier_id"], record["trunk_id"], record["carrier_cost_micro"]) == (ATLANTIC, 1, None)
    assert world.ledger.stored == world.ledger.legs == {} and world.ledger.aside == [] and len(world.live) == 0


async def test_a_level_that_pays_nothing_has_no_charge_and_the_others_keep_their_place():
    world = await arrived(priced(acme=None))
    await answer(world)
    await end(world, 60, LEG, CALLER)
    assert [(charge["level"], charge["gross_micro"]) for charge in world.record["charges"]] == [(1, 12_000)]


async def test_an_unanswered_priced_call_costs_nothing():
    world = await arrived(priced())
    await end(world, -5, LEG, CALLER)
    assert world.record["charges"] == []
    assert world.ledger.stored == {}


def extender(world, switch):
    return ExtendGrants(world.live, reservations=world.reservations, switch=switch, log=Log("test"), slice_s=120,
                        extend_below_s=20)  # fmt: skip


async def test_the_grant_is_extended_and_both_channels_hear_of_it():
    world, switch = await arrived(priced()), FakeSwitch()
    await answer(world)
    service = extender(world, switch)
    await service.run_once(ANSWERED + timedelta(seconds=1))
    # from now on the charged leg has its own limit, the telephone's comes after it
    assert switch.timeouts == {TRUNK_CHANNEL: 118.75, PHONE_CHANNEL: 120.75}
    await service.run_once(ANSWERED + timedelta(seconds=101))
    assert world.reservations.held[REF].amounts_micro == (72_000, 48_000)
    assert switch.timeouts == {TRUNK_CHANNEL: 138.75, PHONE_CHANNEL: 140.75}


async def test_a_bridge_that_starts_anew_finds_both_channels():
    world, switch = await arrived(priced()), FakeSwitch()
    await answer(world)
    fresh = World(priced())
    fresh.ledger, fresh.reservations = world.ledger, world.reservations
    fresh.service = type(fresh.service)(node="a", ledger=fresh.ledger, live=fresh.live, log=Log("test"),
                                        metrics=fresh.metrics, clock=fresh.clock)  # fmt: skip
    await fresh.service.watch_open_legs()
    await extender(fresh, switch).run_once(ANSWERED + timedelta(seconds=101))
    assert switch.timeouts == {TRUNK_CHANNEL: 138.75, PHONE_CHANNEL: 140.75}


async def test_a_call_lost_with_its_asterisk_is_charged_once_and_leaves_nothing_open():
    world = await arrived(priced())
    await answer(world)
    last_seen = ANSWERED + timedelta(seconds=30)
    for leg in sorted(world.ledger.legs.values(), key=lambda leg: leg.attempt is None):
        await world.service.end_lost(leg, last_seen, world.catalogue)
    assert gross(world.record) == [(ACME, NORTHWIND, 9_000), (RESELLER, OWNER, 6_000)]
    assert world.record["terms"]["note"] == "ended by sweep"
    assert world.ledger.stored == world.ledger.legs == {} and len(world.live) == 0


# A number that leads outside: two legs


async def test_a_forwarded_call_sets_aside_for_both_legs():
    outcome, reservations = await ask(priced(), FORWARDED)
    assert isinstance(outcome, Allowed) and (outcome.call_ref, outcome.granted_s) == (REF, 120)
    assert {ref: one.amounts_micro for ref, one in reservations.held.items()} == {
        REF: (88_000, 80_000), f"{REF}/in": (36_000, 24_000)
    }  # fmt: skip
    again, _ = await ask(priced(), FORWARDED, reservations=reservations)
    assert again == outcome


@pytest.mark.parametrize(
    ("headroom", "granted_s"),
    [(36_000 + 50_000, 68), (36_000 + 44_000, 60), (36_000 + 43_999, None), (100, None)],  # 0.044 for a minute
)
async def test_the_shorter_of_both_grants_bounds_a_forwarded_call(headroom, granted_s):
    outcome, _ = await ask(priced(), FORWARDED, headroom=PLENTY | {ACME: headroom})
    if granted_s is None:
        assert isinstance(outcome, Refused) and outcome.reason is Reason.NO_CREDIT
    else:
        assert outcome.granted_s == granted_s


@pytest.mark.parametrize("order", [(CALLER, LEG), (LEG, CALLER)])
async def test_both_legs_of_a_forwarded_call_are_charged_by_their_own_plans(order):
    world = await arrived(priced(), FORWARDED)
    await answer(world)
    assert len(world.live) == 2
    for _ in range(2):
        await end(world, 60, *order)
    outbound, inbound = world.ledger.records[LEG, "outbound"], world.ledger.records[CALLER, "inbound"]
    assert gross(outbound) == [(ACME, NORTHWIND, 44_000), (RESELLER, OWNER, 40_000)]
    assert gross(inbound) == [(ACME, NORTHWIND, 18_000), (RESELLER, OWNER, 12_000)]
    assert (outbound["call_ref"], inbound["call_ref"]) == (REF, f"{REF}/in")
    assert (outbound["carrier_cost_micro"], inbound["carrier_cost_micro"]) == (20_000, None)
    assert world.ledger.stored == {} and world.ledger.aside == [] and len(world.live) == 0


async def test_each_leg_of_a_forwarded_call_keeps_its_own_limit():
    world, switch = await arrived(priced(), FORWARDED, PLENTY | {ACME: 36_000 + 50_000}), FakeSwitch()
    await answer(world)
    await extender(world, switch).run_once(ANSWERED + timedelta(seconds=1))
    assert switch.timeouts == {TRUNK_CHANNEL: 118.75, PHONE_CHANNEL: 66.75}


async def test_a_forwarded_call_that_nobody_answers_gives_everything_back():
    world = await arrived(priced(), FORWARDED)
    assert len(world.ledger.stored) == 2
    await world.journal(("CHAN_END", ANSWERED, CALLER, f"{REF}/in"))
    assert world.ledger.stored == {}


def test_another_customer_has_its_own_inbound_price():
    catalogue = priced()
    assert price_inbound(catalogue, chain_of(catalogue, catalogue.account(SCHOOL)), RINGS, NOW) == ()
