"""May a call start, for how long, and what is set aside at every level."""

from dataclasses import replace

import pytest

from telecom_switch_bridge.core.rating import ChargeRule, Tax
from telecom_switch_bridge.ports import Allowed, Decision, Reason, Refused
from telecom_switch_bridge.services.authorise_call import authorise_call

from .fakes import FakeReservations
from .world import (
    ACME,
    DIRECT,
    NOW,
    RESELLER,
    SCHOOL,
    UK_FIXED,
    WHOLESALE,
    account,
    bands,
    demo,
    phone,
    rate,
    request,
    route,
)

RICH = {ACME: 20_000_000, RESELLER: 500_000_000, SCHOOL: 10_000_000}


async def ask(dialled="02079460000", *, headroom=RICH, catalogue=None, reservations=None, grant_s=120, **changes):
    reservations = reservations or FakeReservations(headroom)
    outcome = await authorise_call(
        request(dialled, **changes),
        catalogue=catalogue or demo(),
        reservations=reservations,
        now=NOW,
        grant_s=grant_s,
    )
    return outcome, reservations


async def test_a_grant_is_set_aside_for_the_customer_and_its_reseller():
    outcome, reservations = await ask()
    assert isinstance(outcome, Allowed) and outcome.granted_s == 120
    held = reservations.held["a-1795473518.0-1"]
    assert held.account_ids == (ACME, RESELLER)
    # customer: fee 0.0125 + 120 s at 0.025 a minute; reseller: fee 0.0100 + 120 s at 0.020 a minute
    assert held.amounts_micro == (62_500, 50_000)
    assert outcome.terms.e164 == "442079460000" and outcome.terms.destination_id == UK_FIXED
    assert [route.dial for route in outcome.terms.routes] == [
        "PJSIP/442079460000@trunk-1",
        "PJSIP/0077442079460000@trunk-2",
    ]


async def test_a_direct_customer_pays_alone():
    _, reservations = await ask(endpoint="a30-301")
    held = reservations.held["a-1795473518.0-1"]
    assert (held.account_ids, held.amounts_micro) == ((SCHOOL,), (60_000,))


@pytest.mark.parametrize(
    ("headroom", "granted_s"),
    [
        ({ACME: 62_500, RESELLER: 50_000}, 120),  # exactly the grant at both levels
        ({ACME: 62_499, RESELLER: 50_000}, 119),  # one micro-unit less buys a second less
        ({ACME: 62_500, RESELLER: 20_000}, 30),  # the reseller's purse is the short one: 0.01 + 30 s
        ({ACME: 12_917, RESELLER: 50_000}, 1),  # fee and first increment: 0.0125 + 0.025/60, rounded 0.0129
    ],
)
async def test_a_short_purse_shrinks_the_grant_to_what_it_buys(headroom, granted_s):
    outcome, reservations = await ask(headroom=headroom)
    assert isinstance(outcome, Allowed) and outcome.granted_s == granted_s
    held = reservations.held["a-1795473518.0-1"]
    held_by = dict(zip(held.account_ids, held.amounts_micro, strict=True))
    assert all(held_by[account_id] <= headroom[account_id] for account_id in headroom)


@pytest.mark.parametrize(
    "headroom",
    [
        {ACME: 0, RESELLER: 50_000},
        {ACME: 12_899, RESELLER: 500_000_000},  # fee and first increment are 12,900
        {ACME: 20_000_000, RESELLER: 10_299},  # the reseller cannot pay its own 10,300
        {ACME: 20_000_000, RESELLER: -5},
    ],
)
async def test_without_fee_and_first_increment_at_every_level_nothing_is_reserved(headroom):
    outcome, reservations = await ask(headroom=headroom)
    assert isinstance(outcome, Refused) and outcome.reason is Reason.NO_CREDIT
    assert reservations.held == {}


async def test_the_same_question_again_gets_the_stored_answer():
    first, reservations = await ask()
    dearer = demo(rate_rows=(rate(9, WHOLESALE, UK_FIXED, bands=bands(0, 9_000_000)),))
    again, _ = await ask(reservations=reservations, catalogue=dearer)
    assert again == first and len(reservations.held) == 1


async def test_running_calls_share_what_is_left():
    reservations = FakeReservations({ACME: 100_000, RESELLER: 500_000_000})
    await ask(reservations=reservations)
    second, _ = await ask(reservations=reservations, channel_uniqueid="a-1795473519.4")
    # 0.0375 is left: fee 0.0125, then 0.025 buys a minute
    assert isinstance(second, Allowed) and second.granted_s == 60
    assert reservations.free(ACME) == 0


async def test_a_first_increment_longer_than_the_grant_is_granted_whole():
    catalogue = demo(rate_rows=(rate(9, DIRECT, UK_FIXED, bands=bands(0, 60_000, 300, 60)),))
    outcome, reservations = await ask(endpoint="a30-301", catalogue=catalogue)
    assert isinstance(outcome, Allowed) and outcome.granted_s == 300
    assert reservations.held["a-1795473518.0-1"].amounts_micro == (300_000,)


