from odoo import api, models

MATCHING = {
    *("active", "auto_apply", "vat_required", "sequence", "company_id"),
    *("country_id", "country_group_id", "state_ids", "zip_from", "zip_to"),
}
"""Fields that decide to which customers a fiscal position applies."""


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    @api.model_create_multi
    def create(self, vals_list):
        positions = super().create(vals_list)
        positions._telecom_look_again()
        return positions

    def write(self, vals):
        result = super().write(vals)
        if MATCHING & vals.keys():
            self._telecom_look_again()
        return result

    def unlink(self):
        accounts_sudo = self._telecom_accounts_sudo()
        result = super().unlink()
        accounts_sudo._look_for_fiscal_position()
        return result

    def _telecom_look_again(self):
        self._telecom_accounts_sudo()._look_for_fiscal_position()

    def _telecom_accounts_sudo(self):
        """Return the accounts of customers of these companies and their branches, whoever may see them."""
        domain = [("company_id", "child_of", self.company_id.ids)]
        return self.env["telecom.billing.account"].sudo().search(domain)
