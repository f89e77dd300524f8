from odoo import models


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    def action_open_calls(self):
        """List the calls charged to this account; for those who see no charges, its call records."""
        self.ensure_one()
        sees_charges = self.env["telecom.call.charge"].has_access("read")
        name = "telecom_call.action_call_charge" if sees_charges else "telecom_call.action_call_record"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        return {**action, "domain": [("account_id", "=", self.id)], "context": {}}
