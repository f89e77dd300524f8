from odoo import fields, models


class TelecomDestinationGroup(models.Model):
    _inherit = "telecom.destination.group"

    in_allowances = fields.Boolean(
        string="Counts for Included Minutes",
        help="New included minutes begin with the groups that are marked here; each decides for itself afterwards.",
    )
