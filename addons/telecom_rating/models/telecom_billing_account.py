from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    rate_plan_id = fields.Many2one(
        "telecom.rate.plan",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', '=', company_id), ('direction', '=', 'outbound'), ('currency_id', '=', currency_id)]",
        help="Prices of this account's outbound calls. Without a plan, calls that cost something are refused.",
    )

    @api.constrains("rate_plan_id", "company_id", "currency_id")
    def _check_rate_plan(self):
        """Refuse a plan of another tenant, of inbound calls or in another currency."""
        for account in self.filtered("rate_plan_id"):
            plan = account.rate_plan_id.sudo()  # a plan that the user may not read is refused by its company below
            if plan.company_id != account.company_id:
                raise ValidationError(
                    self.env._(
                        "The rate plan of account %s must be one of its provider's. Choose another plan.",
                        account.number,
                    )
                )
            if plan.direction != "outbound":
                raise ValidationError(
                    self.env._("%s prices inbound calls. Choose a plan for outbound calls.", plan.name)
                )
            if plan.currency_id != account.currency_id:
                raise ValidationError(
                    self.env._(
                        "Plan %(plan)s is in %(plan_currency)s, account %(account)s in %(account_currency)s. Choose a"
                        " plan in the account's currency.",
                        plan=plan.name,
                        plan_currency=plan.currency_id.name,
                        account=account.number,
                        account_currency=account.currency_id.name,
                    )
                )
