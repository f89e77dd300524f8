from odoo import api, models


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _eval_context(self):
        """Let record rules name companies by what the user is to them.

        `own_company_ids`: the chosen ones, for people of the owner's also False, the rows without a company;
        `sister_company_ids`: for internal users of one of the owner's companies, all of these.
        """
        companies = self.env.companies
        names = {
            "own_company_ids": companies._telecom_own_ids(),
            "sister_company_ids": [] if self.env.user.share else companies._telecom_sister_ids(),
        }
        return {**super()._eval_context(), **names}
