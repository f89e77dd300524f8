from odoo import api, models
from odoo.exceptions import AccessError

DECIDES = ("state", "rate_plan_id", "inbound_rate_plan_id")
"""What stops all calls of a reseller and of everybody below it: a state, or a plan that is taken away."""
MAY = ("telecom_base.group_admin", "telecom_base.group_reseller_admin")


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    def write(self, vals):
        if set(DECIDES) & set(vals):
            self._refuse_for_resellers()
        return super().write(vals)

    def _refuse_for_resellers(self):
        """Raise AccessError when a whole reseller would be stopped, unless an administrator of its provider does it."""
        resellers = self.sudo().filtered("customer_company_id")
        if self.env.su or not resellers or any(map(self.env.user.has_group, MAY)):
            return
        raise AccessError(
            self.env._(
                "%s is a reseller: only an administrator suspends, activates or closes it or changes its plan, since"
                " the calls of all its customers depend on it.",
                resellers[0].partner_id.name,
            )
        )


class TelecomPlanAssignment(models.Model):
    _inherit = "telecom.plan.assignment"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("account_id") for vals in vals_list} - {None, False}
        self.env["telecom.billing.account"].browse(ids)._refuse_for_resellers()
        return super().create(vals_list)

    def write(self, vals):
        self.account_id._refuse_for_resellers()
        return super().write(vals)

    def unlink(self):
        self.account_id._refuse_for_resellers()
        return super().unlink()
