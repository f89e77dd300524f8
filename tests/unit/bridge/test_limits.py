"""Limits of concurrent calls and of new calls per second: what counts, what is refused, what goes another way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telecom_switch_bridge.ports import Allowed, Counted, Decision, Reason, Refused
from telecom_switch_bridge.services.authorise_call import authorise_call
from telecom_switch_bridge.services.call_rates import CallRates
from telecom_switch_bridge.services.route_inbound import route_inbound

from .fakes import FakeReservations
from .world import ACME, NOW, RESELLER, SCHOOL, demo, request

RICH = {ACME: 20_000_000, RESELLER: 500_000_000, SCHOOL: 10_000_000}


def limited(*, accounts=None, trunks=None, numbers=None):
    """The demo with limits: field values by account, trunk or number id."""
    world = demo()

    def changed(rows, key, values):
        return tuple(replace(row, **(values or {}).get(getattr(row, key), {})) for row in rows)

    return demo(
        account_rows=changed(world.account_rows, "account_id", accounts),
        trunk_rows=changed(world.trunk_rows, "trunk_id", trunks),
        number_rows=changed(world.number_rows, "number_id", numbers),
    )


class Desk:
    """Asks one call after the other, each of a channel of its own."""

    def __init__(self, catalogue, reservations=None):
        self.catalogue, self.calls, self.now = catalogue, 0, NOW
        self.reservations = reservations or FakeReservations(RICH)
        self.rates = CallRates()

    async def ask(self, dialled="02079460000", endpoint="a10-101", service=authorise_call):
        self.calls += 1
        return await service(
            request(dialled, endpoint, channel_uniqueid=f"a-1795473518.{self.calls}"), catalogue=self.catalogue,
            reservations=self.reservations, now=self.now, grant_s=120, rates=self.rates,
        )  # fmt: skip

    async def bring(self, called="442079460999", trunk="trunk-1"):
        return await self.ask(called, trunk, route_inbound)

    @property
    def last(self):
        return self.reservations.asked[-1]


def why(outcome):
    return outcome.reason if isinstance(outcome, Refused) else None


def dials(outcome):
    return [route.dial.rpartition("@")[2] for route in outcome.terms.routes]


async def test_a_call_out_counts_on_every_level_and_on_its_trunks():
    desk = Desk(limited(accounts={RESELLER: {"max_calls_outbound": 7}}, trunks={2: {"max_channels": 30}}))
    await desk.ask()
    assert desk.last.counted_on == (Counted("out:account:10"), Counted("out:account:20", 7))
    assert desk.last.trunks == (Counted("trunk:1"), Counted("trunk:2", 30))


async def test_a_call_in_counts_on_every_level_its_number_and_its_trunk():
    desk = Desk(limited(accounts={ACME: {"max_calls_inbound": 3}}, numbers={1: {"max_calls_inbound": 2}}))
    await desk.bring()
    assert desk.last.counted_on == (
        Counted("in:account:10", 3), Counted("in:account:20"), Counted("in:number:1", 2), Counted("trunk:1"),
    )  # fmt: skip
    assert desk.last.trunks == ()


async def test_a_forwarded_call_counts_both_ways():
    desk = Desk(limited(accounts={ACME: {"max_calls_outbound": 1}}))
    assert isinstance(await desk.bring("442079460998"), Allowed)
    assert [one.name for asked in desk.reservations.asked for one in asked.counted_on] == [
        "in:account:10", "in:account:20", "in:number:2", "trunk:1", "out:account:10", "out:account:20",
    ]  # fmt: skip
    assert why(await desk.ask()) is Reason.TOO_MANY_CALLS


async def test_internal_calls_count_on_nothing():
    desk = Desk(limited(accounts={ACME: {"max_calls_outbound": 1, "max_calls_inbound": 1, "max_calls_per_second": 1}}))
    for _ in range(3):
        assert isinstance(await desk.ask("102"), Allowed)
        assert (desk.last.counted_on, desk.last.trunks) == ((), ())
    assert isinstance(await desk.ask(), Allowed)


@pytest.mark.parametrize("account", [ACME, RESELLER])
async def test_the_next_call_than_the_limit_is_refused_until_one_ends(account):
    desk = Desk(limited(accounts={account: {"max_calls_outbound": 2}}))
    first, second, third = [await desk.ask() for _ in range(3)]
    assert isinstance(first, Allowed) and isinstance(second, Allowed)
    assert third == Refused(Reason.TOO_MANY_CALLS, f"full: out:account:{account}")
    assert len(desk.reservations.held) == 2
    del desk.reservations.held[first.call_ref]
    assert isinstance(await desk.ask(), Allowed)


async def test_a_resellers_limit_is_one_for_all_its_customers_and_not_for_others():
    neighbour = replace(demo().account_rows[0], account_id=SCHOOL)
    world = demo(account_rows=(*demo().account_rows[:2], neighbour))
    rows = tuple(replace(r, max_calls_outbound=1) if r.account_id == RESELLER else r for r in world.account_rows)
    desk = Desk(replace(world, account_rows=rows))
    assert isinstance(await desk.ask(), Allowed)
    assert why(await desk.ask(endpoint="a30-301")) is Reason.TOO_MANY_CALLS
    desk.catalogue = limited(accounts={RESELLER: {"max_calls_outbound": 1}})  # the school is the owner's customer
    assert isinstance(await desk.ask(endpoint="a30-301"), Allowed)


@pytest.mark.parametrize(
    "limits",
    [
        {"accounts": {ACME: {"max_calls_inbound": 1}}},
        {"accounts": {RESELLER: {"max_calls_inbound": 1}}},
        {"numbers": {1: {"max_calls_inbound": 1}}},
        {"trunks": {1: {"max_channels": 1}}},
    ],
)
async def test_calls_in_are_refused_at_the_limit(limits):
    desk = Desk(limited(**limits))
    assert isinstance(await desk.bring(), Allowed)
    assert why(await desk.bring()) is Reason.TOO_MANY_CALLS


async def test_a_full_trunk_is_left_out_and_the_call_goes_over_the_next():
    desk = Desk(limited(trunks={1: {"max_channels": 1}}))
    assert dials(await desk.ask()) == ["trunk-1", "trunk-2"]
    assert dials(await desk.ask()) == ["trunk-2"]


async def test_when_every_trunk_is_full_all_lines_are_busy():
    desk = Desk(limited(trunks={1: {"max_channels": 1}, 2: {"max_channels": 1}}))
    await desk.ask()
    await desk.ask()
    assert await desk.ask() == Refused(Reason.NO_ROUTE, "full: trunk:1, trunk:2")


async def test_emergency_calls_count_on_their_trunk_and_are_never_refused():
    desk = Desk(
        limited(
            accounts={ACME: {"max_calls_outbound": 1, "max_calls_per_second": 1}},
            trunks={1: {"max_channels": 1, "max_calls_per_second": 1}, 2: {"max_channels": 1}},
        )
    )
    await desk.ask()
    for _ in range(3):
        outcome = await desk.ask("112")
        assert isinstance(outcome, Allowed) and outcome.terms.decision is Decision.EMERGENCY
        assert dials(outcome) == ["trunk-1", "trunk-2"]
    assert desk.last.trunks == (Counted("trunk:1"), Counted("trunk:2"))
    assert why(await desk.bring(trunk="trunk-1")) is Reason.TOO_MANY_CALLS  # they do take channels


@pytest.mark.parametrize("account", [ACME, RESELLER])
async def test_calls_begin_no_faster_than_the_limit(account):
    desk = Desk(limited(accounts={account: {"max_calls_per_second": 2}}))
    outcomes = [await desk.ask(), await desk.bring(), await desk.ask()]
    assert [why(one) for one in outcomes] == [None, None, Reason.TOO_MANY_CALLS]
    desk.now += timedelta(seconds=0.5)
    assert [why(await desk.ask()) for _ in range(2)] == [None, Reason.TOO_MANY_CALLS]
    desk.now += timedelta(seconds=60)
    assert [why(await desk.ask()) for _ in range(3)] == [None, None, Reason.TOO_MANY_CALLS]
    desk.now -= timedelta(seconds=3600)  # a clock that was set back fills nothing and blocks nobody for an hour
    assert why(await desk.ask()) is Reason.TOO_MANY_CALLS
    desk.now += timedelta(seconds=1)
    assert why(await desk.ask()) is None


async def test_a_trunk_that_has_begun_its_calls_of_the_second_is_left_out():
    desk = Desk(limited(trunks={1: {"max_calls_per_second": 1}}))
    assert [dials(await desk.ask()) for _ in range(2)] == [["trunk-1", "trunk-2"], ["trunk-2"]]
    desk.now += timedelta(seconds=1)
    assert dials(await desk.ask()) == ["trunk-1", "trunk-2"]
    both = Desk(limited(trunks={1: {"max_calls_per_second": 1}, 2: {"max_calls_per_second": 1}}))
    outcomes = [await both.ask() for _ in range(3)]
    assert why(outcomes[2]) is Reason.NO_ROUTE


async def test_a_call_that_a_full_trunk_sends_on_takes_from_the_next_trunks_second():
    desk = Desk(limited(trunks={1: {"max_channels": 1}, 2: {"max_calls_per_second": 1}}))
    await desk.ask()
    assert dials(await desk.ask()) == ["trunk-2"]
    assert why(await desk.ask()) is Reason.NO_ROUTE


async def test_a_question_asked_again_has_its_place_already():
    desk = Desk(limited(accounts={ACME: {"max_calls_outbound": 1}}, trunks={1: {"max_channels": 1}}))
    first = await desk.ask()
    desk.calls = 0
    assert await desk.ask() == first


def test_buckets_are_bounded():
    rates = CallRates(most_kept=3)
    for number in range(10):
        rates.spend(f"account:{number}", 1, NOW)
    assert len(rates) == 3
    assert rates.allows("account:0", 1, NOW) and not rates.allows("account:9", 1, NOW)
    assert len(rates) == 3
    rates.spend("account:99", None, NOW)
    assert rates.allows("account:99", None, NOW) and len(rates) == 3
