"""A customer below five resellers calls. Six accounts pay, each by its own mark-up, frozen at the start."""

import time
from datetime import UTC, datetime, timedelta

from tests.support.inbound import new_plan, new_tower

PERCENTS = (10, 20, 5, 50, 100)
ONE_SECOND = [43_000, 21_500, 14_300, 13_600, 11_400, 10_300]
"""Customer first. The owner asks 0.01 and 0.02 a minute: 0.010333; fee and price of the others are 10, 20, 5, 50 and
100 % higher each: 0.011367, 0.01364, 0.014322, 0.021483, 0.042966; half up at 4 decimals."""
WITH_FEE_OF_ONE = [4_159_400, 2_079_700, 1_386_500, 1_320_400, 1_100_400, 1_000_300]
"""The same with a fee of 1.00: 1.000333, 1.100367, 1.32044, 1.386462, 2.079693, 4.159386."""

AFTER_THE_EDGE = [81_800, 40_900, 27_300, 13_600, 11_400, 10_300]
"""+100 % instead of +5 % at the third level from below: 0.02728, and 50 and 100 % more below it: 0.04092, 0.08184."""


def talk(switch, phone, meanwhile=None):
    """One call; its leg. Without anything to do meanwhile it lasts less than a second."""
    point = switch.last_record()
    phone.forget()
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    if meanwhile is None:
        time.sleep(0.2)
    else:
        meanwhile()
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    return leg


def test_six_accounts_pay_their_own_prices_frozen_when_the_call_began(switch):
    accounts, sip = new_tower(switch, "Tower", PERCENTS)
    phone = switch.phone(sip)

    leg = talk(switch, phone)
    charges = switch.charges(leg["id"])
    assert [(one["level"], one["account_id"]) for one in charges] == list(enumerate(accounts))
    assert (leg["answered_s"], [one["gross_micro"] for one in charges]) == (1, ONE_SECOND)
    assert [switch.wallet(account) for account in accounts] == [(-paid, 0) for paid in ONE_SECOND]

    def dearer():
        with switch.noticed():
            switch.odoo.write("telecom.rate", rate, connect_fee=1.0)

    rate = switch.ref("rate_wholesale_uk_fixed")
    try:
        leg = talk(switch, phone, meanwhile=dearer)  # it lasts some seconds, at the old fee
        paid = [one["gross_micro"] for one in switch.charges(leg["id"])]
        exact = 60 * 10_000 + leg["answered_s"] * 20_000  # in 1/60 micro-units
        assert abs(60 * paid[5] - exact) <= 60 * 50
        assert paid[0] < 200_000
        leg = talk(switch, phone)
        assert [one["gross_micro"] for one in switch.charges(leg["id"])] == WITH_FEE_OF_ONE
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.rate", rate, connect_fee=0.01)
    assert switch.all("select * from telecom_wallet_problems()") == []


def test_a_plan_change_at_an_edge_counts_for_calls_that_begin_after_it(switch):
    """A reseller in the middle sells by another plan from some seconds ahead on; nobody tells the switch when."""
    accounts, sip = new_tower(switch, "Edge", PERCENTS)
    phone, odoo = switch.phone(sip), switch.odoo
    middle = odoo.read("telecom.billing.account", accounts[2], "company_id", "rate_plan_id")
    plan = new_plan(switch, "Edge +100", middle["company_id"][0], base="parent", default_method="percent",
                    default_percent=100)  # fmt: skip
    with switch.noticed():
        edge = (datetime.now(UTC) + timedelta(seconds=8)).replace(microsecond=0)
        change = odoo.create("telecom.plan.assignment", account_id=accounts[2], direction="outbound", plan_id=plan,
                             valid_from=f"{edge:%Y-%m-%d %H:%M:%S}")  # fmt: skip
    assert odoo.read("telecom.plan.assignment", change, "state") == "future"
    loads = switch.reloads()

    def over_the_edge():
        assert datetime.now(UTC) < edge, "the machine is too slow for this story"
        time.sleep(max(0.0, (edge - datetime.now(UTC)).total_seconds()) + 0.3)

    leg = talk(switch, phone, meanwhile=over_the_edge)
    paid = [one["gross_micro"] for one in switch.charges(leg["id"])]
    top_exact = 60 * 10_000 + leg["answered_s"] * 20_000  # the old prices, in 1/60 micro-units
    factors = [1.1 * 1.2 * 1.05 * 1.5 * 2, 1.1 * 1.2 * 1.05 * 1.5, 1.1 * 1.2 * 1.05, 1.1 * 1.2, 1.1, 1.0]
    assert all(abs(60 * one - top_exact * factor) <= 60 * 50 for one, factor in zip(paid, factors, strict=True))
    leg = talk(switch, phone)
    charges = switch.charges(leg["id"])
    assert [one["gross_micro"] for one in charges] == AFTER_THE_EDGE
    assert switch.reloads() == loads
