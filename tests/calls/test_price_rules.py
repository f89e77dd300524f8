"""A real call under each rule of a rate that changes what a call costs; expected amounts are counted here by hand.

One account on a plan of its own; its rate is changed on the page before each call. 0.6 a minute is 0.01 a second.
"""

import pytest

from tests.support import staff
from tests.support.inbound import new_plan

CENT = 10_000
PLAIN = {
    "connect_fee": 0.0, "price": 0.6, "first_increment_s": 1, "next_increment_s": 1, "included_s": 0, "min_cost": 0.0,
    "min_duration_s": 0, "grace_s": 0, "grace_mode": False, "max_cost": 0.0, "max_cost_strategy": False,
    "second_price": 0.0, "second_price_from_s": 0,
}  # fmt: skip
HALF_UP = {"rounding_method": "half_up", "rounding_decimals": 4}


class Line:
    """An account, its telephone, its plan and the plan's one rate."""

    def __init__(self, switch) -> None:
        self.switch = switch
        owner = switch.odoo.read("telecom.billing.account", switch.ref("lighthouse"), "company_id")[0]
        self.plan = new_plan(switch, "Rules", owner)
        self.rate = switch.odoo.create(
            "telecom.rate", plan_id=self.plan, destination_id=switch.ref("uk_fixed"), price=0.6
        )
        self.account, self.sip = staff.new_account(switch, "642", 50_000_000)
        with switch.noticed():
            switch.odoo.write("telecom.billing.account", self.account, rate_plan_id=self.plan)

    def call(self, seconds: float, rounding=HALF_UP, **terms) -> tuple[int, int]:
        """A call of about so many seconds, unless it is ended earlier; answered seconds and what it cost."""
        switch = self.switch
        with switch.noticed():
            switch.odoo.write("telecom.rate.plan", self.plan, **rounding)
            switch.odoo.write("telecom.rate", self.rate, **PLAIN | terms)
        point, before = switch.last_record(), switch.wallet(self.account)[0]
        phone = switch.phone(self.sip)
        phone.dial("02079460000")
        phone.state("CONFIRMED")
        try:
            phone.ended(seconds=seconds)
        except AssertionError:  # it goes on: the caller ends it
            phone.hang_up()
            phone.ended()
        phone.close()
        (leg,) = switch.settled(point)
        (charge,) = switch.charges(leg["id"])
        assert switch.wallet(self.account) == (before - charge["gross_micro"], 0)
        return leg["answered_s"], charge["net_micro"]


@pytest.fixture(scope="module")
def line(whole_switch):
    return Line(whole_switch)


def test_a_fee_and_seconds(line):
    answered_s, cost = line.call(1.5, connect_fee=0.05)
    assert (answered_s, cost) == (2, 5 * CENT + 2 * CENT)


def test_increments(line):
    """The first 4 s whole, then every 3 s begun."""
    answered_s, cost = line.call(4.5, first_increment_s=4, next_increment_s=3)
    assert (answered_s, cost) == (5, 7 * CENT)


def test_a_second_price(line):
    answered_s, cost = line.call(3.5, second_price_from_s=2, second_price=6.0)
    assert (answered_s, cost) == (4, 2 * CENT + 2 * 10 * CENT)


def test_included_seconds_cost_only_the_fee(line):
    assert line.call(1.5, included_s=3, connect_fee=0.05) == (2, 5 * CENT)
    assert line.call(4.5, included_s=3, connect_fee=0.05) == (5, 7 * CENT)


def test_a_minimum_duration_and_a_minimum_cost(line):
    assert line.call(1.5, min_duration_s=30) == (2, 30 * CENT)
    assert line.call(1.5, min_cost=0.1) == (2, 10 * CENT)


def test_grace_that_makes_short_calls_free(line):
    rule = {"grace_s": 3, "grace_mode": "free_if_not_longer", "connect_fee": 0.05}
    assert line.call(1.5, **rule) == (2, 0)
    assert line.call(3.5, **rule) == (4, 5 * CENT + 4 * CENT)


def test_grace_that_is_never_charged(line):
    rule = {"grace_s": 3, "grace_mode": "subtract", "connect_fee": 0.05}
    assert line.call(1.5, **rule) == (2, 0)
    assert line.call(3.5, **rule) == (4, 5 * CENT + 1 * CENT)


def test_a_maximum_after_which_a_call_is_free(line):
    answered_s, cost = line.call(4.5, max_cost=0.03, max_cost_strategy="free_after")
    assert (answered_s, cost) == (5, 3 * CENT)


def test_a_maximum_at_which_a_call_ends(line):
    answered_s, cost = line.call(9, max_cost=0.04, max_cost_strategy="disconnect")
    assert (answered_s, cost) == (4, 4 * CENT)


@pytest.mark.parametrize(("method", "decimals", "cost"), [("up", 2, 3), ("down", 2, 2), ("half_up", 1, 0)])
def test_the_cost_of_a_call_is_rounded_once(line, method, decimals, cost):
    """2 s at 0.0125 each: 0.025."""
    rounding = {"rounding_method": method, "rounding_decimals": decimals}
    assert line.call(1.5, rounding, price=0.75) == (2, cost * CENT)
