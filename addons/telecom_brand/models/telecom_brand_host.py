from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..tools.host_name import host_name


class TelecomBrandHost(models.Model):
    """A host name of a brand. It works once the owner's staff has let it in: the certificate is theirs to issue."""

    _name = "telecom.brand.host"
    _description = "Host Name"
    _order = "sequence, id"

    brand_id = fields.Many2one("telecom.brand", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="brand_id.company_id", store=True, index=True)
    name = fields.Char(string="Host Name", required=True, help="As in a browser's address, such as phone.example.com.")
    sequence = fields.Integer(default=10, help="E-mails lead to the first one in use.")
    state = fields.Selection(
        [("waiting", "Waits for Approval"), ("active", "In Use")],
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        help="A new name is looked at first: whose it is, and whether it leads here.",
    )

    _name_unique = models.Constraint("UNIQUE (name)", "This host name is taken. Choose another one.")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self._telecom_name(vals.get("name"))
            if not self.env.su:
                vals["state"] = "waiting"  # whatever a client sends
        hosts = super().create(vals_list)
        self._telecom_changed(hosts.brand_id)
        return hosts

    def write(self, vals):
        if not self.env.su and {"state", "brand_id"} & vals.keys():
            raise AccessError(self.env._("A host name is let in by the button Approve."))
        if "name" in vals:
            vals = {**vals, "name": self._telecom_name(vals["name"]), **({} if self.env.su else {"state": "waiting"})}
        done = super().write(vals)
        self._telecom_changed(self.brand_id)
        return done

    def unlink(self):
        brands = self.brand_id
        done = super().unlink()
        self._telecom_changed(brands)
        return done

    @api.model
    def _telecom_name(self, typed):
        try:
            return host_name(typed)
        except ValueError as fault:
            raise ValidationError(
                self.env._(
                    "%(typed)s is no host name: %(fault)s. Write it as phone.example.com.",
                    typed=typed or '""',
                    fault=fault,
                )
            ) from None

    @api.model
    def _telecom_changed(self, brands):
        self.env.registry.clear_cache()  # hosts of all brands are remembered
        brands.invalidate_recordset(["url"])
        brands._telecom_open_hosts()

    def action_approve(self):
        """Let host names in: from now on they show the brand."""
        if not self.env.user.has_group("telecom_base.group_admin"):
            raise AccessError(self.env._("Your provider approves host names."))
        self.check_access("write")
        self.sudo().write({"state": "active"})
