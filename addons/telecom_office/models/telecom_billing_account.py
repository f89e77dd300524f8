from odoo import api, fields, models


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    is_own_account = fields.Boolean(
        compute="_compute_is_own_account",
        search="_search_is_own_account",
        help="The account by which the user's own company pays its provider, not one of its customers'.",
    )

    @api.depends("customer_company_id")
    @api.depends_context("uid")
    def _compute_is_own_account(self):
        company = self.env.user.company_id
        for account in self:
            account.is_own_account = account.customer_company_id == company

    @api.model
    def _search_is_own_account(self, operator, value):
        if operator != "in":
            return NotImplemented
        own = ("customer_company_id", "=", self.env.user.company_id.id)
        return [own] if True in value else ["!", own]
