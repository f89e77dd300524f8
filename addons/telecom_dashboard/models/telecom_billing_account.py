from odoo import api, fields, models

GLANCE = 10  # newest calls and payments on the account's page; its buttons open all


class TelecomBillingAccount(models.Model):
    """What support looks for first when somebody calls: the last calls with their reason, the last payments."""

    _inherit = "telecom.billing.account"

    last_call_ids = fields.Many2many(
        "telecom.call.record",
        compute="_compute_last_call_ids",
        string="Last Calls",
        groups="telecom_base.group_staff",
        help="The newest legs of the account's telephones and numbers, also those that nobody answered.",
    )
    last_payment_ids = fields.Many2many(
        "telecom.wallet.entry",
        compute="_compute_last_payment_ids",
        string="Last Payments",
        help="The newest movements of the balance that are no calls: payments, corrections, reversals.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_last_call_ids(self):
        records = self.env["telecom.call.record"]
        for account in self:
            account.last_call_ids = records.search([("account_id", "=", account._origin.id)], limit=GLANCE)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_last_payment_ids(self):
        entries = self.env["telecom.wallet.entry"]
        for account in self:
            account.last_payment_ids = entries.search(
                [("account_id", "=", account._origin.id), ("kind", "!=", "charge")], limit=GLANCE
            )
