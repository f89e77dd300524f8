"""Calls that carriers bring: to the number's telephone, on to a number outside, or refused."""

from dataclasses import replace

import pytest

from telecom_switch_bridge.ports import Allowed, Decision, Reason, Refused
from telecom_switch_bridge.services.route_inbound import route_inbound

from .fakes import FakeReservations
from .world import ACME, NOW, RESELLER, demo, request


async def ask(called, catalogue=None, endpoint="trunk-1", headroom=None):
    reservations = FakeReservations(headroom or {ACME: 20_000_000, RESELLER: 500_000_000})
    outcome = await route_inbound(
        request(called, endpoint, cli="4930123"),
        catalogue=catalogue or demo(), reservations=reservations, now=NOW, grant_s=120,
    )  # fmt: skip
    return outcome, reservations


@pytest.mark.parametrize("called", ["442079460999", "+442079460999", "00442079460999"])
async def test_a_number_rings_its_telephone_and_shows_the_caller(called):
    outcome, reservations = await ask(called, headroom={ACME: -5})
    assert isinstance(outcome, Allowed) and outcome.terms.decision is Decision.INTERNAL
    assert [route.dial for route in outcome.terms.routes] == ["PJSIP/a10-101"]
    assert (outcome.granted_s, outcome.terms.cli, outcome.terms.number_id) == (None, "4930123", 1)
    assert reservations.held["a-1795473518.0-1"].account_ids == ()


async def test_a_number_that_leads_outside_is_paid_by_its_account():
    outcome, reservations = await ask("442079460998")
    assert isinstance(outcome, Allowed) and outcome.terms.decision is Decision.EXTERNAL
    assert outcome.terms.routes[0].dial == "PJSIP/447700900123@trunk-1"
    assert outcome.terms.cli == "442079460998"  # a stranger's number is not ours to show to a carrier
    held = reservations.held["a-1795473518.0-1"]
    assert (held.account_ids, held.amounts_micro) == ((ACME, RESELLER), (88_000, 80_000))
    broke, _ = await ask("442079460998", headroom={ACME: 0, RESELLER: 500_000_000})
    assert isinstance(broke, Refused) and broke.reason is Reason.NO_CREDIT


@pytest.mark.parametrize(
    ("called", "endpoint", "reason"),
    [
        ("442079460000", "trunk-1", Reason.BAD_NUMBER),  # not ours
        ("442079460997", "trunk-1", Reason.BAD_NUMBER),  # ours, given to nobody
        ("", "trunk-1", Reason.BAD_NUMBER),
        ("442079460999", "a10-101", Reason.UNKNOWN_PHONE),  # a telephone is no trunk
        ("442079460999", "trunk-9", Reason.UNKNOWN_PHONE),
    ],
)
async def test_what_leads_nowhere_is_refused(called, endpoint, reason):
    outcome, reservations = await ask(called, endpoint=endpoint)
    assert isinstance(outcome, Refused) and outcome.reason is reason and reservations.asked == []


async def test_a_number_of_a_suspended_account_or_an_archived_telephone_does_not_ring():
    rows = tuple(replace(one, state="suspended") if one.account_id == ACME else one for one in demo().account_rows)
    outcome, _ = await ask("442079460999", demo(account_rows=rows))
    assert isinstance(outcome, Refused) and outcome.reason is Reason.SUSPENDED
    outcome, _ = await ask("442079460999", demo(phone_rows=()))
    assert isinstance(outcome, Refused) and outcome.reason is Reason.BAD_NUMBER


async def test_a_carriers_own_way_to_write_numbers_is_read():
    trunk = replace(demo().trunk_rows[0], country_code="44", national_prefix="0", in_strip_digits=2, in_add_prefix="0")
    catalogue = demo(trunk_rows=(trunk,))
    outcome, _ = await ask("992079460999", catalogue)
    assert isinstance(outcome, Allowed) and outcome.terms.number_id == 1
    outcome, _ = await ask("02079460999", catalogue)
    assert isinstance(outcome, Refused) and outcome.reason is Reason.BAD_NUMBER
    outcome = await route_inbound(
        request("992079460999", "trunk-1", cli="02071234567"),
        catalogue=catalogue, reservations=FakeReservations({}), now=NOW, grant_s=120,
    )  # fmt: skip
    assert (outcome.terms.cli, outcome.terms.from_number) == ("442071234567", "442071234567")
