from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError, ValidationError


class TelecomCarrier(models.Model):
    """A company that carries our calls, and how it makes the cost of a call from its deck."""

    _name = "telecom.carrier"
    _description = "Carrier"
    _inherit = ["mail.thread", "telecom.owner.mixin"]
    _order = "name"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True, help="An archived carrier gets no calls.")
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', 'in', [company_id, False])]",
        help="The contact whose bills are checked against our call records.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        ondelete="restrict",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Currency of the deck. In this version only calls sold in the same currency are sent to the carrier,"
        " unless the route allows a loss.",
    )
    duration_rule = fields.Selection(
        [
            ("up", "Up to the next second"),
            ("nearest", "To the nearest second"),
            ("down", "Down to the last full second"),
        ],
        string="Seconds Are Counted",
        required=True,
        default="up",
        tracking=True,
        help="How the carrier makes whole seconds of the time that a call lasted.",
    )
    rounding_method = fields.Selection(
        [("half_up", "Half Up"), ("up", "Up"), ("down", "Down"), ("none", "Not Rounded (6 decimals)")],
        string="Round Cost of a Call",
        required=True,
        default="half_up",
        tracking=True,
        help="The cost of a whole call is rounded once, as the carrier does on its bill.",
    )
    rounding_decimals = fields.Integer(string="Decimals", default=6, tracking=True, help="Decimals kept, 0 to 6.")
    timezone = fields.Selection(
        _tz_get, string="Time Zone", required=True, default="UTC", help="In which the carrier reads hours and days."
    )
    trunk_ids = fields.One2many("telecom.trunk", "carrier_id", string="Trunks")
    trunk_count = fields.Integer(compute="_compute_trunk_count", string="Number of Trunks")
    deck_rate_count = fields.Integer(compute="_compute_deck_rate_count", string="Deck Prices")

    _name_unique = models.Constraint("UNIQUE (company_id, name)", "There is a carrier of this name already.")
    _decimals_bounds = models.Constraint(
        "CHECK (rounding_decimals BETWEEN 0 AND 6)", "The cost of a call is rounded to 0 to 6 decimals."
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for carrier in self:
            carrier.currency_id = carrier.company_id.currency_id

    @api.depends("trunk_ids")
    def _compute_trunk_count(self):
        for carrier in self:
            carrier.trunk_count = len(carrier.trunk_ids)

    def _compute_deck_rate_count(self):
        decks = self.env["telecom.deck.rate"].sudo()  # who may not see the prices may know that there are some
        counts = dict(decks._read_group([("carrier_id", "in", self.ids)], ["carrier_id"], ["__count"]))
        for carrier in self:
            carrier.deck_rate_count = counts.get(carrier, 0)

    def write(self, vals):
        if "currency_id" in vals and any(
            carrier.currency_id.id != vals["currency_id"] and carrier._has_deck() for carrier in self
        ):
            raise UserError(
                self.env._("The deck is in the carrier's currency: delete its prices first, or make another carrier.")
            )
        return super().write(vals)

    def _has_deck(self):
        """Return whether the carrier has any price, also past ones."""
        return bool(self.env["telecom.deck.rate"].search_count([("carrier_id", "=", self.id)], limit=1))

    @api.constrains("partner_id", "company_id")
    def _check_supplier_company(self):
        for carrier in self.filtered("partner_id"):
            supplier = carrier.partner_id.sudo()  # a contact that the user may not read is refused by its company
            if supplier.company_id and supplier.company_id != carrier.company_id:
                raise ValidationError(
                    self.env._(
                        "The supplier of %(carrier)s must be a contact of %(owner)s. Choose another contact.",
                        carrier=carrier.name,
                        owner=carrier.company_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for carrier in self:
            if carrier.with_context(active_test=False).trunk_ids or carrier._has_deck():
                raise UserError(self.env._("%s has trunks or deck prices. Archive it instead.", carrier.name))

    def action_open_deck(self):
        """Open what the carrier charges."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_carrier.action_deck_rate")
        return {
            **action,
            "name": self.env._("Deck of %s", self.name),
            "display_name": self.env._("Deck of %s", self.name),
            "domain": [("carrier_id", "=", self.id)],
            "context": {"default_carrier_id": self.id, "search_default_in_force": 1},
        }
