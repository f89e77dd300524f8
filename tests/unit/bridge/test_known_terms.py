"""Terms that the bridge remembers: they count only while the database says that they are those of its row."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telecom_switch_bridge.ledger_ports import Channel
from telecom_switch_bridge.services.authorise_call import authorise_call
from telecom_switch_bridge.services.frozen_terms import terms_from_json
from telecom_switch_bridge.services.known_terms import KnownTerms, RememberTerms

from .fakes import FakeReservations
from .journal_world import ANSWERED, CALLER, LEG, REF, World, gross
from .world import ACME, NOW, RESELLER, demo, request

ANSWER = ("ANSWER", ANSWERED, LEG, f"{REF}/1")
HANGUP = ("HANGUP", ANSWERED + timedelta(seconds=30), LEG, f"{REF}/1", 16)


@pytest.fixture
async def world():
    made = World()
    await made.authorise()
    return made


async def known_of(known, ledger, ref=REF):
    """Terms that are known of a call, as the import sees them."""
    terms = {}
    await known.read([ref], ledger, terms)
    return terms.get(ref)


async def test_what_is_known_is_what_was_stored(world):
    known = await known_of(world.known, world.ledger)
    assert known == terms_from_json(world.ledger.stored[REF].frozen)


async def test_a_call_costs_the_same_whether_its_terms_are_known_or_read(world):
    await world.journal(ANSWER, HANGUP)
    known = world.record
    restarted = World()
    await restarted.authorise()
    restarted.known.forget(REF)
    await restarted.journal(ANSWER, HANGUP)
    assert restarted.record == known and gross(known)


async def test_known_terms_save_the_reading(world):
    """Where they are wrong on purpose the record shows that nothing was read."""
    terms = await known_of(world.known, world.ledger)
    world.known.keep(REF, CALLER, replace(terms, dialled="1"))
    await world.journal(ANSWER, HANGUP)
    assert world.record["dialled"] == "1"


async def test_terms_of_a_caller_whose_place_was_taken_are_read_anew(world):
    await world.ledger.move_caller(CALLER, Channel("a-1795473500.0", "PJSIP/a10-102-00000005"), "a-1795473500.0")
    assert await known_of(world.known, world.ledger) is None
    await world.journal(ANSWER, HANGUP)
    assert world.record["linkedid"] == "a-1795473500.0"


async def test_a_call_that_is_gone_is_not_known(world):
    world.ledger.stored.clear()
    assert await known_of(world.known, world.ledger) is None


async def test_a_charged_call_is_forgotten(world):
    await world.journal(ANSWER, HANGUP)
    assert len(world.known) == 0


async def test_a_question_asked_again_leaves_the_terms_of_the_first():
    known, reservations = KnownTerms(), FakeReservations({ACME: 20_000_000, RESELLER: 500_000_000})
    for dialled in ("02079460000", "02079460001"):  # a retry may come after a change of prices
        await authorise_call(
            request(dialled), catalogue=demo(), reservations=RememberTerms(reservations, known), now=NOW, grant_s=120
        )
    world = World()
    world.ledger.reserve(reservations.held[REF])
    assert (await known_of(known, world.ledger)).dialled == "02079460000"


async def test_only_the_routes_that_were_left_are_known():
    world = World(demo(trunk_rows=tuple(replace(trunk, max_channels=1) for trunk in demo().trunk_rows)))
    reservations = FakeReservations({ACME: 20_000_000, RESELLER: 500_000_000})
    for number in (1, 2):
        asked = replace(request(), channel_uniqueid=f"a-1795473518.{number}0")
        await authorise_call(
            asked, catalogue=world.catalogue, reservations=RememberTerms(reservations, world.known), now=NOW, grant_s=9
        )
        world.ledger.reserve(reservations.held[asked.call_ref])
    routes = (await known_of(world.known, world.ledger, "a-1795473518.20-1")).routes
    assert [one.trunk_id for one in routes] == [2]


async def test_the_oldest_calls_are_forgotten_first(world):
    known = KnownTerms(most_known=2)
    terms = await known_of(world.known, world.ledger)
    for number in range(3):
        known.keep(f"a-1.{number}-1", f"a-1.{number}", terms)
        world.ledger.stored[f"a-1.{number}-1"] = replace(
            world.ledger.stored[REF], call_ref=f"a-1.{number}-1", channel_uniqueid=f"a-1.{number}"
        )
    found = {}
    await known.read([f"a-1.{number}-1" for number in range(3)], world.ledger, found)
    assert len(known) == 2 and set(found) == {"a-1.1-1", "a-1.2-1"}
