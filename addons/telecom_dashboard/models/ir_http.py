from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _telecom_office_info(self):
        """Put the dashboard first in the menu of the office; it is for everybody who has an office."""
        info = super()._telecom_office_info()
        entry = {"title": self.env._("Dashboard"), "path": "office-dashboard", "icon": "fa-tachometer"}
        info["office"]["sections"].insert(0, entry)
        return info
