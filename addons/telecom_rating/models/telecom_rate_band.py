from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS, as_typed, to_micro
from odoo.exceptions import ValidationError

from telecom_switch_bridge.core.price_walk import fixed_tariff
from telecom_switch_bridge.core.rating import Rounding

from ..tools.plan_prices import BandPrice
from ..tools.week import draw_week

AMOUNTS = ("connect_fee", "price", "second_price")
INCREMENTS = ("first_increment_s", "next_increment_s")


class TelecomRateBand(models.Model):
    """What a rate costs in one band; at all other times it costs what stands in the rate itself."""

    _name = "telecom.rate.band"
    _description = "Price in a Band"
    _inherit = ["telecom.amount.mixin"]
    _order = "rate_id, band_id"
    _rec_name = "band_id"

    rate_id = fields.Many2one("telecom.rate", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rate_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="rate_id.currency_id")
    band_set_id = fields.Many2one(related="rate_id.band_set_id")
    band_id = fields.Many2one(
        "telecom.band", required=True, index=True, ondelete="restrict", domain="[('set_id', '=', band_set_id)]"
    )
    connect_fee = fields.Float(
        digits=DIGITS, min_display_digits=4, default=0.0, help="Charged once for calls that are answered in the band."
    )
    price = fields.Float(string="Price (per minute)", digits=DIGITS, min_display_digits=4, default=0.0)
    first_increment_s = fields.Integer(string="First Increment (s)", default=1, required=True)
    next_increment_s = fields.Integer(string="Next Increments (s)", default=1, required=True)
    second_price = fields.Float(
        string="Second Price (per minute)",
        digits=DIGITS,
        min_display_digits=4,
        default=0.0,
        help="From the second of the call that stands in the rate.",
    )

    _band_unique = models.Constraint("UNIQUE (rate_id, band_id)", "This rate has a price in this band already.")
    _amounts_bounds = models.Constraint(
        """CHECK (connect_fee BETWEEN 0 AND 1000000 AND price BETWEEN 0 AND 1000000
            AND second_price BETWEEN 0 AND 1000000)""",
        "Prices and fees are from 0 to 1,000,000.",
    )
    _increments_bounds = models.Constraint(
        "CHECK (first_increment_s BETWEEN 1 AND 604800 AND next_increment_s BETWEEN 1 AND 604800)",
        "Increments are from 1 second to one week (604,800 s).",
    )

    @api.constrains("rate_id", "band_id", *INCREMENTS, *AMOUNTS)
    def _check_band(self):
        """Refuse a band of other hours than the rate's, and what the switch could not price."""
        self.flush_recordset()
        self.rate_id._check_band_prices()
        self.rate_id._check_price()

    def _price(self):
        """Return the price as a plain value."""
        return BandPrice(
            **{f"{name}_micro": to_micro(self[name]) for name in AMOUNTS}, **{name: self[name] for name in INCREMENTS}
        )


class TelecomRate(models.Model):
    """Prices of a rate by time: hours of a band set, and a price in each of its bands that has another one."""

    _inherit = "telecom.rate"

    band_set_id = fields.Many2one(
        "telecom.band.set",
        string="Hours",
        compute="_compute_band_set_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', '=', company_id)]",
        help="By which hours the price differs; at first those of the plan.",
    )
    band_price_ids = fields.One2many("telecom.rate.band", "rate_id", string="Prices by Time", copy=True)
    by_time = fields.Char(compute="_compute_by_time", string="Other Prices by Time")
    week = fields.Html(compute="_compute_week", sanitize=False, string="This Week")  # own template

    @api.depends("plan_id.band_set_id")
    def _compute_band_set_id(self):
        """Follow the plan until the rate has prices by time."""
        for rate in self:
            if not rate.band_price_ids or not rate.band_set_id:
                rate.band_set_id = rate.plan_id.band_set_id

    @api.depends("band_price_ids.price", "band_price_ids.band_id.name")
    def _compute_by_time(self):
        for rate in self:
            rate.by_time = ", ".join(f"{one.band_id.name} {as_typed(one.price)}" for one in rate.band_price_ids)

    @api.depends("band_price_ids", "band_set_id", "price", "connect_fee", "method")
    def _compute_week(self):
        for rate in self:
            rate.week = False
            if rate.method == "fixed" and rate.band_price_ids and rate.plan_id:
                tariff = fixed_tariff(rate._terms(), rate.plan_id.timezone, Rounding())
                rate.week = draw_week(self.env, tariff, with_prices=True)

    @api.constrains("method", "band_set_id", "plan_id")
    def _check_band_prices(self):
        """Hours are the same provider's; a mark-up has the hours of what it marks up."""
        for rate in self:
            if rate.band_set_id and rate.band_set_id.company_id != rate.plan_id.company_id:
                raise ValidationError(
                    self.env._("The hours of %s must be a band set of the plan's provider.", rate.display_name)
                )
            if rate.band_price_ids and rate.method != "fixed":
                raise ValidationError(
                    self.env._(
                        "%s is a mark-up and follows the hours of the provider's price: delete its prices by time, or"
                        " give it a price.",
                        rate.display_name,
                    )
                )
            for one in rate.band_price_ids:
                if one.band_id.set_id == rate.band_set_id:
                    continue
                raise ValidationError(
                    self.env._(
                        "%(rate)s: its price in %(band)s is not in its hours (%(hours)s). Choose one of their bands, or"
                        " delete that price first.",
                        rate=rate.display_name,
                        band=one.band_id.name,
                        hours=rate.band_set_id.name or self.env._("none yet"),
                    )
                )

    def _hours(self):
        """Return the hours of the rate and its prices in them, as plain values; nothing for one price at all times."""
        prices = {one.band_id._origin.id: one._price() for one in self.band_price_ids if one.band_id}
        return (self.band_set_id._band_hours() if prices else []), prices
