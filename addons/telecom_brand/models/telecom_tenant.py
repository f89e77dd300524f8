from odoo import api, models


class TelecomTenant(models.Model):
    _inherit = "telecom.tenant"

    @api.model_create_multi
    def create(self, vals_list):
        tenants = super().create(vals_list)
        tenants._telecom_make_brands()
        return tenants

    def _telecom_make_brands(self):
        """Give each tenant a brand in its company's name, unless it has one."""
        brands_sudo = self.env["telecom.brand"].sudo()
        for company in self.company_id:
            if not brands_sudo._telecom_of_company(company):
                logo = False if company.uses_default_logo else company.logo
                brands_sudo.create({"company_id": company.id, "name": company.name, "logo": logo})

    @api.model
    def _open_reseller(self, provider, values):
        """Give the reseller its brand (`values["brand"]`) and host (`host_name`) before anybody is invited to it."""
        invited = {**values, "admin_email": ""}
        tenant = super()._open_reseller(provider, invited)
        brand = self.env["telecom.brand"]._telecom_of_company(tenant.company_id)
        brand.write(values.get("brand") or {})
        if values.get("host_name"):
            state = "active" if values.get("host_approved") else "waiting"
            self.env["telecom.brand.host"].create({"brand_id": brand.id, "name": values["host_name"], "state": state})
        if values.get("admin_email"):
            tenant._invite_administrator(values["admin_name"] or values["name"], values["admin_email"])
        return tenant
