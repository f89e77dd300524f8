from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.page_check import fill, read_page

KINDS = [
    ("home", "Home page"),
    ("login", "Log-in, passwords"),
    ("portal", "Customers' pages"),
    ("error", "Error pages"),
    ("page", "All other pages"),
]


class TelecomBrandPage(models.Model):
    """A brand's own template of a kind of pages: HTML around `{{content}}`, where what Odoo makes of the page goes."""

    _name = "telecom.brand.page"
    _description = "Page Template"
    _order = "kind"
    _rec_name = "kind"

    brand_id = fields.Many2one("telecom.brand", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="brand_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, string="Pages", required=True)
    body = fields.Text(
        string="HTML",
        required=True,
        help="Headings, texts, lists, tables, links, classes of Bootstrap. {{content}} is the page itself; also"
        " {{name}}, {{footer}}, {{support_email}}, {{support_phone}}. Pictures: /brand/logo or data:image.",
    )

    _kind_unique = models.Constraint("UNIQUE (brand_id, kind)", "There is a template of these pages already.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._telecom_read(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._telecom_read(vals))

    @api.model
    def _telecom_read(self, vals):
        """Return values with the template as it will be served; raise ValidationError naming what it cannot have."""
        if not vals.get("body"):
            return vals
        served, faults = read_page(vals["body"])
        if faults:
            lines = ", ".join(self.env._("%(what)s in line %(line)s", what=what, line=line) for line, what in faults)
            raise ValidationError(self.env._("The page template cannot have: %s. Change it and save again.", lines))
        return {**vals, "body": served}

    def _telecom_around(self, content):
        """Return HTML with the template around it."""
        self.ensure_one()
        look = self.brand_id._telecom_look()
        texts = {name: escape(look[name]) for name in ("name", "footer", "support_email", "support_phone")}
        return Markup(fill(self.body, {**texts, "content": content}))  # noqa: S704 - the template was checked when stored
