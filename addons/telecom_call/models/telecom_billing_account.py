from odoo import models


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    def action_open_calls(self):
        """List the calls charged to this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_call.action_call_charge")
        return {**action, "domain": [("account_id", "=", self.id)], "context": {}}
