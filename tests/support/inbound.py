"""What staff do in Odoo for calls to numbers, and for resellers below resellers, in call stories."""

from itertools import count

from tests.support import staff
from tests.support.switch import Sip, Switch

_numbers = count(442079468000)


def new_plan(switch: Switch, name: str, company: int, **values: object) -> int:
    """A rate plan in the demo's currency, half up at 4 decimals unless it marks another one up."""
    currency = switch.odoo.read("telecom.billing.account", switch.ref("lighthouse"), "currency_id")[0]
    rounding = {} if values.get("base") == "parent" else {"rounding_method": "half_up", "rounding_decimals": 4}
    return switch.odoo.create("telecom.rate.plan", name=name, company_id=company, currency_id=currency, **rounding,
                              **values)  # fmt: skip


def new_price(switch: Switch, name: str, price: float, company: int) -> int:
    """An inbound plan that prices calls to British numbers by the minute."""
    plan = new_plan(switch, name, company, direction="inbound")
    switch.odoo.create("telecom.rate", plan_id=plan, destination_id=switch.ref("uk_fixed"), price=price)
    return plan


def new_number(switch: Switch, account: int, sip: Sip | None = None, *, outside: str | None = None) -> str:
    """A number of an account that rings its telephone, or leads to a number outside."""
    odoo = switch.odoo
    company = odoo.read("telecom.billing.account", account, "company_id")[0]
    e164 = str(next(_numbers))
    with switch.noticed():
        if outside is None:
            assert sip is not None
            target = odoo.find("telecom.dial.target", ("phone_id.sip_username", "=", sip.username))
        else:
            target = odoo.create("telecom.dial.target", account_id=account, kind="external", external_number=outside)
        odoo.create("telecom.number", e164=e164, company_id=company, account_id=account, target_id=target)
    return e164


def new_tower(switch: Switch, name: str, percents: tuple[int, ...]) -> tuple[list[int], Sip]:
    """Resellers one below the other, each with a mark-up in percent, and a customer of the last; customer first."""
    odoo = switch.odoo
    known = odoo.read("telecom.billing.account", switch.ref("lighthouse"), "company_id", "country_id", "currency_id")
    company, country, currency = (known[one][0] for one in ("company_id", "country_id", "currency_id"))
    tenant = odoo.find("telecom.tenant", ("parent_id", "=", False))
    plan, accounts = switch.ref("plan_wholesale"), []
    for level in range(len(percents) + 1):
        partner = odoo.create("res.partner", name=f"{name} {level}", company_id=company)
        account = odoo.create(
            "telecom.billing.account", company_id=company, partner_id=partner, mode="postpaid", credit_limit=50.0,
            country_id=country, currency_id=currency, rate_plan_id=plan, tz="Europe/London",
        )  # fmt: skip
        accounts.insert(0, account)
        if level < len(percents):
            company = odoo.create("res.company", name=f"{name} {level}", currency_id=currency, country_id=country)
            tenant = odoo.create("telecom.tenant", company_id=company, parent_id=tenant, account_id=account)
            plan = new_plan(switch, f"{name} +{percents[level]}", company, base="parent", default_method="percent",
                            default_percent=percents[level])  # fmt: skip
    return accounts, staff.new_phone(switch, accounts[0], "601")
