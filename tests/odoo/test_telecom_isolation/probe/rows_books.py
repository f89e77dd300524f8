"""Ledger, products and contacts of a party."""

from odoo import fields
from odoo.fields import Command

PICTURE = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
"""A picture of one dot."""


def load_chart(env):
    """Give the company its ledger."""
    if not env.company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company=env.company, install_demo=False)


def journal(env, kind):
    return env["account.journal"].search([("type", "=", kind), ("company_id", "=", env.company.id)], limit=1)


def build_house(env, name):
    """What a tenant's office has: supplier, products, price list, bill, bank statement, plans, dates, exceptions."""
    supplier = env["res.partner"].create(
        {
            "name": name,
            "company_id": env.company.id,
            "email": f"{name}@supplier.example",
            "image_1920": PICTURE,
            "website_published": True,
            "bank_ids": [Command.create({"acc_number": f"{name}-1"})],
            "child_ids": [Command.create({"name": f"{name} contact", "company_id": env.company.id})],
        }
    )
    _build_products(env, name, supplier)
    _build_plans(env, name)
    bill = _post(env, "in_invoice", supplier, name)
    _pay(env, bill, bill.amount_total)
    _build_ledger_settings(env, name)
    statement = {"name": name, "balance_start": 0, "balance_end_real": 5}
    line = {"payment_ref": name, "amount": 5, "journal_id": journal(env, "bank").id, "partner_id": supplier.id}
    statement["line_ids"] = [Command.create(line)]
    env["account.bank.statement"].create(statement)


def build_customer(env, name, partner):
    """An invoice of its own, half paid; a card on file and a payment by it."""
    invoice = _post(env, "out_invoice", partner, name)
    _pay(env, invoice, invoice.amount_total / 2)
    provider = env["payment.provider"].search([("company_id", "=", env.company.id)], order="id desc", limit=1)
    method = env["payment.method"].with_context(active_test=False).search([], limit=1)
    token = env["payment.token"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": method.id,
            "partner_id": partner.child_ids[:1].id or partner.id,
            "provider_ref": name,
            "payment_details": name,
        }
    )
    env["payment.transaction"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": method.id,
            "reference": name,
            "amount": 1,
            "currency_id": env.company.currency_id.id,
            "partner_id": partner.id,
            "token_id": token.id,
            "invoice_ids": [Command.set(invoice.ids)],
        }
    )


def build_ownerless(env, name):
    """Rows that will lose their company."""
    return [
        env["res.partner"].create({"name": name, "company_id": env.company.id}),
        env["product.template"].create({"name": name, "company_id": env.company.id}),
        env["product.pricelist"].create({"name": name, "company_id": env.company.id}),
        env["resource.calendar"].create({"name": name, "company_id": env.company.id}),
        env["account.analytic.account"].create(
            {"name": name, "company_id": env.company.id, "plan_id": env["account.analytic.plan"].search([], limit=1).id}
        ),
        env["digest.digest"].create({"name": name, "company_id": env.company.id}),
    ]


def _build_products(env, name, supplier):
    own = {"company_id": env.company.id}
    product = env["product.product"].create(
        {
            "name": name,
            "company_id": env.company.id,
            "image_1920": PICTURE,
            "seller_ids": [Command.create({**own, "partner_id": supplier.id, "product_name": name})],
        }
    )
    env["product.document"].create(
        {"name": name, "res_model": "product.template", "res_id": product.product_tmpl_id.id, "raw": name.encode(),
         "company_id": env.company.id}
    )  # fmt: skip
    env["product.combo"].create(
        {"name": name, "company_id": env.company.id, "combo_item_ids": [Command.create({"product_id": product.id})]}
    )
    env["product.pricelist"].create(
        {
            "name": name,
            "company_id": env.company.id,
            "item_ids": [Command.create({"product_tmpl_id": product.product_tmpl_id.id, "fixed_price": 3})],
        }
    )
    env["product.uom"].create(
        {"product_id": product.id, "uom_id": product.uom_id.id, "barcode": f"{name}-code", "company_id": env.company.id}
    )


def _build_plans(env, name):
    plan = env["account.analytic.plan"].create({"name": name})
    analytic = env["account.analytic.account"].create({"name": name, "plan_id": plan.id, "company_id": env.company.id})
    env["account.analytic.line"].create(
        {"name": name, "account_id": analytic.id, "amount": 1, "company_id": env.company.id}
    )
    calendar = env["resource.calendar"].create({"name": name, "company_id": env.company.id})
    resource = env["resource.resource"].create(
        {"name": name, "company_id": env.company.id, "calendar_id": calendar.id, "user_id": env.user.id}
    )
    env["resource.calendar.leaves"].create(
        {"name": name, "company_id": env.company.id, "calendar_id": calendar.id, "resource_id": resource.id,
         "date_from": "2026-01-01 08:00:00", "date_to": "2026-01-02 08:00:00"}
    )  # fmt: skip
    env["digest.digest"].create({"name": name, "company_id": env.company.id})


def _build_ledger_settings(env, name):
    company = env.company
    position = env["account.fiscal.position"].create({"name": name, "company_id": company.id})
    account = env["account.account"].search([("company_ids", "in", company.ids)], limit=1)
    position.account_ids = [Command.create({"account_src_id": account.id, "account_dest_id": account.id})]
    env["account.tax"].create({"name": name, "amount": 7, "company_id": company.id})
    env["account.group"].create({"name": name, "code_prefix_start": "77", "company_id": company.id})
    env["account.journal.group"].create({"name": name, "company_id": company.id})
    env["account.analytic.distribution.model"].create({"account_prefix": name, "company_id": company.id})
    env["account.lock_exception"].create(
        {"company_id": company.id, "user_id": env.user.id, "fiscalyear_lock_date": "2020-01-01", "reason": name,
         "end_datetime": "2030-01-01 00:00:00"}
    )  # fmt: skip
    sequence = env["ir.sequence"].create({"name": name, "code": name, "company_id": company.id, "use_date_range": True})
    sequence.next_by_id()
    env["payment.provider"].create({"name": name, "code": "none", "company_id": company.id})
    env["ir.default"].set("res.partner.category", "name", name, company_id=company.id)


def _post(env, kind, partner, name):
    """A posted invoice of one line."""
    move = env["account.move"].create(
        {
            "move_type": kind,
            "partner_id": partner.id,
            "ref": name,
            "invoice_date": fields.Date.context_today(env.user),
            "invoice_line_ids": [Command.create({"name": name, "price_unit": 100.0})],
        }
    )
    move.action_post()
    return move


def _pay(env, move, amount):
    """A payment of `amount`, matched with the invoice: all of it (full reconcile) or a part."""
    wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
    wizard.create({"amount": amount, "journal_id": journal(env, "bank").id})._create_payments()
