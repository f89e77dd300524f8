"""Fills a database with resellers and their customers, run inside `odoo shell` (tests/support/odoo.py).

What the pages New Reseller and New Customer make: company with books, account, plan, tax; contact, account, telephone
and number of each customer. BENCH_OFFICE is a JSON file: in: resellers, customers (of each); out: seconds of each.
"""

import json
import os
import time
from pathlib import Path

PLAN = "Bench"
NUMBERS_FROM = 49_301_000_000


def owner_plan(env, owner):
    """The plan by which resellers are charged, with a price."""
    plan = env["telecom.rate.plan"].search([("name", "=", PLAN)])
    if not plan:
        group = env["telecom.destination.group"].create({"name": PLAN})
        destination = env["telecom.destination"].create({"name": PLAN, "group_id": group.id, "network_type": "fixed"})
        env["telecom.destination.prefix"].create({"prefix": "49", "destination_id": destination.id})
        plan = env["telecom.rate.plan"].create(
            {"name": PLAN, "company_id": owner.id, "rounding_method": "half_up", "timezone": "UTC"}
        )
        env["telecom.rate"].create({"plan_id": plan.id, "destination_id": destination.id, "price": 0.02})
    return plan


def make_reseller(env, parent, plan, number, customers):
    """One reseller and its customers."""
    tenant = env["telecom.tenant"]._open_reseller(
        parent,
        {
            "name": f"Reseller {number:04d}", "country": env.ref("base.de"), "tz": "Europe/Berlin",
            "currency": plan.currency_id, "tax_name": "VAT", "tax_percent": 19.0, "mode": "postpaid",
            "credit_limit": 1000.0, "rate_plan": plan, "markup_percent": 25.0,
        },
    )  # fmt: skip
    company = tenant.company_id
    sale_plan = env["telecom.rate.plan"].search([("company_id", "=", company.id)])
    names = [f"Customer {number:04d}-{i:03d}" for i in range(customers)]
    partners = env["res.partner"].create([{"name": name, "company_id": company.id} for name in names])
    common = {"company_id": company.id, "mode": "postpaid", "credit_limit": 50.0, "tz": "Europe/Berlin",
              "country_id": env.ref("base.de").id, "rate_plan_id": sale_plan.id, "currency_id": plan.currency_id.id,
              "tax_ids": [(6, 0, company.account_sale_tax_id.ids)]}  # fmt: skip
    accounts = env["telecom.billing.account"].create([{**common, "partner_id": partner.id} for partner in partners])
    env["telecom.phone"].create([{"account_id": one.id, "name": "Desk", "extension": "100"} for one in accounts])
    env["telecom.number"].create(
        [
            {"e164": str(NUMBERS_FROM + number * customers + i), "company_id": company.id, "account_id": account.id}
            for i, account in enumerate(accounts)
        ]
    )


def fill(env, wanted):
    """Make all, each reseller committed; return the seconds of each, with and without its customers."""
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nosubscribe": True})
    owner = env["telecom.tenant"].search([("parent_id", "=", False)])
    plan = owner_plan(env, owner.company_id)
    seconds = []
    for number in range(wanted["resellers"]):
        begin = time.perf_counter()
        make_reseller(env, owner, plan, number, wanted["customers"])
        env.cr.commit()
        seconds.append(time.perf_counter() - begin)
        env.invalidate_all()
    return seconds


order = Path(os.environ["BENCH_OFFICE"])
order.write_text(json.dumps({"seconds": fill(env, json.loads(order.read_text()))}))  # noqa: F821  the shell's own
