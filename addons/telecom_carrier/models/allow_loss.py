"""Where losing money on a call is allowed, besides a route: for an account or a plan that the owner sells to."""

from odoo import fields, models
from odoo.addons.telecom_base.tools.roles import COSTS

HELP = (
    "Also use carriers that cost more than the call is sold for; otherwise they are skipped. It counts where the owner"
    " sells: for its customers and resellers, not for theirs."
)


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    allow_loss = fields.Boolean(default=False, tracking=True, groups=COSTS, help=HELP)


class TelecomRatePlan(models.Model):
    _inherit = "telecom.rate.plan"

    allow_loss = fields.Boolean(default=False, tracking=True, groups=COSTS, help=HELP)
