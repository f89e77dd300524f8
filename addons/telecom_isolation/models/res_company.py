from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._telecom_own_partner()
        return companies

    def write(self, vals):
        done = super().write(vals)
        if "partner_id" in vals:
            self._telecom_own_partner()
        return done

    def _telecom_own_partner(self):
        """Let a company's contact belong to the company itself, not to whoever made it."""
        for company_sudo in self.sudo():  # whoever makes companies need not have rights on contacts
            if company_sudo.partner_id.company_id != company_sudo:
                company_sudo.partner_id.company_id = company_sudo

    def get_next_batch_payment_communication(self):
        """Refuse to draw a number of a company that one does not see: Odoo lets everybody."""
        self.check_access("read")
        return super().get_next_batch_payment_communication()
