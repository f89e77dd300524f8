from odoo import api, fields, models
from odoo.addons.telecom_base.tools.roles import RESELLERS
from odoo.exceptions import ValidationError


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    service_class_id = fields.Many2one(
        "telecom.service.class",
        string="Class of Service",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        groups=f"telecom_base.group_staff,{RESELLERS}",  # what a provider bars is its own business
        domain="[('company_id', '=', company_id), ('account_id', '=', False)]",
        help="Which numbers this customer, and everybody below a reseller, may call. The customer can only bar more."
        " Empty: the provider's class for all others, if there is one. Emergency calls always go through.",
    )

    @api.constrains("service_class_id", "company_id")
    def _check_service_class(self):
        """Refuse a class of another tenant, and one that a customer could change."""
        for account in self:
            # sudo: a class of another tenant is not to be read, only refused
            one = account.sudo().service_class_id
            if one and (one.company_id != account.company_id or one.account_id):
                raise ValidationError(
                    self.env._(
                        "Account %s needs a class of service of its provider, not one of a customer's own or of"
                        " another provider.",
                        account.number,
                    )
                )
