from odoo import models


class ResCountryGroup(models.Model):
    _inherit = "res.country.group"

    def write(self, vals):
        """Fiscal positions apply by groups of countries."""
        result = super().write(vals)
        if "country_ids" in vals or "exclude_state_ids" in vals:
            positions_sudo = self.env["account.fiscal.position"].sudo()  # of all companies: the groups are everybody's
            positions_sudo.search([("country_group_id", "in", self.ids)])._telecom_look_again()
        return result
