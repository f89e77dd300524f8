from odoo import fields, models


class TelecomDestinationGroup(models.Model):
    """Destinations that are priced alike, for example all of Germany. The owner's, shared by all tenants."""

    _name = "telecom.destination.group"
    _description = "Destination Group"
    _order = "name"

    name = fields.Char(required=True)
    destination_ids = fields.One2many("telecom.destination", "group_id", string="Destinations")
    destination_count = fields.Integer(compute="_compute_destination_count", string="Number of Destinations")

    _name_unique = models.Constraint("UNIQUE (name)", "There is a destination group of this name already.")

    def _compute_destination_count(self):
        counts = dict(
            self.env["telecom.destination"]._read_group([("group_id", "in", self.ids)], ["group_id"], ["__count"])
        )
        for group in self:
            group.destination_count = counts.get(group, 0)
