from odoo import api, fields, models


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    phone_ids = fields.One2many("telecom.phone", "account_id", string="Telephones")
    ring_group_ids = fields.One2many("telecom.ring.group", "account_id", string="Ring Groups")
    number_ids = fields.One2many("telecom.number", "account_id", string="Numbers")
    phone_count = fields.Integer(compute="_compute_pbx_counts")
    number_count = fields.Integer(compute="_compute_pbx_counts")

    @api.depends("phone_ids", "number_ids")
    def _compute_pbx_counts(self):
        phones = dict(
            self.env["telecom.phone"]._read_group([("account_id", "in", self.ids)], ["account_id"], ["__count"])
        )
        numbers = dict(
            self.env["telecom.number"]._read_group([("account_id", "in", self.ids)], ["account_id"], ["__count"])
        )
        for account in self:
            account.phone_count = phones.get(account, 0)
            account.number_count = numbers.get(account, 0)

    def _get_emergency_numbers(self):
        """Return the emergency numbers (digits) of the account's home country; empty without a numbering plan."""
        self.ensure_one()
        plan = self.env["telecom.numbering.plan"].sudo().search([("country_id", "=", self.country_id.id)], limit=1)
        return [number.strip() for number in (plan.emergency_numbers or "").split(",") if number.strip()]
