"""What carriers pay for the calls that they bring: frozen when the call is allowed, recovered when nobody was asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telecom_switch_bridge.services.frozen_terms import terms_from_json, terms_to_json
from telecom_switch_bridge.services.route_inbound import prepare_inbound

from .journal_world import ANSWERED, CALLER, REF, World
from .test_inbound_charged import RINGS, answer, arrived, priced
from .world import ATLANTIC, NOW, PACIFIC, carrier, deck, demo, request

PAYS = {ATLANTIC: deck(p4420=6_000, p44=3_000)}  # 0.006 and 0.003 a minute


async def end(world, seconds):
    await world.journal(("HANGUP", ANSWERED + timedelta(seconds=seconds), CALLER, f"{REF}/in", 16))
    (record,) = world.ledger.records.values()
    return record


@pytest.mark.parametrize("catalogue", [demo(inbound_decks=PAYS), priced(inbound_decks=PAYS)], ids=["free", "priced"])
async def test_the_carrier_pays_by_its_inbound_deck_whoever_else_pays(catalogue):
    world = await arrived(catalogue)
    await answer(world)
    record = await end(world, 75)
    assert (record["carrier_revenue_micro"], record["carrier_billed_s"]) == (7_500, 75)
    assert (record["carrier_cost_micro"], record["carrier_currency"], record["carrier_id"]) == (None, "EUR", ATLANTIC)
    assert record["terms"]["carrier_pays_tariff"]["bands"][0]["steps"][0]["price_micro"] == 6_000


async def test_what_the_carrier_pays_is_frozen_when_the_call_is_allowed():
    world = await arrived(demo(inbound_decks=PAYS))
    world.catalogue = demo(inbound_decks={ATLANTIC: deck(p44=900_000)})
    await answer(world)
    assert (await end(world, 60))["carrier_revenue_micro"] == 6_000


async def test_seconds_and_rounding_are_the_carriers_own():
    rows = (carrier(ATLANTIC, "Atlantic", duration_rule="down", rounding_method="up", rounding_decimals=3),)
    world = await arrived(demo(inbound_decks=PAYS, carrier_rows=rows))
    await answer(world)
    record = await end(world, 9.9)
    assert (record["answered_s"], record["carrier_billed_s"], record["carrier_revenue_micro"]) == (10, 9, 1_000)


async def test_a_deck_of_calls_out_pays_for_no_call_in_and_the_other_way_round():
    world = await arrived(demo())
    await answer(world)
    record = await end(world, 60)
    assert record["carrier_revenue_micro"] is None and record["carrier_currency"] is None
    assert demo(decks={}, inbound_decks=PAYS).deck_tariff(ATLANTIC, RINGS, NOW) is None


def test_frozen_terms_keep_what_the_carrier_pays_and_older_ones_read_without():
    asked = request(RINGS, "trunk-1")
    call = prepare_inbound(asked, catalogue=demo(inbound_decks=PAYS), now=NOW)
    frozen = terms_to_json(call.arriving)
    assert terms_from_json(frozen) == call.arriving and call.arriving.carrier_pays is not None
    del frozen["carrier_pays"]
    assert terms_from_json(frozen) == replace(call.arriving, carrier_pays=None)


async def silent(catalogue, channel, *, answered=True):
    world = World(catalogue)
    userfield = f"silent/inbound/10/{RINGS}"
    if answered:
        await world.journal(("ANSWER", ANSWERED, CALLER, userfield, None, channel))
    await world.journal(("HANGUP", ANSWERED + timedelta(seconds=30), CALLER, userfield, 16, channel))
    (record,) = world.ledger.records.values()
    return record


async def test_a_call_that_nobody_was_asked_about_brings_its_revenue_afterwards():
    record = await silent(demo(inbound_decks=PAYS), "PJSIP/trunk-1-00000a1f")
    assert (record["carrier_id"], record["trunk_id"], record["carrier_revenue_micro"]) == (ATLANTIC, 1, 3_000)
    assert record["charges"] == [] and "as it was known afterwards" in record["terms"]["note"]


@pytest.mark.parametrize(
    ("decks", "channel", "carrier_id"),
    [
        ({}, "PJSIP/trunk-1-00000a1f", ATLANTIC),
        ({PACIFIC: deck(p44=1)}, "PJSIP/trunk-1-00000a1f", ATLANTIC),
        (PAYS, "PJSIP/trunk-77-00000a1f", None),
        (PAYS, "", None),
    ],
)
async def test_revenue_that_cannot_be_recovered_is_marked(decks, channel, carrier_id):
    record = await silent(demo(inbound_decks=decks), channel)
    assert (record["carrier_id"], record["carrier_revenue_micro"]) == (carrier_id, None)
    assert record["terms"]["note"] == "bridge silent; no inbound deck price is known"


async def test_a_silent_call_that_nobody_answered_owes_nothing_and_says_nothing_of_prices():
    record = await silent(demo(), "PJSIP/trunk-1-00000a1f", answered=False)
    assert record["terms"]["note"] == "bridge silent" and record["carrier_revenue_micro"] is None
