from odoo import fields, models


class TelecomCarrier(models.Model):
    _inherit = "telecom.carrier"

    statement_layout = fields.Json(
        copy=False,
        groups="telecom_base.group_costs",
        help="How the carrier's last record file was read: meanings by header, zone, encoding.",
    )
    statement_ids = fields.One2many(
        "telecom.carrier.statement", "carrier_id", string="Record Files", groups="telecom_base.group_costs"
    )
