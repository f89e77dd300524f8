from odoo import api, fields, models
from odoo.exceptions import ValidationError

PLAN_FIELDS = {"outbound": "rate_plan_id", "inbound": "inbound_rate_plan_id"}


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
    inbound_rate_plan_id = fields.Many2one(
        "telecom.rate.plan",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', '=', company_id), ('direction', '=', 'inbound'), ('currency_id', '=', currency_id)]",
        help="Prices that this account pays for calls to its own numbers, by the number called. Without a plan, or"
        " without a price in it, such calls are free.",
    )

    @api.constrains("rate_plan_id", "inbound_rate_plan_id", "company_id", "currency_id")
    def _check_rate_plan(self):
        """Refuse a plan of another tenant, of the other direction or in another currency."""
        for account in self:
            for direction, name in PLAN_FIELDS.items():
                if account[name]:
                    account._check_plan(account[name].sudo(), direction)  # one that may not be read is refused below

    def _check_plan(self, plan_sudo, direction):
        """Raise ValidationError when a plan cannot be this account's for a direction."""
        self.ensure_one()
        if plan_sudo.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "The rate plan of account %s must be one of its provider's. Choose another plan.", self.number
                )
            )
        if plan_sudo.direction != direction:
            raise ValidationError(
                self.env._("%s prices outbound calls. Choose a plan for inbound calls.", plan_sudo.name)
                if direction == "inbound"
                else self.env._("%s prices inbound calls. Choose a plan for outbound calls.", plan_sudo.name)
            )
        if plan_sudo.currency_id != self.currency_id:
            raise ValidationError(
                self.env._(
                    "Plan %(plan)s is in %(plan_currency)s, account %(account)s in %(account_currency)s. Choose a"
                    " plan in the account's currency.",
                    plan=plan_sudo.name,
                    plan_currency=plan_sudo.currency_id.name,
                    account=self.number,
                    account_currency=self.currency_id.name,
                )
            )
