"""What staff do in Odoo's pages while calls go on, for call stories."""

import secrets
from typing import Any

from tests.support.switch import Sip, Switch


def new_account(switch: Switch, extension: str, credit_micro: int, plan: int | None = None) -> tuple[int, Sip]:
    """A prepaid account of the owner on its direct plan or another, with credit and one telephone; id and log-in."""
    odoo = switch.odoo
    known = odoo.read("telecom.billing.account", switch.ref("lighthouse"), "company_id", "country_id", "currency_id")
    company, country, currency = (known[name][0] for name in ("company_id", "country_id", "currency_id"))
    partner = odoo.create("res.partner", name=f"Customer {extension}", company_id=company)
    account = odoo.create(
        "telecom.billing.account", company_id=company, partner_id=partner, mode="prepaid", country_id=country,
        currency_id=currency, rate_plan_id=plan or switch.ref("plan_direct"), tz="Europe/London",
    )  # fmt: skip
    if credit_micro:
        top_up(switch, account, credit_micro)
    return account, new_phone(switch, account, extension)


def top_up(switch: Switch, account: int, amount_micro: int) -> None:
    """Pay in, by the wallet's own function."""
    query = "select telecom_wallet_post(%s, 'topup', %s, %s, 'story', null)"
    switch.one(query, account, amount_micro, f"story:{secrets.token_hex(8)}")


def new_phone(switch: Switch, account: int, extension: str) -> Sip:
    """A telephone with a password of its own."""
    password = secrets.token_urlsafe(15)
    with switch.noticed():
        phone = switch.odoo.create("telecom.phone", account_id=account, name=f"Story {extension}", extension=extension)
        switch.odoo.write("telecom.phone", phone, sip_password=password)
    return Sip(switch.odoo.read("telecom.phone", phone, "sip_username"), password)


def new_trunk(switch: Switch, name: str, host: str, port: int, *, prefix: str, price: float, **trunk: Any) -> int:
    """A carrier with one trunk, one price, and a route that sends a prefix there only; the trunk's id.

    The carrier is not checked unless told so: most of the tests' carriers answer no OPTIONS.
    """
    trunk = {"check_s": False, **trunk}
    odoo = switch.odoo
    like = odoo.read("telecom.carrier", switch.ref("atlantic"), "company_id", "currency_id")
    company, currency = like["company_id"][0], like["currency_id"][0]
    partner = odoo.create("res.partner", name=name, company_id=company, is_company=True)
    carrier = odoo.create(
        "telecom.carrier", name=name, company_id=company, partner_id=partner, currency_id=currency, duration_rule="up",
        rounding_method="half_up", rounding_decimals=6, timezone="UTC",
    )  # fmt: skip
    with switch.noticed():
        made = odoo.create("telecom.trunk", name=name, carrier_id=carrier, host=host, port=port, **trunk)
        odoo.create(
            "telecom.deck.rate", carrier_id=carrier, prefix=prefix, price=price, first_increment_s=1, next_increment_s=1
        )
        route = odoo.create("telecom.route", prefix=prefix, rule="cost")
        odoo.create("telecom.route.line", route_id=route, trunk_id=made, priority=1, weight=1)
    return made


def forget_trunk(switch: Switch, trunk: int) -> None:
    """Archive a trunk of `new_trunk`, with its name free for another one and no route to it."""
    odoo = switch.odoo
    carrier = odoo.read("telecom.trunk", trunk, "carrier_id")[0]
    with switch.noticed():
        for line in odoo.call("telecom.route.line", [], "search", [["trunk_id", "=", trunk]]):
            route = odoo.read("telecom.route.line", line, "route_id")[0]
            odoo.call("telecom.route", [route], "unlink")
        odoo.write("telecom.trunk", trunk, active=False)
        odoo.write("telecom.carrier", carrier, name=f"Story {carrier}", active=False)
