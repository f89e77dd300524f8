from odoo import models

ACCOUNT_SEQUENCE = "telecom.billing.account"


class ResCompany(models.Model):
    _inherit = "res.company"

    # In Odoo no two companies have the same name: whoever makes one would learn that a stranger has that name
    _name_uniq = models.Constraint("CHECK (name <> '')", "Give the company a name.")

    def _telecom_tz(self):
        """Return the company's time zone, or False; a reseller's people may not read their company's contact."""
        return self.sudo().partner_id.tz

    def _telecom_prepare_tenant(self):
        """Give each company the sequence of its account numbers (A100001, A100002 ...) if it has none."""
        sequences_sudo = self.env["ir.sequence"].sudo()  # staff may make a tenant without rights on sequences
        for company in self:
            domain = [("code", "=", ACCOUNT_SEQUENCE), ("company_id", "=", company.id)]
            if not sequences_sudo.search_count(domain, limit=1):
                sequences_sudo.create(
                    {
                        "name": self.env._("Billing accounts of %s", company.name),
                        "code": ACCOUNT_SEQUENCE,
                        "company_id": company.id,
                        "prefix": "A",
                        "number_next": 100001,
                    }
                )

    def _telecom_next_account_number(self):
        """Draw the next account number of this company; numbers are never used twice, gaps are normal."""
        self.ensure_one()
        sequences_sudo = self.env["ir.sequence"].sudo()  # drawing a number needs no rights on the sequence
        return sequences_sudo.with_company(self).next_by_code(ACCOUNT_SEQUENCE)
