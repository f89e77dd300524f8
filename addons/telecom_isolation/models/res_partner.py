from odoo import api, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "telecom.owned.mixin"]

    @api.model
    def _telecom_owned_vals(self, vals):
        """A contact person belongs to the company of whom it is a contact of."""
        parent_sudo = self.sudo().browse(vals.get("parent_id") or False)  # the fence has the last word on the parent
        if not vals.get("company_id") and parent_sudo.company_id:
            vals = {**vals, "company_id": parent_sudo.company_id.id}
        return super()._telecom_owned_vals(vals)

    def _telecom_company(self):
        """The robot belongs to nobody: it writes to every tenant's people."""
        return super()._telecom_company() if self != self.env.ref("base.partner_root") else self.env["res.company"]

    def signup_get_auth_param(self):
        """Refuse log-in names and sign-up tokens of contacts that one may not change.

        Odoo gives them to every internal user for every contact: with open sign-up that takes over an account.
        """
        self.check_access("write")
        return super().signup_get_auth_param()
