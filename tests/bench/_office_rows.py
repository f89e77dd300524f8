"""Fills a database with resellers and their customers, run inside `odoo shell` (tests/support/odoo.py).

Resellers come from the page New Reseller, as the owner's administrator presses Create: company with books, account,
plan, tax. Customers get what New Customer makes: contact, account; and a telephone and a number. BENCH_OFFICE is a
JSON file: in: resellers, customers (of each), password; out: seconds of each reseller.
"""

import json
import os
import time
from pathlib import Path

NAME = "Bench"
NUMBERS_FROM = 49_301_000_000


def fill(env, wanted):
    """Make all, each reseller committed; return the seconds that the page New Reseller took for each."""
    prices = owner_prices(env, owner_of(env).company_id)
    env.cr.commit()
    seconds = []
    for number in range(wanted["resellers"]):
        begin = time.perf_counter()
        with env.registry.cursor() as cursor:  # as each request of a page has its own
            page = env(cr=cursor, user=env.ref("base.user_admin").id)
            tenant = new_reseller(page, owner_of(page), prices.with_env(page), number).id
        seconds.append(time.perf_counter() - begin)
        with env.registry.cursor() as cursor:
            company = env(cr=cursor)["telecom.tenant"].browse(tenant).company_id
            new_customers(company.env, company, number, wanted["customers"])
    env.cr.rollback()  # to see what the other transactions made
    env.invalidate_all()
    make_people(env, wanted["password"])
    return seconds


def owner_of(env):
    return env["telecom.tenant"].search([("parent_id", "=", False)])


def owner_prices(env, owner):
    """Return the plan by which resellers are charged, with a price; and a carrier, which calls name."""
    group = env["telecom.destination.group"].create({"name": NAME})
    destination = env["telecom.destination"].create({"name": NAME, "group_id": group.id, "network_type": "fixed"})
    env["telecom.destination.prefix"].create({"prefix": "49", "destination_id": destination.id})
    env["telecom.carrier"].create({"name": NAME, "company_id": owner.id})
    plan = env["telecom.rate.plan"].create(
        {"name": NAME, "company_id": owner.id, "rounding_method": "half_up", "timezone": "UTC"}
    )
    env["telecom.rate"].create({"plan_id": plan.id, "destination_id": destination.id, "price": 0.02})
    return plan


def new_reseller(env, owner, plan, number):
    """Fill in the page New Reseller and press Create."""
    wizard = env["telecom.reseller.wizard"].create(
        {
            "provider_id": owner.id, "name": f"Reseller {number:04d}", "country_id": env.ref("base.de").id,
            "tz": "Europe/Berlin", "currency_id": plan.currency_id.id, "tax_name": "VAT", "tax_percent": 19.0,
            "mode": "postpaid", "credit_limit": 1000.0, "rate_plan_id": plan.id, "markup_percent": 25.0,
        }
    )  # fmt: skip
    return env["telecom.tenant"].browse(wizard.action_create()["res_id"])


def new_customers(env, company, number, customers):
    """Make customers of a reseller, each with a telephone and a number."""
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nosubscribe": True})
    plan = env["telecom.rate.plan"].search([("company_id", "=", company.id)])
    names = [f"Customer {number:04d}-{i:03d}" for i in range(customers)]
    partners = env["res.partner"].create([{"name": name, "company_id": company.id} for name in names])
    common = {"company_id": company.id, "mode": "postpaid", "credit_limit": 50.0, "tz": "Europe/Berlin",
              "country_id": env.ref("base.de").id, "rate_plan_id": plan.id, "currency_id": plan.currency_id.id,
              "tax_ids": [(6, 0, company.account_sale_tax_id.ids)]}  # fmt: skip
    accounts = env["telecom.billing.account"].create([{**common, "partner_id": partner.id} for partner in partners])
    env["telecom.phone"].create([{"account_id": one.id, "name": "Desk", "extension": "100"} for one in accounts])
    env["telecom.number"].create(
        [
            {"e164": str(NUMBERS_FROM + number * customers + i), "company_id": company.id, "account_id": account.id}
            for i, account in enumerate(accounts)
        ]
    )


def make_people(env, password):
    """The administrator of the first reseller and a customer of it, and a password for the owner's."""
    company = env["telecom.tenant"].search([("parent_id", "!=", False)], order="id", limit=1).company_id
    account = env["telecom.billing.account"].search([("company_id", "=", company.id)], order="id", limit=1)
    people = (("reseller", company.partner_id, "group_reseller_admin"),
              ("customer", account.partner_id, "group_customer_admin"))  # fmt: skip
    for login, above, group in people:
        partner = env["res.partner"].create({"name": login, "company_id": company.id, "parent_id": above.id})
        values = {"login": login, "password": password, "partner_id": partner.id, "company_id": company.id}
        groups = [(6, 0, env.ref(f"telecom_base.{group}").ids)]
        env["res.users"].with_context(no_reset_password=True).create(
            {**values, "company_ids": [(6, 0, company.ids)], "group_ids": groups}
        )
    env.ref("base.user_admin").password = password
    env.cr.commit()


order = Path(os.environ["BENCH_OFFICE"])
order.write_text(json.dumps({"seconds": fill(env, json.loads(order.read_text()))}))  # noqa: F821  the shell's own
