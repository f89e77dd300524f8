"""Real calls of an account in euro by a plan in dollars: converted at the rate of the day, refused without one."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.calls.test_plans_of_a_reseller import change_plan, on_plan
from tests.support.odoo import OdooError

LONDON = "02079460000"
USD_PER_EUR = 1.25


@pytest.fixture
def dollars(switch) -> Iterator[int]:
    """A plan of the owner in dollars: 0.06 a minute to British fixed lines."""
    usd = switch.odoo.find("res.currency", ("name", "=", "USD"), ("active", "in", [True, False]))
    switch.odoo.write("res.currency", usd, active=True)
    company = switch.odoo.read("telecom.billing.account", switch.account("lighthouse"), "company_id")[0]
    plan = switch.odoo.create(
        "telecom.rate.plan", name="Dollars", company_id=company, currency_id=usd, rounding_method="half_up",
        rounding_decimals=6,
    )  # fmt: skip
    switch.odoo.create(
        "telecom.rate", plan_id=plan, destination_id=switch.ref("uk_fixed"), method="fixed", price=0.06,
        first_increment_s=1, next_increment_s=1,
    )  # fmt: skip
    return plan


def call(switch) -> dict:
    point = switch.last_record()
    phone = switch.phone("301")
    phone.dial(LONDON)
    phone.state("CONFIRMED")
    time.sleep(0.2)
    phone.hang_up()
    phone.ended()
    phone.close()
    (leg,) = switch.settled(point)
    (charge,) = switch.charges(leg["id"])
    entry = switch.one("select amount_micro from telecom_wallet_entry where id = %s", charge["entry_id"])
    assert entry["amount_micro"] == -charge["gross_micro"]
    return charge


def new_rate(switch, days: int, rate: float) -> int:
    company = switch.odoo.read("telecom.billing.account", switch.account("lighthouse"), "company_id")[0]
    usd = switch.odoo.find("res.currency", ("name", "=", "USD"))
    day = (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
    with switch.noticed():
        return switch.odoo.create("res.currency.rate", currency_id=usd, company_id=company, name=day, rate=rate)


def forget_rates(switch, currency: int) -> None:
    rates = switch.odoo.call("res.currency.rate", [], "search", [("currency_id", "=", currency)])
    if rates:
        with switch.noticed():
            switch.odoo.call("res.currency.rate", rates, "unlink")


def test_a_call_across_two_currencies(switch, dollars):
    usd = switch.odoo.find("res.currency", ("name", "=", "USD"))
    lighthouse = switch.account("lighthouse")
    forget_rates(switch, usd)
    with pytest.raises(OdooError, match="no rate of exchange of today"):
        change_plan(switch, lighthouse, dollars)
    new_rate(switch, 1, 2.0)  # tomorrow's
    new_rate(switch, -1, USD_PER_EUR)
    with on_plan(switch, lighthouse, dollars):
        charge = call(switch)
        assert (charge["currency"], charge["net_micro"], charge["gross_micro"]) == ("EUR", 800, 800)
        terms = charge["terms"]
        assert (terms["plan_currency"], terms["plan_amount_micro"], terms["factor_e8"]) == ("USD", 1_000, 80_000_000)

        forget_rates(switch, usd)
        phone = switch.phone("301")
        phone.dial(LONDON)
        assert phone.ended(seconds=12)["code"] >= 400  # refused, never free
        assert "no rate of exchange from USD to EUR" in switch.bridge.log()
        new_rate(switch, 0, USD_PER_EUR)
        assert call(switch)["gross_micro"] == 800
