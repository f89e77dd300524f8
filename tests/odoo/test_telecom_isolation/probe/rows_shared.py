"""Rows that serve every tenant and do not come with Odoo."""

from odoo.fields import Command


def build_shared(env):
    """Return rows without a company, one or more of each model that only the owner's staff may change."""
    return [*_build_report(env), *_build_products(env), *_build_settings(env)]


def _build_report(env):
    columns = [Command.create({"name": "Sum", "expression_label": "sum"})]
    report = env["account.report"].create({"name": "Shared", "column_ids": columns})
    line = env["account.report.line"].create({"name": "Shared", "report_id": report.id})
    expression = {"report_line_id": line.id, "label": "sum", "engine": "external", "formula": "sum"}
    yield from (report, report.column_ids, line, env["account.report.expression"].create(expression))
    yield env["account.cash.rounding"].create({"name": "Shared", "rounding": 0.05})
    yield env["account.payment.term"].create({"name": "Shared", "company_id": False})
    yield env["payment.method"].with_context(active_test=False).search([], limit=1)


def _build_products(env):
    values = [Command.create({"name": "Red"})]
    attribute = env["product.attribute"].create({"name": "Colour", "value_ids": values})
    yield from (attribute, attribute.value_ids)
    yield env["product.tag"].create({"name": "Shared"})
    yield env["utm.campaign"].create({"name": "Shared"})


def _build_settings(env):
    action = env["ir.actions.act_window"].search([], limit=1)
    yield env["base_import.mapping"].create({"res_model": "res.partner", "column_name": "Shared", "field_name": "name"})
    yield env["ir.embedded.actions"].create(
        {"name": "Shared", "parent_action_id": action.id, "parent_res_model": "res.partner", "action_id": action.id}
    )
    yield env["ir.filters"].create({"name": "Shared", "model_id": "res.partner", "user_ids": False})
    yield env["mail.template"].create({"name": "Shared", "model_id": env["ir.model"]._get_id("res.partner")})
    yield env["res.partner.category"].create({"name": "Shared"})
