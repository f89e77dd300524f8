"""A call goes on as long as every purse of its chain pays the next slice, and ends at the last one paid."""

from datetime import timedelta

import pytest

from telecom_switch_bridge.ledger_ports import OpenLeg
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.services.authorise_call import authorise_call
from telecom_switch_bridge.services.extend_grants import ExtendGrants
from telecom_switch_bridge.services.live_legs import LiveLeg, LiveLegs

from .fakes import FakeReservations, FakeSwitch
from .world import ACME, NOW, RESELLER, demo, request

CHANNEL = "PJSIP/trunk-1-00000001"


class Call:
    """One answered call of Acme, granted `grant_s`."""

    def __init__(self, headroom, **switch):
        self.reservations = FakeReservations(headroom)
        self.switch = FakeSwitch(**switch)
        self.legs = LiveLegs()
        self.service = ExtendGrants(
            self.legs, reservations=self.reservations, switch=self.switch, log=Log("test"), slice_s=120,
            extend_below_s=20,
        )  # fmt: skip

    async def start(self, *, applied=True):
        outcome = await authorise_call(
            request(), catalogue=demo(), reservations=self.reservations, now=NOW, grant_s=120
        )
        leg = OpenLeg("a-1.1", outcome.call_ref, 1, "a-1.0", CHANNEL, f"{outcome.call_ref}/1", NOW, NOW)
        granted_s = outcome.granted_s
        self.legs.add(LiveLeg(leg, outcome.terms, granted_s, granted_s if applied else None))
        return self

    async def tick(self, second):
        await self.service.run_once(NOW + timedelta(seconds=second))

    @property
    def live(self):
        (live,) = self.legs
        return live


async def test_the_next_slice_is_set_aside_at_all_levels_when_less_than_20_seconds_remain():
    call = await Call({ACME: 20_000_000, RESELLER: 500_000_000}).start()
    await call.tick(100)
    assert call.live.granted_s == 120 and call.switch.timeouts == {}
    await call.tick(100.5)
    assert call.live.granted_s == 240
    (held,) = call.reservations.held.values()
    assert held.amounts_micro == (112_500, 90_000)  # fee and 240 s at each level
    # the leg's end moves to the grant less the margin, the caller's own bound comes after it
    assert call.switch.timeouts == {CHANNEL: 139.25, "PJSIP/a10-101-00000000": 141.25}


@pytest.mark.parametrize(
    ("headroom", "granted_s"),
    [
        ({ACME: 75_000, RESELLER: 500_000_000}, 150),  # customer: 0.0125 less than the next slice: 30 s more
        ({ACME: 20_000_000, RESELLER: 51_000}, 123),  # the reseller can pay three seconds
        ({ACME: 62_500, RESELLER: 50_000}, 120),  # nothing is left: the grant is the last
    ],
)
async def test_a_short_purse_buys_a_last_slice(headroom, granted_s):
    call = await Call(headroom).start()
    await call.tick(101)
    assert call.live.granted_s == granted_s
    (held,) = call.reservations.held.values()
    assert held.amounts_micro[0] <= headroom[ACME] and held.amounts_micro[1] <= headroom[RESELLER]
    assert held.granted_s == granted_s


async def test_a_top_up_in_mid_call_is_found():
    call = await Call({ACME: 62_500, RESELLER: 500_000_000}).start()
    await call.tick(101)
    call.reservations.headroom[ACME] += 20_000_000
    await call.tick(103)
    assert call.live.granted_s == 120  # asked a moment ago
    await call.tick(106.5)
    assert call.live.granted_s == 240


async def test_asterisk_is_told_again_until_it_knows():
    call = await Call({ACME: 20_000_000, RESELLER: 500_000_000}, away=True).start()
    await call.tick(101)
    assert call.live.granted_s == 240 and call.live.applied_s == 120
    call.switch.away = False
    await call.tick(102)
    assert call.live.applied_s == 240 and call.switch.timeouts[CHANNEL] == 137.75


async def test_after_a_restart_the_stored_grant_is_told_again():
    call = await Call({ACME: 20_000_000, RESELLER: 500_000_000}).start(applied=False)
    await call.tick(10)
    assert call.switch.timeouts[CHANNEL] == 109.75


async def test_without_database_the_call_ends_at_its_grant():
    call = await Call({ACME: 20_000_000, RESELLER: 500_000_000}).start()
    call.reservations.away = True
    await call.tick(101)
    assert call.live.granted_s == 120
    call.reservations.away = False
    await call.tick(107)
    assert call.live.granted_s == 240


async def test_a_call_that_was_settled_meanwhile_is_left_alone():
    call = await Call({ACME: 20_000_000, RESELLER: 500_000_000}).start()
    call.reservations.held.clear()
    await call.tick(101)
    assert call.live.granted_s == 120 and call.switch.timeouts == {}


class SixCalls:
    """Six calls of Acme that began three seconds apart; each ends when its grant does."""

    def __init__(self, headroom):
        self.reservations = FakeReservations(headroom)
        self.legs = LiveLegs()
        self.service = ExtendGrants(
            self.legs, reservations=self.reservations, switch=FakeSwitch(), log=Log("test"), slice_s=120,
            extend_below_s=20,
        )  # fmt: skip
        self.lasted_s = {}

    async def talk(self):
        for half in range(2 * 1200):
            now = NOW + timedelta(seconds=half / 2)
            if half % 6 == 0 and half < 36:
                await self.begin(half // 6, now)
            for live in self.legs:
                if live.remaining_s(now) <= 0:
                    self.lasted_s[live.leg.leg_uniqueid] = live.granted_s
                    self.legs.remove(live.leg.leg_uniqueid)
            await self.service.run_once(now)

    async def begin(self, number, now):
        asked = request(channel_uniqueid=f"a-{number}.0", channel=f"PJSIP/a10-101-{number:08}")
        outcome = await authorise_call(asked, catalogue=demo(), reservations=self.reservations, now=now, grant_s=120)
        leg = OpenLeg(f"a-{number}.1", asked.call_ref, 1, f"a-{number}.0", f"{CHANNEL}{number}", "", now, now)
        self.legs.add(LiveLeg(leg, outcome.terms, outcome.granted_s, outcome.granted_s))


@pytest.mark.parametrize("more_s", [30, 200, 700, 1500])
async def test_six_calls_of_one_purse_share_what_is_left_and_end_together(more_s):
    """Besides six grants of 120 s there is credit for `more_s`; the first to ask must not take it all."""
    six_grants = 6 * 62_500
    calls = SixCalls({ACME: six_grants + more_s * 2_500 // 6, RESELLER: 500_000_000})
    await calls.talk()
    lasted = list(calls.lasted_s.values())
    assert len(lasted) == 6
    assert sum(lasted) == pytest.approx(720 + more_s, abs=12)  # all of it is used
    assert max(lasted) - min(lasted) <= 20
    assert calls.reservations.free(ACME) >= 0


async def test_a_call_alone_gets_whole_slices_to_the_end():
    """Shares are taken of calls that run: nobody else is there."""
    call = await Call({ACME: 20_000_000, RESELLER: 500_000_000}).start()
    for second in range(101, 800, 10):
        await call.tick(second)
    assert call.live.granted_s == 840
    assert (call.legs.paid_by(ACME), call.legs.paid_by(RESELLER)) == (1, 1)
    call.legs.remove("a-1.1")
    call.legs.remove("a-1.1")
    assert (call.legs.paid_by(ACME), call.legs.paid_by(RESELLER)) == (0, 0)
