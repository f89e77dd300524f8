"""Included minutes at authorisation, extension and settlement, with fakes: the demo's prices, minutes of its plan."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from telecom_switch_bridge.core.rating import Step, Tariff, always
from telecom_switch_bridge.explain.answer import explain
from telecom_switch_bridge.explain.lines import lines_of_page
from telecom_switch_bridge.explain.rows import Known, Question, Wallet
from telecom_switch_bridge.ledger_ports import OpenLeg
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.ports import Allowed, Reason, Refused
from telecom_switch_bridge.services.authorise_call import authorise_call
from telecom_switch_bridge.services.extend_grants import ExtendGrants
from telecom_switch_bridge.services.frozen_terms import terms_from_json, terms_to_json
from telecom_switch_bridge.services.live_legs import LiveLeg, LiveLegs
from telecom_switch_bridge.services.use_allowances import Priced, charges, covered_charge, use_allowances
from telecom_switch_bridge.values import Allowance, AllowanceBlock

from .fake_allowances import FakeAllowances
from .fakes import FakeSwitch
from .world import ACME, NOW, RESELLER, STANDARD, UK_FIXED, WHOLESALE, demo, request

RICH = {ACME: 20_000_000, RESELLER: 500_000_000}
POOR = {ACME: 0, RESELLER: 500_000_000}
CALL = "a-1795473518.0-1"
OF_PLAN = Allowance(1, STANDARD, frozenset({UK_FIXED}), frozenset())
BLOCK = Allowance(2, None, frozenset(), frozenset({2}))  # group of UK mobile
OF_RESELLER = Allowance(3, WHOLESALE, frozenset({UK_FIXED}), frozenset())


async def ask(left_s, *, headroom=RICH, allowances=(OF_PLAN,), blocks=(), dialled="02079460000"):
    catalogue = demo(allowance_rows=allowances, allowance_block_rows=blocks)
    reservations = FakeAllowances(headroom, left_s)
    outcome = await authorise_call(
        request(dialled), catalogue=catalogue, reservations=reservations, now=NOW, grant_s=120
    )
    return outcome, reservations


@pytest.mark.parametrize(
    ("left_s", "amount_micro", "held_s", "questions"),
    [
        (500, 0, 120, 1),
        (120, 0, 120, 1),
        (60, 25_000, 60, 2),  # the second minute at 0.025; no fee, the first second is covered
        (1, 49_584, 1, 2),  # 119 s at 0.025 a minute, up to 4 decimals: 0.049583 -> 0.0496
        (0, 62_500, 0, 1),  # nothing left: fee 0.0125 and 120 s
    ],
)
async def test_seconds_are_set_aside_first_and_money_for_the_rest(left_s, amount_micro, held_s, questions):
    outcome, reservations = await ask({ACME: left_s})
    assert isinstance(outcome, Allowed) and outcome.granted_s == 120
    amounts = reservations.held[CALL].amounts_micro
    assert amounts[0] == pytest.approx(amount_micro, abs=50) and amounts[1] == 50_000
    assert reservations.held_s.get(CALL, {}).get(ACME, 0) == held_s
    assert reservations.questions == questions


@pytest.mark.parametrize(
    ("left_s", "credit_micro", "granted_s"),
    [(60, 0, 60), (60, 12_500, 90), (7, 0, 7), (200, -5, 120), (0, 12_000, None)],
)
async def test_a_grant_is_as_long_as_seconds_and_money_last(left_s, credit_micro, granted_s):
    outcome, reservations = await ask({ACME: left_s}, headroom={**RICH, ACME: credit_micro})
    if granted_s is None:
        assert isinstance(outcome, Refused) and outcome.reason is Reason.NO_CREDIT
        assert reservations.held == {} and reservations.held_s == {}
    else:
        assert isinstance(outcome, Allowed) and outcome.granted_s == granted_s


async def test_only_destinations_of_the_allowance_count():
    _, reservations = await ask({ACME: 500}, dialled="07700900123")
    assert reservations.held_s == {CALL: {}} and reservations.held[CALL].amounts_micro[0] > 0


async def test_a_block_counts_for_who_has_it():
    blocks = (AllowanceBlock(ACME, 2),)
    _, reservations = await ask({ACME: 500}, allowances=(OF_PLAN, BLOCK), blocks=blocks, dialled="07700900123")
    assert reservations.held_s == {CALL: {ACME: 120}} and reservations.held[CALL].amounts_micro[0] == 0


async def test_every_level_uses_the_minutes_of_its_own_plan():
    both = (OF_PLAN, OF_RESELLER)
    _, reservations = await ask({ACME: 30, RESELLER: 500}, allowances=both)
    assert reservations.held_s[CALL] == {ACME: 30, RESELLER: 120}
    assert reservations.held[CALL].amounts_micro == (37_500, 0)


async def test_the_terms_keep_which_allowances_counted():
    outcome, _ = await ask({ACME: 500})
    assert isinstance(outcome, Allowed)
    assert [level.allowance_ids for level in outcome.terms.levels] == [(1,), ()]
    assert terms_from_json(terms_to_json(outcome.terms)) == outcome.terms
    assert "allowance_ids" not in terms_to_json(outcome.terms)["levels"][1]


class Call:
    """A running call of 120 s granted, as the bridge knows it after its answer."""

    def __init__(self, outcome: Allowed, reservations: FakeAllowances) -> None:
        self.reservations, self.legs = reservations, LiveLegs()
        leg = OpenLeg("b-1795473519.1", CALL, 1, "a", "PJSIP/trunk-1-0", "", NOW, NOW)
        self.live = LiveLeg(leg, outcome.terms, outcome.granted_s or 0, outcome.granted_s)
        self.legs.add(self.live)
        self.extend = ExtendGrants(
            self.legs, reservations=reservations, switch=FakeSwitch(), log=Log("t"), slice_s=120, extend_below_s=20
        )

    async def at(self, seconds: float) -> int:
        await self.extend.run_once(NOW + timedelta(seconds=seconds))
        return self.live.granted_s


async def test_a_running_call_goes_on_by_seconds_then_by_money_then_ends():
    outcome, reservations = await ask({ACME: 200}, headroom={**RICH, ACME: 50_000})
    assert isinstance(outcome, Allowed)
    call = Call(outcome, reservations)
    assert await call.at(105) == 240  # 80 s of the allowance and 40 s of money
    assert reservations.held_s[CALL][ACME] == 200
    assert reservations.held[CALL].amounts_micro[0] == pytest.approx(16_700, abs=50)
    assert await call.at(225) == 320  # 0.05 buys 120 s in all
    assert reservations.left_s[ACME] == 0 and reservations.free(ACME) >= 0
    assert await call.at(305) == 320 and call.live.is_last


async def test_a_call_without_credit_lasts_as_long_as_its_minutes():
    outcome, reservations = await ask({ACME: 150}, headroom=POOR)
    assert isinstance(outcome, Allowed)
    call = Call(outcome, reservations)
    assert await call.at(105) == 150
    assert await call.at(135) == 150
    assert reservations.held[CALL].amounts_micro[0] == 0


async def test_seconds_that_another_call_gave_back_are_used_and_the_money_is_given_back():
    outcome, reservations = await ask({ACME: 30})
    assert isinstance(outcome, Allowed)
    call = Call(outcome, reservations)
    reservations.left_s[ACME] += 1_000
    assert await call.at(105) == 240
    assert reservations.held_s[CALL][ACME] == 240 and reservations.held[CALL].amounts_micro[0] == 0


class Seconds:
    """Port of the ledger: held and used seconds that it was told to answer."""

    def __init__(self, *answers: tuple[int, int]) -> None:
        self.answers, self.asked = answers, []

    async def use_allowances(self, legs: Any) -> Any:
        self.asked += legs
        return [list(self.answers)]


class Ended:
    def __init__(self, priced: Priced) -> None:
        self.priced, self.leg = priced, {
            "leg_uniqueid": "b-1", "direction": "outbound", "call_ref": CALL, "e164": "442079460000", "dialled": "0",
            "charges": charges(priced),
        }  # fmt: skip


@pytest.mark.parametrize(
    ("held_s", "used_s", "gross_micro"),
    [(120, 75, 0), (60, 60, 6_300), (0, 0, 43_800), (0, 75, 0), (10, 40, 14_600)],  # 15 s, all, none, 35 s at 0.025
)
async def test_an_ended_leg_pays_for_what_its_minutes_did_not(held_s, used_s, gross_micro):
    outcome, _ = await ask({ACME: 500})
    assert isinstance(outcome, Allowed)
    ended, seconds = Ended(Priced(outcome.terms.levels, NOW, 75)), Seconds((held_s, used_s))
    await use_allowances([ended], seconds)
    (wanted,) = seconds.asked
    assert wanted["uses"] == [{"account": ACME, "allowances": [1], "seconds": 75}]
    customer, reseller = ended.leg["charges"]
    assert (customer["gross_micro"], reseller["gross_micro"]) == (gross_micro, 35_000)
    assert customer["terms"].get("included_s", 0) == used_s


async def test_a_leg_that_was_given_more_seconds_at_its_end_pays_no_more_than_with_those_it_held():
    """The odd increments of tests/unit/core/test_allowance.py: 3 s were held, 4 are used."""
    outcome, _ = await ask({ACME: 500})
    assert isinstance(outcome, Allowed)
    odd = Tariff("UTC", (always(100_000, [Step(0, 60_000, 60, 7), Step(60, 6_000_000, 60, 60)]),))
    level = replace(outcome.terms.levels[0], tariff=odd)
    assert covered_charge(level, Priced((level,), NOW, 62), (3, 4))["gross_micro"] == 63_000


async def test_a_leg_without_included_minutes_asks_nothing():
    outcome, _ = await ask({}, allowances=())
    assert isinstance(outcome, Allowed)
    ended, seconds = Ended(Priced(outcome.terms.levels, NOW, 75)), Seconds()
    await use_allowances([ended], seconds)
    assert seconds.asked == []


def explained(left_s, wallet_micro=1_000_000, seconds=75):
    catalogue = demo(allowance_rows=(OF_PLAN,))
    known = Known(
        catalogue,
        phones=tuple(phone for phone in catalogue.phone_rows if phone.endpoint == "a10-101"),
        wallets={account: Wallet(account, wallet_micro, 0, 0) for account in (ACME, RESELLER)},
        living={},
        left_s={(ACME, OF_PLAN.allowance_id): left_s},
    )
    return explain(Question("a10-101", "02079460000", NOW, seconds), known)


def test_explain_says_what_is_left_and_what_it_pays_for():
    page = explained(60)
    customer, reseller = page["levels"]
    assert customer["included"] == {"left_s": 60, "covers_s": 60}
    assert (customer["gross"], reseller["gross"]) == ("0.006300", "0.035000")  # 15 s at 0.025 a minute
    assert "included" not in reseller
    assert "  included minutes: 1 min 0 s are left, they pay for 60 s of the call" in lines_of_page(page)
    assert page["credit"]["levels"][0]["sets_aside"] == "0.025000"


def test_explain_grants_a_call_without_credit_its_minutes():
    page = explained(60, wallet_micro=50_000)
    assert page["credit"]["granted_s"] == 120
    page = explained(200, wallet_micro=0)
    assert page["refused"] == "no_credit", "the reseller has neither minutes nor money"
    assert [level["needs"] for level in page["credit"]["levels"]] == ["0.000000", "0.010300"]
