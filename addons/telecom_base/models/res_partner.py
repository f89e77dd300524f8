from odoo import api, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.constrains("company_id")
    def _check_telecom_company(self):
        """A customer stays in the company of its billing accounts, else another tenant would see it."""
        accounts_sudo = self.env["telecom.billing.account"].sudo()  # also accounts that this user may not read
        for partner in self:
            domain = [("partner_id", "=", partner.id), ("company_id", "!=", partner.company_id.id)]
            if accounts_sudo.search_count(domain, limit=1):
                raise ValidationError(
                    self.env._("%s has a billing account: its company stays as it is.", partner.display_name)
                )