async def test_included_seconds_do_not_replace_the_headroom_for_a_first_increment():
    """Rule 9: fee 0.01 covers 300 s, yet a caller who has just the fee is refused, and 0.0105 gets all 300 s."""
    included = rate(9, DIRECT, UK_FIXED, bands=bands(10_000, 30_000), included_s=300)
    catalogue = demo(rate_rows=(included,), route_rows=(route(allow_loss=True),))
    refused, _ = await ask(endpoint="a30-301", catalogue=catalogue, headroom={SCHOOL: 10_499})
    assert isinstance(refused, Refused) and refused.reason is Reason.NO_CREDIT
    allowed, reservations = await ask(endpoint="a30-301", catalogue=catalogue, headroom={SCHOOL: 10_500})
    assert isinstance(allowed, Allowed) and allowed.granted_s == 301
    assert reservations.held["a-1795473518.0-1"].amounts_micro == (10_500,)


async def test_a_colleague_whose_telephone_is_suspended_is_not_rung():
    rows = (phone(101, ACME, "101"), phone(102, ACME, "102", state="suspended"))
    outcome, _ = await ask("102", catalogue=demo(phone_rows=rows))
    assert isinstance(outcome, Refused) and outcome.reason is Reason.SUSPENDED


async def test_tax_is_set_aside_too():
    catalogue = demo(account_rows=(account(SCHOOL, rule=ChargeRule((Tax(1, "VAT", "percent", 200_000),))),))
    _, reservations = await ask(endpoint="a30-301", catalogue=catalogue)
    assert reservations.held["a-1795473518.0-1"].amounts_micro == (72_000,)  # 0.06 and 20 %


async def test_a_free_call_needs_no_headroom_and_has_no_end():
    free = rate(9, DIRECT, UK_FIXED, bands=bands(0, 0))
    catalogue = demo(rate_rows=(free,), route_rows=(route(allow_loss=True),))
    outcome, reservations = await ask(endpoint="a30-301", catalogue=catalogue, headroom={SCHOOL: -1})
    assert isinstance(outcome, Allowed) and outcome.granted_s is None
    assert reservations.held["a-1795473518.0-1"].account_ids == ()


async def test_a_tariff_that_disconnects_limits_the_grant():
    limited = rate(9, DIRECT, UK_FIXED, bands=bands(0, 60_000), max_cost_micro=45_000, max_cost_strategy="disconnect")
    outcome, _ = await ask(endpoint="a30-301", catalogue=demo(rate_rows=(limited,)))
    assert isinstance(outcome, Allowed) and outcome.granted_s == 45


@pytest.mark.parametrize(
    ("dialled", "changes", "reason"),
    [
        ("02079460000", {"endpoint": "stranger"}, Reason.UNKNOWN_PHONE),
        ("*98", {}, Reason.BAD_NUMBER),
        ("00", {}, Reason.BAD_NUMBER),
        ("00" + "4" * 16, {}, Reason.BAD_NUMBER),
        ("0033140000000", {}, Reason.NO_RATE),
        ("004930123456", {}, Reason.NO_RATE),  # a destination, but no plan prices it: the default marks up nothing
    ],
)
async def test_refusals_say_why(dialled, changes, reason):
    outcome, reservations = await ask(dialled, **changes)
    assert isinstance(outcome, Refused) and outcome.reason is reason
    assert reservations.asked == []


@pytest.mark.parametrize("suspended", [ACME, RESELLER])
async def test_a_suspended_level_stops_its_calls_but_never_an_emergency_call(suspended):
    rows = tuple(replace(one, state="suspended") if one.account_id == suspended else one for one in demo().account_rows)
    catalogue = demo(account_rows=rows)
    refused, _ = await ask(catalogue=catalogue)
    assert isinstance(refused, Refused) and refused.reason is Reason.SUSPENDED
    emergency, _ = await ask("112", catalogue=catalogue, headroom={})
    assert isinstance(emergency, Allowed) and emergency.terms.decision is Decision.EMERGENCY
    assert [route.dial for route in emergency.terms.routes] == ["PJSIP/112@trunk-1", "PJSIP/0077112@trunk-2"]


async def test_an_extension_of_the_account_rings_its_telephone():
    outcome, _ = await ask("102", headroom={})
    assert isinstance(outcome, Allowed) and outcome.terms.decision is Decision.INTERNAL
    assert (outcome.granted_s, outcome.terms.cli) == (None, "101")
    assert [route.dial for route in outcome.terms.routes] == ["PJSIP/a10-102"]


async def test_an_extension_of_a_stranger_is_no_extension():
    outcome, _ = await ask("301")
    assert isinstance(outcome, Refused)


async def test_without_a_database_only_calls_that_cost_nobody_anything_go_through():
    away = FakeReservations(RICH, away=True)
    paid, _ = await ask(reservations=away)
    assert isinstance(paid, Refused) and paid.reason is Reason.UNAVAILABLE
    internal, _ = await ask("102", reservations=away)
    assert isinstance(internal, Allowed) and internal.call_ref == "silent.internal.10.102"
    emergency, _ = await ask("999", reservations=away)
    assert isinstance(emergency, Allowed) and emergency.call_ref == "silent.emergency.10.999"


async def test_a_telephone_without_active_account_is_suspended():
    catalogue = demo(phone_rows=(phone(101, ACME, "101", state="closed"),))
    outcome, _ = await ask(catalogue=catalogue)
    assert isinstance(outcome, Refused) and outcome.reason is Reason.SUSPENDED
