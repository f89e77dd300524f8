from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        done = super().write(vals)
        if "partner_id" in vals:
            self.filtered(lambda company: company._telecom_is_reseller())._telecom_own_people()
        return done

    def _telecom_is_reseller(self):
        """Return whether it is a reseller's company; every other one is the owner's."""
        return self.id in self.env["telecom.tenant"]._telecom_reseller_company_ids()

    def _telecom_own_ids(self):
        """Return the ids of what rows of these companies may have as company: their own, and False for the owner's."""
        resellers = self.env["telecom.tenant"]._telecom_reseller_company_ids()
        return self.ids + ([False] if set(self.ids) - resellers else [])

    def _telecom_sister_ids(self):
        """Return the ids of all companies of the owner's, if one of these is; else none."""
        resellers = self.env["telecom.tenant"]._telecom_reseller_company_ids()
        if not set(self.ids) - resellers:
            return []
        return self.sudo().with_context(active_test=False).search([("id", "not in", [*resellers])]).ids

    def _telecom_own_people(self):
        """Let the contact of a reseller's company, and those of its log-ins, belong to it, not to whoever made them."""
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False)
        for company_sudo in self.sudo():  # whoever makes companies need not have rights on contacts
            if company_sudo.partner_id.company_id != company_sudo:
                company_sudo.partner_id.company_id = company_sudo
            users_sudo.search([("company_id", "=", company_sudo.id)])._telecom_own_partners()

    def get_next_batch_payment_communication(self):
        """Refuse to draw a number of a company that one does not see: Odoo lets everybody."""
        self.check_access("read")
        return super().get_next_batch_payment_communication()
