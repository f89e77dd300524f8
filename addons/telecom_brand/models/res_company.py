from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        """A brand that is called like its company goes on to be called like it."""
        followers = self.env["telecom.brand"].sudo().browse()
        if "name" in vals:
            brands_sudo = followers.search([("company_id", "in", self.ids)])
            followers = brands_sudo.filtered(lambda brand: brand.name == brand.company_id.name)
        done = super().write(vals)
        for brand_sudo in followers:
            brand_sudo.name = brand_sudo.company_id.name
        return done
