"""The parties whom the plan names are told before their call ends; nobody is told of an end that does not come."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from telecom_switch_bridge.dialplan_names import PROMPT_CUT_OFF
from telecom_switch_bridge.ledger_ports import OpenLeg
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.observe.metrics import Metrics
from telecom_switch_bridge.ports import MAX_CALL_S, CutOffWarning
from telecom_switch_bridge.services.authorise_call import authorise_call
from telecom_switch_bridge.services.extend_grants import ExtendGrants
from telecom_switch_bridge.services.frozen_terms import terms_from_json, terms_to_json
from telecom_switch_bridge.services.live_legs import LiveLeg, LiveLegs
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.services.route_inbound import prepare_inbound
from telecom_switch_bridge.services.warn_cut_off import WarnCutOff

from .fakes import FakeReservations, FakeSwitch, FakeWhisperer
from .world import ACME, DIRECT, NOW, RESELLER, STANDARD, UK_FIXED, WHOLESALE, bands, demo, plan, rate, request

CALLER, CALLED, CHANNEL = "a-1795473518.0", "a-1.1", "PJSIP/trunk-1-00000001"
FEE, SECOND = 12_500, 417
"""Acme pays 0.0125 and 0.025 a minute."""

PLENTY = {ACME: 20_000_000, RESELLER: 500_000_000}
TWO_MINUTES = {ACME: 62_500, RESELLER: 500_000_000}


def sold(side=None, first_s=60, second_s=10, *, above="both"):
    """The demo, with the warning of Northwind's plan and of the owner's plan above it."""
    return demo(
        plan_rows=(
            plan(WHOLESALE, warning_side=above, warning_first_s=90),
            plan(
                STANDARD, base="parent", default_method="percent", default_percent_micro=25_000_000,
                rounding_method=None, rounding_decimals=None,
                warning_side=side, warning_first_s=first_s, warning_second_s=second_s,
            ),
            plan(DIRECT),
        )
    )  # fmt: skip


class Call:
    """One answered call of Acme; time goes on in rounds of half a second, as in the daemon."""

    def __init__(self, headroom, side="caller", first_s=60, second_s=10):
        self.catalogue = sold(side, first_s, second_s)
        self.reservations = FakeReservations(headroom)
        self.switch = FakeSwitch()
        self.whisperer = FakeWhisperer(CALLER, CALLED)
        self.metrics = Metrics()
        self.legs = LiveLegs()
        self.told = []
        self.second = 0.0
        self.restart()

    def restart(self):
        """The services of a bridge that has just started."""
        self.extend = ExtendGrants(
            self.legs, reservations=self.reservations, switch=self.switch, log=Log("test"), slice_s=120,
            extend_below_s=20,
        )  # fmt: skip
        self.warn = WarnCutOff(
            self.legs, whisperer=self.whisperer, switch=self.switch, log=Log("test"), metrics=self.metrics,
            sleep=lambda _: asyncio.sleep(0),
        )  # fmt: skip

    async def start(self):
        outcome = await authorise_call(
            request(), catalogue=self.catalogue, reservations=self.reservations, now=NOW, grant_s=120
        )
        leg = OpenLeg(CALLED, outcome.call_ref, 1, CALLER, CHANNEL, f"{outcome.call_ref}/1", NOW, NOW)
        self.legs.add(LiveLeg(leg, outcome.terms, outcome.granted_s, outcome.granted_s))
        return self

    async def until(self, second):
        """Go on to a second of the call; `told`: who heard the sentence, and at which second."""
        while self.second < second:
            self.second += 0.5
            now = NOW + timedelta(seconds=self.second)
            await self.extend.run_once(now)
            await self.warn.run_once(now)
            await self.warn.stop(1)
            for channel, prompt in self.whisperer.said:
                assert prompt == PROMPT_CUT_OFF
                self.told.append((channel, self.live.warned.at_s))
            self.whisperer.said.clear()

    @property
    def live(self):
        (live,) = self.legs
        return live


@pytest.mark.parametrize(
    ("side", "told"),
    [
        ("caller", [(CALLER, 59.75), (CALLER, 109.75)]),
        ("called", [(CALLED, 59.75), (CALLED, 109.75)]),
        ("both", [(CALLER, 59.75), (CALLED, 59.75), (CALLER, 109.75), (CALLED, 109.75)]),
        ("nobody", []),
    ],
)
async def test_each_warning_comes_its_seconds_before_the_end_to_those_whom_the_plan_names(side, told):
    """Credit for 120 s; Asterisk ends the call a quarter of a second before."""
    call = await Call(TWO_MINUTES, side).start()
    await call.until(125)
    assert call.told == told
    assert call.live.granted_s == 120
    assert call.metrics.value("bss_warnings_played_total", side="caller") == sum(one == CALLER for one, _ in told)


async def test_a_call_that_can_be_extended_hears_nothing():
    call = await Call(PLENTY).start()
    await call.until(400)
    assert call.told == []
    assert call.live.granted_s > 400


async def test_a_resellers_empty_purse_warns_too():
    call = await Call({ACME: 20_000_000, RESELLER: 50_000}).start()
    await call.until(119)
    assert call.told == [(CALLER, 59.75), (CALLER, 109.75)]


async def test_the_longest_call_is_announced():
    call = await Call(PLENTY).start()
    call.live.granted_s, call.second = MAX_CALL_S, MAX_CALL_S - 70
    await call.until(MAX_CALL_S - 1)
    assert [at_s for _, at_s in call.told] == [MAX_CALL_S - 60.25, MAX_CALL_S - 10.25]


async def test_credit_that_comes_after_the_first_warning_extends_the_call_and_arms_the_warnings_again():
    call = await Call(TWO_MINUTES).start()
    await call.until(70)
    call.reservations.headroom[ACME] += 50_000  # two minutes more
    await call.until(118)
    assert call.told == [(CALLER, 59.75)]
    assert call.live.granted_s == 240
    await call.until(239)
    assert call.told == [(CALLER, 59.75), (CALLER, 179.75), (CALLER, 229.75)]


async def test_credit_that_comes_in_small_parts_does_not_bring_a_warning_each_time():
    """Ten seconds every ten seconds for two minutes: without the pause that were twelve warnings."""
    call = await Call(TWO_MINUTES, second_s=0).start()
    for second in range(60, 180, 10):
        await call.until(second)
        call.reservations.headroom[ACME] += 10 * SECOND
    await call.until(260)
    assert call.live.granted_s == pytest.approx(240, abs=1)
    assert 3 <= len(call.told) <= 5
    gaps = [later - sooner for (_, sooner), (_, later) in zip(call.told, call.told[1:], strict=False)]
    assert min(gaps) >= 30


@pytest.mark.parametrize(("bought_s", "told"), [(30, [2.0, 19.75]), (8, [2.0]), (5, [])])
async def test_a_call_shorter_than_the_warning_is_warned_two_seconds_after_its_answer(bought_s, told):
    """What is shorter than the sentence itself, is not: it would be cut in the middle of it."""
    call = await Call({ACME: FEE + bought_s * SECOND + 50, RESELLER: 500_000_000}).start()
    assert call.live.granted_s == bought_s
    await call.until(bought_s)
    assert [at_s for _, at_s in call.told] == told


async def test_a_silent_database_ends_a_call_and_that_is_announced():
    call = await Call(PLENTY).start()
    call.reservations.away = True
    await call.until(119)
    assert call.told == [(CALLER, 59.75), (CALLER, 109.75)]


async def test_a_bridge_that_is_started_again_does_not_repeat_itself():
    call = await Call(TWO_MINUTES).start()
    await call.until(62)
    assert call.told == [(CALLER, 59.75)]
    call.live.warned, call.live.resumed = None, True
    call.restart()
    await call.until(119)
    assert call.told == [(CALLER, 59.75), (CALLER, 109.75)]


async def test_a_bridge_that_was_away_at_the_moment_tells_late():
    call = await Call(TWO_MINUTES).start()
    call.live.resumed, call.second = True, 70.0
    await call.until(75)
    assert call.told == [(CALLER, 70.5)]


async def test_without_ari_nobody_is_warned_and_the_call_goes_on_to_its_end():
    call = await Call(TWO_MINUTES, "both").start()
    call.whisperer.away = True
    await call.until(100)
    assert call.told == []
    assert call.live.granted_s == 120
    assert [call.metrics.value("bss_warnings_failed_total", side=side) for side in ("caller", "called")] == [1, 1]
    call.whisperer.away = False
    await call.until(119)
    assert call.told == [(CALLER, 109.75), (CALLED, 109.75)]


async def test_a_party_who_is_gone_is_no_failure():
    call = await Call(TWO_MINUTES, "both").start()
    call.whisperer.channels = (CALLED,)
    await call.until(70)
    assert call.told == [(CALLED, 59.75)]
    assert call.metrics.value("bss_warnings_failed_total", side="caller") == 0


def test_the_plan_of_the_customer_decides_and_the_one_above_where_it_says_nothing():
    for side, warning in (
        ("called", CutOffWarning(("called",), (60, 10))),
        ("nobody", None),
        (None, CutOffWarning(("caller", "called"), (90,))),
    ):
        terms = prepare_call(request(), catalogue=sold(side), now=NOW)
        assert terms.warning == warning
        assert terms_from_json(terms_to_json(terms)).warning == warning
    assert prepare_call(request(), catalogue=sold("caller", 0, 0), now=NOW).warning is None


def test_terms_that_were_frozen_without_a_warning_have_none():
    stored = terms_to_json(prepare_call(request(), catalogue=sold("both"), now=NOW))
    del stored["warning"]
    assert terms_from_json(stored).warning is None


INBOUND = 110


def called_from_outside(number):
    """Terms of the legs of a call to a number of Acme, which pays for it by a plan that warns both sides."""
    known = sold("caller")
    accounts = [one for one in known.account_rows if one.account_id != ACME]
    acme = known.account(ACME)
    paying = replace(acme, inbound_plan_id=INBOUND)
    catalogue = known.with_parts({
        "account_rows": (*accounts, paying),
        "plan_rows": (*known.plan_rows, plan(INBOUND, direction="inbound", warning_side="both", warning_first_s=30)),
        "rate_rows": (*known.rate_rows, rate(9, INBOUND, UK_FIXED, bands=bands(0, 60_000))),
    })  # fmt: skip
    asked = request(number, "trunk-1", channel_uniqueid="a-2.0", channel="PJSIP/trunk-1-00000002")
    return prepare_inbound(asked, catalogue=catalogue, now=NOW), asked.call_ref


def test_parties_of_an_inbound_call_are_the_carrier_and_the_telephone_that_answered():
    call, call_ref = called_from_outside("442079460999")
    assert call.arriving.warning == CutOffWarning(("caller", "called"), (30,))
    legs = LiveLegs()
    arriving = LiveLeg(
        OpenLeg("a-2.0", call_ref, None, "a-2.0", "PJSIP/trunk-1-00000002", f"{call_ref}/in", NOW, NOW),
        call.arriving, 120, None,
    )  # fmt: skip
    legs.add(arriving)
    assert (legs.party(arriving, "caller"), legs.party(arriving, "called")) == ("a-2.0", None)
    legs.add_phone(OpenLeg("a-2.1", call_ref, 1, "a-2.0", "PJSIP/a10-101-00000003", f"{call_ref}/1", NOW, NOW))
    assert legs.party(arriving, "called") == "a-2.1"


def test_parties_of_a_call_that_goes_on_outside_are_the_two_carriers():
    call, call_ref = called_from_outside("442079460998")
    assert call.forward.warning == CutOffWarning(("caller",), (60, 10))  # by the plan for calls out
    legs = LiveLegs()
    arriving = LiveLeg(
        OpenLeg("a-2.0", f"{call_ref}/in", None, "a-2.0", "PJSIP/trunk-1-00000002", f"{call_ref}/in", NOW, NOW),
        call.arriving, 120, None,
    )  # fmt: skip
    outbound = LiveLeg(
        OpenLeg("a-2.1", call_ref, 1, "a-2.0", "PJSIP/trunk-1-00000003", f"{call_ref}/1", NOW, NOW),
        call.forward, 120, 120,
    )  # fmt: skip
    legs.add(arriving)
    legs.add(outbound)
    for leg in (arriving, outbound):
        assert (legs.party(leg, "caller"), legs.party(leg, "called")) == ("a-2.0", "a-2.1")
