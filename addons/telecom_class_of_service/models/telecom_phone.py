from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TelecomPhone(models.Model):
    _inherit = "telecom.phone"

    service_class_id = fields.Many2one(
        "telecom.service.class",
        string="Class of Service",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('account_id', '=', account_id)]",
        help="Which numbers outside this telephone may call, also where it forwards to. Empty: the account's class for"
        " all others, if there is one. What the provider bars stays barred. Emergency calls always go through.",
    )

    @api.constrains("service_class_id", "account_id")
    def _check_service_class(self):
        for phone in self:
            if phone.service_class_id and phone.sudo().service_class_id.account_id != phone.account_id:
                raise ValidationError(
                    self.env._("Telephone %s needs a class of service of its own account.", phone.extension)
                )
