"""Calls that go on over the edge of a price band are charged in parts: at every level of a chain, out and in.

The edge is the next whole minute of the machine's own clock. What each second costs is counted here from the record's
answer and the edge, not by the product.
"""

import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.support import staff
from tests.support.inbound import new_number, new_plan
from tests.support.journal import legs
from tests.support.until import until

DAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), True)
BEFORE_S, AFTER_S = 4, 4
FEE, BY_DAY, BY_NIGHT = 10_000, 20_000, 600_000  # the demo's wholesale price, and 0.01 a second after the edge


def next_edge() -> datetime:
    """The next whole minute that leaves time to set prices and dial."""
    ahead = datetime.now(UTC) + timedelta(seconds=15)
    return ahead.replace(second=0, microsecond=0) + timedelta(minutes=1)


def hours_from(switch, edge: datetime, zone: str, company: int) -> tuple[int, int]:
    """A band set with one band, from the edge on for an hour or to the end of the day; its id and the band's."""
    local = edge.astimezone(ZoneInfo(zone))
    begins = local.hour + local.minute / 60
    hours = switch.odoo.create("telecom.band.set", name=f"From {edge}", company_id=company)
    time_of_it = {**DAYS, "from_hour": begins, "to_hour": min(begins + 1, 24)}
    band = switch.odoo.create("telecom.band", name="Later", set_id=hours, time_ids=[[0, 0, time_of_it]])
    return hours, band


def wait_for(edge: datetime, before_s: float) -> None:
    wait_s = (edge - datetime.now(UTC)).total_seconds() - before_s
    assert wait_s > 0, "the machine is too slow for this story"
    time.sleep(wait_s)


def parts_of(leg, edge: datetime) -> tuple[int, int]:
    """Whole seconds of the call before the edge and after it."""
    before_s = int(edge.timestamp()) - int(leg["answered_at"].timestamp())
    return before_s, leg["answered_s"] - before_s


def cost_of(fee: int, prices: tuple[int, int], parts: tuple[int, int]) -> int:
    """Micro-units, half up at 4 decimals, as the demo's plans round."""
    exact = fee + Fraction(sum(price * seconds for price, seconds in zip(prices, parts, strict=True)), 60)
    return int((exact + 50) // 100) * 100


@contextmanager
def priced_by_time(switch, rate: int, hours: int, band: int, **price):
    with switch.noticed():
        switch.odoo.write("telecom.rate", rate, band_set_id=hours)
        own = switch.odoo.create("telecom.rate.band", rate_id=rate, band_id=band, **price)
    try:
        yield
    finally:
        with switch.noticed():
            switch.odoo.call("telecom.rate.band", [own], "unlink")
            switch.odoo.write("telecom.rate", rate, band_set_id=False)


def test_a_call_over_the_edge_is_charged_in_parts_at_every_level(switch):
    acme, northwind = switch.account("acme"), switch.account("northwind")
    plan = switch.odoo.read("telecom.rate.plan", switch.ref("plan_wholesale"), "timezone", "company_id")
    phone = switch.phone("101")
    wallets = [switch.wallet(one) for one in (acme, northwind)]
    edge = next_edge()
    hours, band = hours_from(switch, edge, plan["timezone"], plan["company_id"][0])
    with priced_by_time(
        switch, switch.ref("rate_wholesale_uk_fixed"), hours, band, price=0.6, connect_fee=0.5
    ):  # the fee is that of the band at the answer
        point = switch.last_record()
        wait_for(edge, BEFORE_S)
        phone.dial("02079460000")
        phone.state("CONFIRMED")
        wait_for(edge + timedelta(seconds=AFTER_S), 0)
        phone.hang_up()
        phone.ended()
        (leg,) = switch.settled(point)

    before_s, after_s = parts_of(leg, edge)
    assert before_s >= 1
    assert after_s >= 3
    charged = {one["account_id"]: one["net_micro"] for one in switch.charges(leg["id"])}
    paid = cost_of(FEE, (BY_DAY, BY_NIGHT), (before_s, after_s))
    marked_up = cost_of(FEE * 5 // 4, (BY_DAY * 5 // 4, BY_NIGHT * 5 // 4), (before_s, after_s))
    assert charged == {northwind: paid, acme: marked_up}
    moved = [old[0] - switch.wallet(one)[0] for one, old in zip((acme, northwind), wallets, strict=True)]
    assert moved == [sum(one["gross_micro"] for one in switch.charges(leg["id"]) if one["account_id"] == account)
                     for account in (acme, northwind)]  # fmt: skip
    carrier = switch.carrier_legs()[-1]
    assert abs(leg["duration_us"] / 1e6 - carrier.seconds) < 0.3  # the carrier's own word
    assert switch.all("select * from telecom_wallet_problems()") == []


def test_a_call_to_a_number_is_charged_in_parts_too(switch):
    owner = switch.odoo.read("telecom.billing.account", switch.ref("lighthouse"), "company_id")[0]
    plan = new_plan(switch, "Inbound by time", owner, direction="inbound", timezone="America/New_York")
    rate = switch.odoo.create("telecom.rate", plan_id=plan, destination_id=switch.ref("uk_fixed"), price=0.06)
    account, sip = staff.new_account(switch, "641", 5_000_000)
    switch.odoo.write("telecom.billing.account", account, inbound_rate_plan_id=plan)
    phone, number = switch.phone(sip), new_number(switch, account, sip)
    edge = next_edge()
    hours, band = hours_from(switch, edge, "America/New_York", owner)
    with priced_by_time(switch, rate, hours, band, price=0.6):
        point = switch.last_record()
        wait_for(edge, BEFORE_S)
        switch.call_in(number, seconds=BEFORE_S + AFTER_S)
        phone.rings()
        phone.state("CONFIRMED")
        phone.ended(seconds=14)
        (leg,) = switch.settled(point)

    parts = parts_of(leg, edge)
    assert min(parts) >= 1
    (charge,) = switch.charges(leg["id"])
    assert charge["net_micro"] == cost_of(0, (60_000, 600_000), parts)
    assert switch.wallet(account) == (5_000_000 - charge["gross_micro"], 0)
    talked = until(lambda: [one for one in legs(switch.far.journal) if one.answered_at is not None][-1], seconds=3)
    assert abs(leg["duration_us"] / 1e6 - talked.seconds) < 0.3
