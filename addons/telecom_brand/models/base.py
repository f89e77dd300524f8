from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def get_base_url(self):
        """Lead to the host of the brand whose record it is; without one, to the host that is being visited."""
        brands = self.env["telecom.brand"]
        company = self.env["res.company"]
        if self:
            self.ensure_one()
            company = self if self._name == "res.company" else self._telecom_company()
        brand = brands._telecom_of_company(company) if company else brands._telecom_visited()
        return brand.url or super().get_base_url()
