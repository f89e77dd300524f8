from odoo import http
from odoo.addons.web.controllers.binary import Binary
from odoo.addons.website.controllers.main import Website
from odoo.http import request
from odoo.tools.misc import file_open

from ..tools.picture import mimetype

KEPT_S = 30 * 24 * 3600  # addresses on pages carry a mark that changes with the content
NEUTRAL_ICON = "telecom_brand/static/img/neutral.png"


class BrandParts(http.Controller):
    """What pages and e-mails of a brand load. Whose it is, the host says, or who has logged in; never an argument."""

    @http.route("/brand/style.css", type="http", auth="public", methods=["GET"], readonly=True)
    def style(self, **_version):
        """The brand's colours and its own style."""
        return _kept(_brand()._telecom_style(), "text/css; charset=utf-8")

    @http.route("/brand/logo", type="http", auth="public", methods=["GET"], readonly=True)
    def logo(self, **_version):
        """The brand's logo; nothing when it has none."""
        return _picture("logo")

    @http.route("/brand/favicon", type="http", auth="public", methods=["GET"], readonly=True)
    def favicon(self, **_version):
        """The brand's icon, or a neutral one."""
        return _picture("favicon")


class BrandBinary(Binary):
    @http.route(auth="public", cors=None)
    def company_logo(self, **_company):
        """The brand's logo: Odoo gives that of any company to whoever names its number."""
        return _picture("logo")


class BrandSite(Website):
    @http.route()
    def favicon(self, **_kw):
        return _picture("favicon")

    @http.route()
    def website_info(self, **_kw):
        """Nobody is told what software this is, and what is installed."""
        raise request.not_found()


def _brand():
    return request.env["telecom.brand"]._telecom_shown()


def _picture(name):
    if content := _brand()._telecom_picture(name):
        return _kept(content, mimetype(content))
    if name == "logo":
        raise request.not_found()
    with file_open(NEUTRAL_ICON, "rb") as file:
        return _kept(file.read(), "image/png")


def _kept(content, kind):
    """Answer with something that this visitor's browser may keep, and nobody's between."""
    kept = KEPT_S if request.httprequest.query_string else 60
    headers = [("Content-Type", kind), ("Cache-Control", f"private, max-age={kept}"), ("Vary", "Cookie")]
    return request.make_response(content, headers)
