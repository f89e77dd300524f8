import re

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS
from odoo.addons.telecom_base.tools.roles import COSTS
from odoo.addons.telecom_rating.tools.digits import PREFIX, bare_digits
from odoo.exceptions import ValidationError

EMERGENCY_PREFIX = re.compile(r"[0-9]{1,6}")  # as dialled: emergency numbers have 2 to 6 digits


class TelecomRoute(models.Model):
    """Which trunks are tried for numbers with a prefix, and in which order; the longest prefix decides."""

    _name = "telecom.route"
    _description = "Route"
    _inherit = ["telecom.amount.mixin", "telecom.owner.mixin"]
    _order = "is_emergency, prefix, id"

    active = fields.Boolean(default=True, help="An archived route is not used; a shorter prefix decides then.")
    prefix = fields.Char(
        default="",
        help="First digits of the number, with the country code and without + or 00. Empty: all other numbers."
        " For emergency numbers as they are dialled: 112.",
    )
    rule = fields.Selection(
        [
            ("cost", "Least Cost First"),
            ("priority", "By Priority"),
            ("weight", "Shared by Weight"),
        ],
        string="Order",
        required=True,
        default="cost",
        help="Least cost first: by what the expected call costs at each carrier. By priority: lowest number first, then"
        " cost. Shared by weight: within a priority, calls are shared out in proportion to the weights.",
    )
    expected_s = fields.Integer(
        string="Expected Call (s)",
        default=180,
        required=True,
        help="Carriers are compared by what a call of so many seconds costs, with fees and increments.",
    )
    allow_loss = fields.Boolean(
        default=False, help="Also use carriers that cost more than the call is sold for. Otherwise they are skipped."
    )
    min_margin = fields.Float(
        string="Least Margin (per minute)",
        digits=DIGITS,
        min_display_digits=4,
        default=0.0,
        groups=COSTS,
        help="What the sale must be above the carrier's cost, in the sale's currency.",
    )
    min_margin_percent = fields.Float(
        string="Least Margin (%)",
        digits=DIGITS,
        min_display_digits=2,
        default=0.0,
        groups=COSTS,
        help="What the sale must be above the carrier's cost, in percent of the cost. Both margins are added.",
    )
    is_emergency = fields.Boolean(
        string="Emergency Calls", default=False, help="For emergency numbers: always put through, whatever it costs."
    )
    line_ids = fields.One2many("telecom.route.line", "route_id", string="Trunks", copy=True)
    trunk_names = fields.Char(compute="_compute_trunk_names", string="Trunks Used")

    _prefix_unique = models.UniqueIndex(
        "(COALESCE(prefix, ''), COALESCE(is_emergency, false)) WHERE active",
        "There is an active route for this prefix already. Add the trunks there.",
    )
    _expected_bounds = models.Constraint(
        "CHECK (expected_s BETWEEN 1 AND 14400)", "An expected call lasts 1 second to 4 hours (14,400 s)."
    )
    _margin_bounds = models.Constraint(
        "CHECK (min_margin BETWEEN 0 AND 1000000 AND min_margin_percent BETWEEN 0 AND 100000)",
        "A least margin is from 0 to 1,000,000 per minute, and from 0 to 100,000 percent.",
    )

    @api.depends("prefix", "is_emergency")
    def _compute_display_name(self):
        for route in self:
            if route.is_emergency:
                route.display_name = self.env._("Emergency %s", route.prefix or "").strip()
            else:
                route.display_name = f"+{route.prefix}" if route.prefix else self.env._("All other numbers")

    @api.depends("line_ids.trunk_id.name", "line_ids.priority")
    def _compute_trunk_names(self):
        for route in self:
            names = route.line_ids.sorted("priority").trunk_id.mapped("name")
            route.trunk_names = ", ".join(names) or self.env._("All active trunks")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._bare(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._bare(vals))

    @api.model
    def _bare(self, vals):
        """Return `vals` with the prefix as written digits; 00 and + are taken off unless it is an emergency number."""
        if not vals.get("prefix"):
            return vals
        emergency = vals.get("is_emergency", all(self.mapped("is_emergency")) if self else False)
        prefix = vals["prefix"].strip() if emergency else bare_digits(vals["prefix"])
        return {**vals, "prefix": prefix}

    @api.constrains("prefix", "is_emergency")
    def _check_prefix(self):
        for route in self.filtered("prefix"):
            if not (EMERGENCY_PREFIX if route.is_emergency else PREFIX).fullmatch(route.prefix):
                raise ValidationError(
                    self.env._(
                        "%s cannot be a prefix: give up to 15 digits that begin with the country code, without + or 00;"
                        " for emergency calls up to 6 digits as dialled.",
                        route.prefix,
                    )
                )
