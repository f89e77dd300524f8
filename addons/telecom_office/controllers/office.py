from odoo import http
from odoo.http import request

from ..sections import sections_of


class TelecomOffice(http.Controller):
    """The embedded web client for resellers' and customers' people, who are no internal users."""

    @http.route(["/office", "/office/<path:subpath>"], type="http", auth="user", methods=["GET"])
    def office(self, subpath=None):
        """Show the office; who has no section of it goes where they belong."""
        user = request.env.user
        if user._is_internal():
            return request.redirect("/odoo")
        if not sections_of(user):
            return request.redirect("/my")
        values = {
            "session_info": request.env["ir.http"]._telecom_office_info(),
            "brand": user.company_id.name,
        }
        answer = request.render("telecom_office.office_page", values)
        answer.headers["Cache-Control"] = "no-store"
        return answer
