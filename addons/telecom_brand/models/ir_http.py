from odoo import api, models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _authenticate_explicit(cls, auth):
        """A session that was begun at another brand's host is none at this one."""
        uid = request.session.uid
        if uid and not request.env["res.users"].sudo().browse(uid)._telecom_at_home():
            request.session.logout(keep_db=True)
            request.env = api.Environment(request.env.cr, None, request.session.context)
        return super()._authenticate_explicit(auth)

    def session_info(self):
        return {**super().session_info(), "telecom_brand": self._telecom_brand_info()}

    @api.model
    def get_frontend_session_info(self):
        return {**super().get_frontend_session_info(), "telecom_brand": self._telecom_brand_info()}

    @api.model
    def _telecom_brand_info(self):
        look = self.env["telecom.brand"]._telecom_shown()._telecom_look()
        return {"name": look["name"], "logo": look["logo"]}

    def _telecom_office_info(self):
        """The office shows the brand, and lets a reseller's administrator change it."""
        info = super()._telecom_office_info()
        look = self.env["telecom.brand"]._telecom_shown()._telecom_look()
        office = info["office"]
        office.update(brand=look["name"], has_logo=bool(look["logo"]))
        if self.env.user.has_group("telecom_base.group_reseller_admin"):
            section = {"title": self.env._("Brand"), "path": "office-brand", "icon": "fa-paint-brush"}
            office["sections"] = [*office["sections"], section]
        return info
