from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TelecomCarrierBlock(models.Model):
    """A carrier gets no calls to a destination or group, on whatever route."""

    _name = "telecom.carrier.block"
    _description = "Carrier Block"
    _inherit = ["mail.thread"]
    _order = "carrier_id, destination_id, group_id, id"
    _rec_name = "carrier_id"

    active = fields.Boolean(default=True, tracking=True, help="An archived block does not count.")
    carrier_id = fields.Many2one(
        "telecom.carrier", required=True, ondelete="cascade", index=True, tracking=True, help="Gets no such calls."
    )
    company_id = fields.Many2one(related="carrier_id.company_id", store=True, index=True)
    destination_id = fields.Many2one(
        "telecom.destination",
        ondelete="cascade",
        index="btree_not_null",
        tracking=True,
        help="The one destination; leave it empty for a whole group.",
    )
    group_id = fields.Many2one(
        "telecom.destination.group",
        string="Destination Group",
        ondelete="cascade",
        index="btree_not_null",
        tracking=True,
    )
    reason = fields.Char(tracking=True, help="Why, for colleagues: e.g. false answers, ticket 1234.")

    _place_once = models.UniqueIndex(
        "(carrier_id, COALESCE(destination_id, 0), COALESCE(group_id, 0)) WHERE active",
        "This block is there already.",
    )

    @api.constrains("carrier_id", "destination_id", "group_id")
    def _check_place(self):
        for block in self:
            if bool(block.destination_id) == bool(block.group_id):
                raise ValidationError(
                    self.env._(
                        "Say what %s does not get: a destination, or a destination group. To take all calls from it,"
                        " archive its trunks.",
                        block.carrier_id.name,
                    )
                )
