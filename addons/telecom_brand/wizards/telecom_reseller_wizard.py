from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..models.telecom_brand import PRIMARY, SECONDARY


class TelecomResellerWizard(models.TransientModel):
    _inherit = "telecom.reseller.wizard"

    brand_name = fields.Char(help="What the reseller's customers read. Empty: the company's name.")
    host_name = fields.Char(
        help="Where the reseller and its customers log in, such as phone.example.com; the invitation leads there."
    )
    logo = fields.Image(max_width=1024, max_height=1024, help="PNG, JPEG or GIF, up to 1 MB.")
    primary_color = fields.Char(string="First Colour", default=PRIMARY, help="Menus and bars.")
    secondary_color = fields.Char(string="Second Colour", default=SECONDARY, help="Buttons and links.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self.env["telecom.brand"]._telecom_tidy(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self.env["telecom.brand"]._telecom_tidy(vals))

    @api.constrains("host_name")
    def _check_host_name(self):
        hosts = self.env["telecom.brand.host"]
        for wizard in self.filtered("host_name"):
            name = hosts._telecom_name(wizard.host_name)
            if hosts.sudo().search_count([("name", "=", name)], limit=1):
                raise ValidationError(self.env._("The host name %s is taken. Choose another one.", name))

    @api.depends("host_name")
    def _compute_summary(self):
        done = super()._compute_summary()
        for wizard in self.filtered("host_name"):
            wizard.summary += ", " + self.env._("its pages at %s", wizard.host_name)
        return done

    def _values(self):
        brand = {
            "name": (self.brand_name or self.name).strip(),
            "primary_color": self.primary_color or PRIMARY,
            "secondary_color": self.secondary_color or SECONDARY,
        }
        if self.logo:
            brand["logo"] = self.logo
        if self.email:
            brand["sender_email"] = self.email
        approved = self.env.user.has_group("telecom_base.group_admin")  # others' host names are looked at first
        return {**super()._values(), "brand": brand, "host_name": self.host_name, "host_approved": approved}
