from odoo import fields, models


class TelecomRoute(models.Model):
    _inherit = "telecom.route"

    rule = fields.Selection(
        selection_add=[("quality", "Best Quality First")],
        ondelete={"quality": "set default"},
        help="Least cost first: by what the expected call costs at each carrier. By priority: lowest number first, then"
        " cost. Shared by weight: within a priority, calls are shared out in proportion to the weights. Best quality"
        " first: within a priority by quality in steps of 10, then cost.",
    )
    least_quality = fields.Integer(
        default=0,
        help="Trunks whose quality at the destination is below (0 to 100) are tried after all others, whatever the"
        " order says; one call in twenty tries them in their turn, so that they are seen to be good again. 0: none.",
    )

    _least_quality_bounds = models.Constraint(
        "CHECK (least_quality BETWEEN 0 AND 100)", "A least quality is between 0 (none) and 100."
    )
