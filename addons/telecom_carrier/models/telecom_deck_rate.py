from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS
from odoo.addons.telecom_base.tools.sql import run_sql_files
from odoo.addons.telecom_rating.tools.digits import PREFIX, bare_digits, leading_parts
from odoo.exceptions import ValidationError

LONGEST_S = 604_800  # a week, as the table has it
HIGHEST = 1_000_000
AMOUNTS = ("connect_fee", "price")
START_KEY = ("carrier_id", "direction", "prefix", "valid_from")
OUTBOUND = "outbound"
INCREMENTS = ("first_increment_s", "next_increment_s", "price_unit_s")


class TelecomDeckRate(models.Model):
    """What a carrier charges or pays us for numbers that begin with a prefix. A page over `telecom_deck_rate`."""

    _name = "telecom.deck.rate"
    _description = "Deck Price"
    _inherit = ["telecom.amount.mixin", "telecom.price.validity.mixin"]
    _auto = False
    _table = "telecom_deck_rate_page"
    _log_access = False
    _order = "carrier_id, prefix, valid_from"
    _rec_name = "prefix"

    carrier_id = fields.Many2one("telecom.carrier", required=True)
    company_id = fields.Many2one(related="carrier_id.company_id")
    currency_id = fields.Many2one(related="carrier_id.currency_id")
    direction = fields.Selection(
        [(OUTBOUND, "We Pay (calls out)"), ("inbound", "Carrier Pays (calls in)")],
        required=True,
        default=OUTBOUND,
        help="Calls out: what we pay for a number in the world. Calls in: what the carrier pays us for calls that it"
        " brings for a number of ours.",
    )
    prefix = fields.Char(
        required=True,
        help="First digits of the number, with the country code and without + or 00. The longest one decides.",
    )
    connect_fee = fields.Float(
        digits=DIGITS, min_display_digits=4, default=0.0, help="Charged once for each answered call."
    )
    price = fields.Float(
        string="Price (per minute)",
        digits=DIGITS,
        min_display_digits=4,
        required=True,
        help="For each price unit, a minute unless Price Unit says otherwise.",
    )
    price_unit_s = fields.Integer(string="Price Unit (s)", default=60, required=True)
    first_increment_s = fields.Integer(string="First Increment (s)", default=1, required=True)
    next_increment_s = fields.Integer(string="Next Increments (s)", default=1, required=True)
    included_s = fields.Integer(
        string="Included in Connect Fee (s)", default=0, help="First seconds that cost nothing beyond the connect fee."
    )
    valid_from = fields.Datetime(help="Empty: since ever. Of several prices of a prefix the one that began last holds.")
    valid_to = fields.Datetime(string="Valid Until", help="Empty: until a later one begins.")
    number = fields.Char(
        compute="_compute_number",
        search="_search_number",
        help="Finds the prices that a number could have: all prefixes that it begins with.",
    )

    def init(self):
        run_sql_files(self.env.cr, "telecom_carrier", "10_deck.sql", "20_deck_page.sql")

    def _compute_number(self):
        """Only searched for."""
        self.number = False

    @api.model
    def _search_number(self, operator, value):
        if operator not in ("=", "ilike", "like", "in"):
            return NotImplemented
        texts = value if operator == "in" else [value]
        return [("prefix", "in", [part for text in texts for part in leading_parts(bare_digits(text))])]

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._bare(vals) for vals in vals_list]
        for vals in vals_list:
            self.new(vals)._check_values()  # the table would refuse it first, in its own words
        self._refuse_twins([self._start_of(vals) for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        vals = self._bare(vals)
        if set(START_KEY) & set(vals):
            old = [
                {
                    "carrier_id": rate.carrier_id.id,
                    "direction": rate.direction,
                    "prefix": rate.prefix,
                    "valid_from": rate.valid_from,
                }
                for rate in self
            ]
            self._refuse_twins([self._start_of({**values, **vals}) for values in old])
        return super().write(vals)

    @api.model
    def _bare(self, vals):
        """Return `vals` with the prefix as bare digits."""
        return {**vals, "prefix": bare_digits(vals["prefix"])} if vals.get("prefix") else vals

    @api.model
    def _start_of(self, vals):
        """Return what is unique of a price: carrier, direction, prefix and start."""
        start = fields.Datetime.to_datetime(vals.get("valid_from")) or False
        return vals.get("carrier_id"), vals.get("direction") or OUTBOUND, vals.get("prefix"), start

    def _refuse_twins(self, starts):
        """Raise ValidationError when two prices of a prefix would begin at the same moment; `self` is being changed."""
        domain = [
            ("carrier_id", "in", list({key[0] for key in starts})),
            ("prefix", "in", [key[2] for key in starts]),
            ("id", "not in", self.ids),
        ]
        taken = {(rate.carrier_id.id, rate.direction, rate.prefix, rate.valid_from) for rate in self.search(domain)}
        for key in starts:
            if key in taken:
                raise ValidationError(
                    self.env._(
                        "%(carrier)s has a price for %(prefix)s from the same moment. Change that one, or set another"
                        " start.",
                        carrier=self.env["telecom.carrier"].browse(key[0]).name,
                        prefix=key[2],
                    )
                )
            taken.add(key)

    @api.constrains("prefix", *AMOUNTS, *INCREMENTS, "included_s", "valid_from", "valid_to")
    def _check_values(self):
        """Say in words what the table would refuse."""
        for rate in self:
            if not PREFIX.fullmatch(rate.prefix or ""):
                raise ValidationError(
                    self.env._(
                        "%s cannot be a prefix: give 1 to 15 digits that begin with the country code, without + or 00.",
                        rate.prefix,
                    )
                )
            if not all(0 <= rate[name] <= HIGHEST for name in AMOUNTS):
                raise ValidationError(self.env._("Prefix %s: prices and fees are from 0 to 1,000,000.", rate.prefix))
            if not all(1 <= rate[name] <= LONGEST_S for name in INCREMENTS):
                raise ValidationError(
                    self.env._("Prefix %s: increments are from 1 second to one week (604,800 s).", rate.prefix)
                )
            if not 0 <= rate.included_s <= LONGEST_S:
                raise ValidationError(
                    self.env._("Prefix %s: included seconds are from 0 to one week (604,800 s).", rate.prefix)
                )
            if rate.valid_from and rate.valid_to and rate.valid_from >= rate.valid_to:
                raise ValidationError(self.env._("Prefix %s: a price must begin before it ends.", rate.prefix))
