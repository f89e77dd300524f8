from odoo import http
from odoo.addons.website.controllers.main import Website
from odoo.http import request

from ..models.website import HOME


class BrandHome(Website):
    @http.route()
    def index(self, **kw):
        """Show the brand's own home page; else lead to the log-in, unless somebody has built a home page here."""
        if request.env["telecom.brand"]._telecom_visited()._telecom_page("home"):
            return request.render("telecom_brand.home")
        if request.website.sudo().homepage_url == HOME:
            return request.redirect("/web/login" if request.env.user._is_public() else HOME)
        return super().index(**kw)
