"""The button Changes on what has a trail of its own."""

from odoo import models


class TelecomChangesMixin(models.AbstractModel):
    _name = "telecom.changes.mixin"
    _description = "Has a Trail of Changes"

    _changes_link = None  # field of the trail that names such a record

    def action_open_changes(self):
        """Open what was changed about this record, by whom."""
        self.ensure_one()
        self.check_access("read")
        self.env["telecom.audit.line"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_audit.action_audit_line")
        name = self.env._("Changes of %s", self.display_name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [(self._changes_link, "=", self.id)],
            "context": {},
        }


class TelecomRatePlan(models.Model):
    _name = "telecom.rate.plan"
    _inherit = ["telecom.rate.plan", "telecom.changes.mixin"]
    _changes_link = "plan_id"


class TelecomBillingAccount(models.Model):
    _name = "telecom.billing.account"
    _inherit = ["telecom.billing.account", "telecom.changes.mixin"]
    _changes_link = "account_id"


class TelecomCarrier(models.Model):
    _name = "telecom.carrier"
    _inherit = ["telecom.carrier", "telecom.changes.mixin"]
    _changes_link = "carrier_id"


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "telecom.changes.mixin"]
    _changes_link = "of_user_id"
