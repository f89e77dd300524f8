from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TelecomOwnerMixin(models.AbstractModel):
    """Things of the owner of the system only: resellers buy their calls from their provider, not from carriers."""

    _name = "telecom.owner.mixin"
    _description = "Belongs to the Owner"

    company_id = fields.Many2one(
        "res.company",
        string="Owner",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_company_id(),
        help="The owner of the system, for whom the switch makes all calls.",
    )

    @api.model
    def _default_company_id(self):
        return self._owner_tenant_sudo().company_id.id

    @api.model
    def _owner_tenant_sudo(self):
        """Return the root of the tenant tree; who runs the system is known to its staff."""
        return self.env["telecom.tenant"].sudo().search([("parent_id", "=", False)], limit=1)

    @api.constrains("company_id")
    def _check_owner(self):
        owner = self._owner_tenant_sudo().company_id
        for record in self:
            if record.company_id != owner:
                raise ValidationError(
                    self.env._("Carriers and routes belong to %s: the switch makes all calls for it.", owner.name)
                )
