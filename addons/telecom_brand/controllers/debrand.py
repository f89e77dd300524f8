from odoo import http
from odoo.addons.web.controllers.webmanifest import WebManifest
from odoo.http import request


class BrandManifest(WebManifest):
    """What telephones show of an installed page."""

    def _get_webmanifest(self):
        manifest = super()._get_webmanifest()
        look = request.env["telecom.brand"]._telecom_shown()._telecom_look()
        colour = look["primary_color"]
        icons = [{"src": look["favicon"], "sizes": "any", "type": "image/png"}]
        manifest.update(name=look["name"], background_color=colour, theme_color=colour, icons=icons)
        return manifest

    @http.route()
    def scoped_app_icon_png(self, app_id, add_padding=False):
        return request.redirect("/brand/favicon")
