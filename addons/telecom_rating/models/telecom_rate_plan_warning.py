from odoo import api, fields, models

WARNING_SIDES = [
    ("caller", "Caller"),
    ("called", "Called Party"),
    ("both", "Caller and Called Party"),
    ("nobody", "Nobody"),
]


class TelecomRatePlan(models.Model):
    """Who is told that a call is about to be cut off, and how long before: the plan of the customer decides."""

    _inherit = "telecom.rate.plan"

    warning_side = fields.Selection(
        WARNING_SIDES,
        string="Warn Before Cut-off",
        compute="_compute_warning_side",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Who hears that the call will end soon, when the credit of an account that pays for it is used up or the"
        " longest call is reached. The sentence does not say why or whose credit it is. Empty: all three settings are"
        " those of the provider's plan.",
    )
    warning_first_s = fields.Integer(
        string="First Warning",
        default=60,
        tracking=True,
        help="Seconds before the end, 5 to 3600; 0: none. The price of this time is set aside while a call goes on, so"
        " a long one ties up credit.",
    )
    warning_second_s = fields.Integer(
        string="Second Warning",
        default=0,
        tracking=True,
        help="Seconds before the end, 5 to 3600, and less than those of the first; 0: none.",
    )

    _warning_complete = models.Constraint(
        "CHECK (base <> 'explicit' OR warning_side IS NOT NULL)",
        "A plan with own prices must say who is warned before a call is cut off; choose Nobody for no warning.",
    )
    _warning_bounds = models.Constraint(
        "CHECK ((warning_first_s = 0 OR warning_first_s BETWEEN 5 AND 3600)"
        " AND (warning_second_s = 0 OR warning_second_s BETWEEN 5 AND 3600))",
        "A warning comes 5 to 3600 seconds before the end of a call, or never: then write 0.",
    )
    _warning_order = models.Constraint(
        "CHECK (warning_second_s = 0 OR warning_second_s < warning_first_s)",
        "The second warning comes after the first one: its seconds before the end must be fewer.",
    )

    @api.depends("base")
    def _compute_warning_side(self):
        """A plan with own prices warns the caller unless it says otherwise; a mark-up does as the provider's plan."""
        for plan in self:
            plan.warning_side = (plan.warning_side or "caller") if plan.base == "explicit" else False
