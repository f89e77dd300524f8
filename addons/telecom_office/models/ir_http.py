from odoo import models

from ..sections import sections_of


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _telecom_office_info(self):
        """Return what the office's page needs to know: the user's own company only, its sections, its brand."""
        user = self.env.user
        company = user.company_id
        info = self.session_info()
        info.update(
            user_companies={
                "current_company": company.id,
                "allowed_companies": {
                    company.id: {
                        "id": company.id,
                        "name": company.name,
                        "sequence": 0,
                        "child_ids": [],
                        "parent_id": False,
                        "currency_id": company.currency_id.id,
                    }
                },
                "disallowed_ancestor_companies": {},
            },
            support_url="",
            office={
                "brand": company.name,
                "has_logo": not company.sudo().uses_default_logo,  # a share user reads few fields of its company
                "person": user.name,
                "sections": sections_of(user),
            },
        )
        info["user_context"]["allowed_company_ids"] = company.ids
        return info
