from odoo import fields, models


class TelecomDestination(models.Model):
    """What was loaded from the numbering plans of the world, so that it is loaded once and the owner's changes stay."""

    _inherit = "telecom.destination"

    world_key = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Which destination of the world's numbering plans this is; it may be renamed and changed freely.",
    )
    world_prefixes = fields.Text(
        readonly=True, copy=False, help="Prefixes that were loaded: those that were deleted since do not come back."
    )

    _world_key_unique = models.Constraint(
        "UNIQUE (world_key)", "This destination of the world's numbering plans is there already."
    )
