from markupsafe import Markup
from odoo import api, models
from odoo.http import request

HEADER_PARTS = ("website_sale.header_cart_link",)
"""Templates of Odoo's own header which that of brands has too, where their addon is installed."""


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _prepare_environment(self, values):
        """Give pages the look of the brand, and the way to put its own template around what they contain."""
        done = super()._prepare_environment(values)
        if request and not self.env.context.get("minimal_qcontext") and "telecom_brand" not in values:
            brand = self.env["telecom.brand"]._telecom_shown()
            values["telecom_brand"] = brand._telecom_look()
            values["telecom_header_parts"] = self._telecom_header_parts
            values["telecom_around"] = lambda kind, content: _around(brand, kind, content)
        return done

    @api.model
    def _telecom_header_parts(self):
        """Return the names of what addons that are installed put into the header."""
        return [name for name in HEADER_PARTS if self.env["ir.model.data"]._xmlid_to_res_id(name)]


def _around(brand, kind, content):
    """Return content with the brand's template of that kind of pages around it, or as it is."""
    page = brand._telecom_page(kind) if brand else brand.page_ids
    return page._telecom_around(content) if page else Markup(content)  # noqa: S704 - rendered by QWeb already
