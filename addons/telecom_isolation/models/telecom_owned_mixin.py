from odoo import api, fields, models


class TelecomOwnedMixin(models.AbstractModel):
    """Rows that always belong to a company.

    Odoo means a row without a company for everybody. Here tenants must not see each other's, so there is none: what is
    made without a company belongs to the company in which it was made.
    """

    _name = "telecom.owned.mixin"
    _description = "Always Owned by a Company"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, "company_id": self._telecom_owner_id(vals)} for vals in vals_list])

    @api.model
    def _telecom_owner_id(self, vals):
        """Return the id of the company that a row with these values belongs to."""
        return vals.get("company_id") or self.env.company.id
