from odoo import api, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "telecom.owned.mixin"]

    @api.model
    def _telecom_owner_id(self, vals):
        """A contact person belongs to the company of whom it is a contact of."""
        parent_sudo = self.sudo().browse(vals.get("parent_id") or False)  # the fence has the last word on the parent
        return vals.get("company_id") or parent_sudo.company_id.id or self.env.company.id

    def signup_get_auth_param(self):
        """Refuse log-in names and sign-up tokens of contacts that one may not change.

        Odoo gives them to every internal user for every contact: with open sign-up that takes over an account.
        """
        self.check_access("write")
        return super().signup_get_auth_param()
