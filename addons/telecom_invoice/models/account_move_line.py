from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    telecom_call_count = fields.Integer(
        string="Calls",
        copy=False,
        readonly=True,
        aggregator=None,
        help="Calls that this line is for. Zero: it is no line of calls.",
    )
