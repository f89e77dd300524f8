from odoo import api, models


class TelecomOwnedMixin(models.AbstractModel):
    """Rows that in Odoo may belong to no company, which there means: to all of them.

    Here they are common to the owner's companies only. In a reseller's company there is none: what is made there
    without a company belongs to it.
    """

    _name = "telecom.owned.mixin"
    _description = "Owned by a Company, or Common to the Owner's"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "company_id" in fields and not values.get("company_id") and self.env.company._telecom_is_reseller():
            values["company_id"] = self.env.company.id
        return values

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._telecom_owned_vals(vals) for vals in vals_list])

    @api.model
    def _telecom_owned_vals(self, vals):
        """Return values of a new row with the company that it belongs to."""
        if vals.get("company_id") or not self.env.company._telecom_is_reseller():
            return vals
        return {**vals, "company_id": self.env.company.id}

    def _telecom_company(self):
        """Return the company whose row it is; for what is common to the owner's companies, the first of them."""
        company = super()._telecom_company()
        return self.env["telecom.tenant"]._telecom_owner_company() if self and not company else company

    def _telecom_is_of(self, companies):
        return self.sudo().company_id.id in companies._telecom_own_ids()
