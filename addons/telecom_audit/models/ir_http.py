from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _telecom_office_info(self):
        """Add the trail to the office of a reseller's administrator."""
        info = super()._telecom_office_info()
        if self.env.user.has_group("telecom_base.group_reseller_admin"):
            section = {"title": self.env._("Changes"), "path": "office-changes", "icon": "fa-history"}
            info["office"]["sections"].append(section)
        return info
