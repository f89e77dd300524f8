from odoo import api, models, tools


class TelecomTenant(models.Model):
    _inherit = "telecom.tenant"

    @api.model_create_multi
    def create(self, vals_list):
        tenants = super().create(vals_list)
        self.env.registry.clear_cache()  # whose rows without a company are depends on it
        tenants.filtered("parent_id").company_id._telecom_own_people()
        return tenants

    def unlink(self):
        done = super().unlink()
        self.env.registry.clear_cache()
        return done

    @api.model
    @tools.ormcache()
    def _telecom_reseller_company_ids(self):
        """Return the ids of all resellers' companies; every other company is the owner's."""
        return frozenset(self.sudo().search([("parent_id", "!=", False)]).company_id.ids)

    @api.model
    def _telecom_owner_company(self):
        """Return the company of the owner of the system, with raised rights."""
        return self.sudo().search([("parent_id", "=", False)], limit=1).company_id
