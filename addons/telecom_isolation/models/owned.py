from odoo import api, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "telecom.owned.mixin"]


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        templates = self.env["product.template"]
        return super().create(
            [vals if vals.get("product_tmpl_id") else templates._telecom_owned_vals(vals) for vals in vals_list]
        )

    def _telecom_company(self):
        return self.sudo().product_tmpl_id._telecom_company()

    def _telecom_is_of(self, companies):
        return self.sudo().product_tmpl_id._telecom_is_of(companies)


class ProductPricelist(models.Model):
    _name = "product.pricelist"
    _inherit = ["product.pricelist", "telecom.owned.mixin"]


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "telecom.owned.mixin"]


class AccountAnalyticAccount(models.Model):
    _name = "account.analytic.account"
    _inherit = ["account.analytic.account", "telecom.owned.mixin"]


class DigestDigest(models.Model):
    _name = "digest.digest"
    _inherit = ["digest.digest", "telecom.owned.mixin"]
