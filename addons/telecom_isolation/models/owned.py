from odoo import models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "telecom.owned.mixin"]


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
