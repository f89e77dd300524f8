from odoo import fields, models


class TelecomRatePlan(models.Model):
    _inherit = "telecom.rate.plan"

    allowance_ids = fields.One2many(
        "telecom.allowance",
        "plan_id",
        string="Included Minutes",
        copy=True,
        help="What each account of this plan may call every month before its calls have the price of the plan.",
    )
