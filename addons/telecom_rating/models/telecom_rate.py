from datetime import UTC

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS, to_micro
from odoo.exceptions import ValidationError

from telecom_switch_bridge.core.price_walk import Rate, fixed_tariff
from telecom_switch_bridge.core.rating import Rounding, TariffError

from ..tools.plan_prices import FixedPrice, fixed_bands

LONGEST_S = 604_800  # a week: the longest increment, minimum, grace or included time that the switch prices


class TelecomRate(models.Model):
    """Price or mark-up of a destination, or of a whole group, in one plan, from an instant on.

    Of several rates of one destination the one that began last is in force: to change a price at a date, add a rate
    that begins then.
    """

    _name = "telecom.rate"
    _description = "Rate"
    _inherit = ["telecom.amount.mixin", "telecom.price.validity.mixin"]
    _order = "plan_id, destination_id, group_id, valid_from"

    plan_id = fields.Many2one("telecom.rate.plan", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    plan_base = fields.Selection(related="plan_id.base", string="Plan's Prices")
    destination_id = fields.Many2one(
        "telecom.destination", ondelete="restrict", index="btree_not_null", help="What is priced; or choose a group."
    )
    group_id = fields.Many2one(
        "telecom.destination.group",
        string="Destination Group",
        ondelete="restrict",
        index="btree_not_null",
        help="Prices all destinations of the group that have no rate of their own in the plan.",
    )
    method = fields.Selection(
        [("fixed", "Price"), ("percent", "Mark-up in Percent"), ("absolute", "Mark-up per Minute")],
        required=True,
        default="fixed",
        help="Mark-ups are on the provider's prices, in plans that mark them up.",
    )
    percent = fields.Float(
        string="Mark-up (%)",
        digits=DIGITS,
        min_display_digits=2,
        default=0.0,
        help="Percent on top of the provider's connect fee and prices.",
    )
    absolute = fields.Float(
        string="Mark-up (per minute)",
        digits=DIGITS,
        min_display_digits=4,
        default=0.0,
        help="Added to the provider's price per minute; the connect fee stays.",
    )
    connect_fee = fields.Float(
        digits=DIGITS, min_display_digits=4, default=0.0, help="Charged once for each answered call."
    )
    price = fields.Float(string="Price (per minute)", digits=DIGITS, min_display_digits=4, default=0.0)
    first_increment_s = fields.Integer(
        string="First Increment (s)",
        default=1,
        required=True,
        help="The first seconds are charged as a whole: 60 charges a full minute for a call of one second.",
    )
    next_increment_s = fields.Integer(
        string="Next Increments (s)", default=1, required=True, help="After the first one, time is charged in these."
    )
    second_price_from_s = fields.Integer(
        string="Second Price From (s)", default=0, help="Second of the call from which the second price holds. 0: none."
    )
    second_price = fields.Float(string="Second Price (per minute)", digits=DIGITS, min_display_digits=4, default=0.0)
    included_s = fields.Integer(
        string="Included in Connect Fee (s)", default=0, help="First seconds that cost nothing beyond the connect fee."
    )
    min_duration_s = fields.Integer(
        string="Minimum Duration (s)", default=0, help="Shorter answered calls are charged as if they lasted so long."
    )
    min_cost = fields.Float(
        string="Minimum Cost", digits=DIGITS, min_display_digits=4, default=0.0, help="Least cost of an answered call."
    )
    grace_s = fields.Integer(string="Grace (s)", default=0, help="See Grace Rule.")
    grace_mode = fields.Selection(
        [("free_if_not_longer", "Calls up to the grace are free"), ("subtract", "The grace is never charged")],
        string="Grace Rule",
        help="Calls up to the grace are free: longer ones are charged from their first second."
        " Never charged: every call is charged as if it were so much shorter.",
    )
    max_cost_strategy = fields.Selection(
        [("free_after", "Free from there on"), ("disconnect", "The call ends")],
        string="When the Maximum Is Reached",
        help="Empty: no maximum; in a mark-up as in the provider's plan.",
    )
    max_cost = fields.Float(
        string="Maximum Cost",
        digits=DIGITS,
        min_display_digits=4,
        default=0.0,
        help="Most that one call costs. It counts when it is said what happens when it is reached.",
    )
    valid_from = fields.Datetime(help="Empty: since ever.")
    valid_to = fields.Datetime(string="Valid Until", help="The rate ends just before. Empty: until a later one begins.")

    _one_target = models.Constraint(
        "CHECK ((destination_id IS NULL) <> (group_id IS NULL))",
        "A rate prices either one destination or one group: choose one of them.",
    )
    _start_unique = models.UniqueIndex(
        "(plan_id, COALESCE(destination_id, 0), COALESCE(group_id, 0), COALESCE(valid_from, '-infinity'::timestamp))",
        "This plan has a rate for this destination from the same moment. Change that one, or set another start.",
    )
    _amounts_bounds = models.Constraint(
        """CHECK (connect_fee BETWEEN 0 AND 1000000 AND price BETWEEN 0 AND 1000000
            AND second_price BETWEEN 0 AND 1000000 AND min_cost BETWEEN 0 AND 1000000
            AND max_cost BETWEEN 0 AND 1000000
            AND absolute BETWEEN 0 AND 1000000)""",
        "Prices, fees and mark-ups are from 0 to 1,000,000.",
    )
    _percent_bounds = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100000)", "A mark-up is from 0 to 100,000 percent."
    )
    _increments_bounds = models.Constraint(
        f"CHECK (first_increment_s BETWEEN 1 AND {LONGEST_S} AND next_increment_s BETWEEN 1 AND {LONGEST_S})",
        "Increments are from 1 second to one week (604,800 s).",
    )
    _seconds_bounds = models.Constraint(
        f"""CHECK (second_price_from_s BETWEEN 0 AND {LONGEST_S} AND included_s BETWEEN 0 AND {LONGEST_S}
            AND min_duration_s BETWEEN 0 AND {LONGEST_S} AND grace_s BETWEEN 0 AND {LONGEST_S})""",
        "Times are from 0 seconds to one week (604,800 s).",
    )
    _validity_order = models.Constraint("CHECK (valid_from < valid_to)", "A rate must begin before it ends.")

    @api.depends("destination_id.name", "group_id.name")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = rate.destination_id.name or rate.group_id.name or self.env._("New rate")

    @api.onchange("destination_id")
    def _onchange_destination_id(self):
        if self.destination_id:
            self.group_id = False

    @api.onchange("group_id")
    def _onchange_group_id(self):
        if self.group_id:
            self.destination_id = False

    @api.constrains("method", "plan_id")
    def _check_method(self):
        for rate in self:
            if rate.method != "fixed" and rate.plan_id.base != "parent":
                raise ValidationError(
                    self.env._(
                        "%(plan)s has its own prices: give %(destination)s a price instead of a mark-up.",
                        plan=rate.plan_id.name,
                        destination=rate.display_name,
                    )
                )

    @api.constrains("max_cost", "max_cost_strategy", "min_cost")
    def _check_max_cost(self):
        for rate in self:
            if rate.max_cost and not rate.max_cost_strategy:
                raise ValidationError(self.env._("Choose what happens when the maximum cost is reached."))
            if rate.max_cost_strategy and rate.max_cost < rate.min_cost:
                raise ValidationError(self.env._("The maximum cost of a call is less than its minimum cost."))

    @api.constrains("grace_s", "grace_mode")
    def _check_grace(self):
        for rate in self:
            if rate.grace_s and not rate.grace_mode:
                raise ValidationError(self.env._("Choose the grace rule: what the grace seconds mean."))

    @api.constrains(
        "method", "price", "first_increment_s", "next_increment_s", "second_price_from_s", "included_s", "second_price"
    )
    def _check_price(self):
        """Refuse what the switch could not price: it would refuse the calls."""
        self.flush_recordset()  # the database's bounds first: they are said in words of the page
        for rate in self.filtered(lambda rate: rate.method == "fixed"):
            try:
                fixed_tariff(rate._terms(), rate.plan_id.timezone, Rounding())
            except TariffError as error:
                raise ValidationError(
                    self.env._("%(rate)s cannot be priced: %(why)s", rate=rate.display_name, why=str(error))
                ) from error

    def _source(self):
        """Return where a price of this rate comes from, in words."""
        place = self.env._("group %s", self.group_id.name) if self.group_id else self.env._("own rate")
        if self.method == "percent":
            return self.env._("%(place)s: provider's price + %(percent)s %%", place=place, percent=f"{self.percent:g}")
        if self.method == "absolute":
            return self.env._(
                "%(place)s: provider's price + %(absolute)s per minute", place=place, absolute=f"{self.absolute:g}"
            )
        return place

    def _terms(self):
        """Return the rate as the price walk takes it; amounts in 1/1,000,000 unit, instants aware."""
        return Rate(
            rate_id=self._origin.id,
            plan_id=self.plan_id.id,
            destination_id=self.destination_id.id or None,
            group_id=self.group_id.id or None,
            method=self.method,
            percent_micro=to_micro(self.percent),
            absolute_micro=to_micro(self.absolute),
            bands=fixed_bands(self._fixed_price(), *self._hours()) if self.method == "fixed" else (),
            included_s=self.included_s,
            min_duration_s=self.min_duration_s,
            grace_s=self.grace_s,
            grace_mode=self.grace_mode if self.grace_s else None,
            min_cost_micro=to_micro(self.min_cost),
            max_cost_micro=to_micro(self.max_cost) if self.max_cost_strategy else None,
            max_cost_strategy=self.max_cost_strategy or None,
            valid_from=self.valid_from.replace(tzinfo=UTC) if self.valid_from else None,
            valid_to=self.valid_to.replace(tzinfo=UTC) if self.valid_to else None,
        )

    def _fixed_price(self):
        """Return the price that stands in the rate itself."""
        amounts = ("connect_fee", "price", "second_price")
        seconds = ("second_price_from_s", "first_increment_s", "next_increment_s", "included_s")
        return FixedPrice(
            **{f"{name}_micro": to_micro(self[name]) for name in amounts}, **{name: self[name] for name in seconds}
        )
