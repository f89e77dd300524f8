from odoo import fields, models


class TelecomDestinationTag(models.Model):
    """A word on destinations, to find and edit them together. The owner's staff's only."""

    _name = "telecom.destination.tag"
    _description = "Destination Tag"
    _order = "name"

    name = fields.Char(required=True)
    color = fields.Integer(default=0)

    _name_unique = models.Constraint("UNIQUE (name)", "There is a tag of this name already.")
