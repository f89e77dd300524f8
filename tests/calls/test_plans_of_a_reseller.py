"""Two customers of one reseller make the same call; each is charged by the plan that the reseller gave it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.inbound import new_plan

SAME_SECOND = 12_900
"""Northwind Standard, 25 % above 0.01 a call and 0.02 a minute: 0.0125 + 0.025 / 60, half up at 4 decimals."""
BUSINESS_SECOND = 15_500
"""50 % above: 0.015 + 0.03 / 60."""
RESELLER_SECOND = 10_300


def call(switch, extension: str) -> dict[int, int]:
    """A call of one second: account -> its net charge."""
    point = switch.last_record()
    phone = switch.phone(extension)
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(0.2)
    phone.hang_up()
    phone.ended()
    phone.close()
    (leg,) = switch.settled(point)
    assert leg["answered_s"] == 1
    return {one["account_id"]: one["net_micro"] for one in switch.charges(leg["id"])}


def change_plan(switch, account: int, plan: int) -> None:
    """What staff do by the button Change Plan of the account."""
    with switch.noticed():
        made = switch.odoo.create("telecom.plan.change", account_id=account, plan_id=plan, when="now")
        switch.odoo.call("telecom.plan.change", [made], "action_apply")


@contextmanager
def on_plan(switch, account: int, plan: int) -> Iterator[None]:
    before = switch.odoo.read("telecom.billing.account", account, "rate_plan_id")[0]
    change_plan(switch, account, plan)
    try:
        yield
    finally:
        change_plan(switch, account, before)


def test_two_customers_of_a_reseller_pay_by_their_own_plans(switch):
    acme, harbour, northwind = (switch.account(one) for one in ("acme", "harbour", "northwind"))
    assert call(switch, "101") == {acme: SAME_SECOND, northwind: RESELLER_SECOND}
    assert call(switch, "201") == {harbour: SAME_SECOND, northwind: RESELLER_SECOND}
    company = switch.odoo.read("telecom.billing.account", harbour, "company_id")[0]
    business = new_plan(switch, "Northwind Business", company, base="parent", default_method="percent",
                        default_percent=50)  # fmt: skip
    with on_plan(switch, harbour, business):
        assert call(switch, "101") == {acme: SAME_SECOND, northwind: RESELLER_SECOND}
        assert call(switch, "201") == {harbour: BUSINESS_SECOND, northwind: RESELLER_SECOND}
    assert call(switch, "201") == {harbour: SAME_SECOND, northwind: RESELLER_SECOND}
