from datetime import UTC

import phonenumbers
from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import as_typed, from_micro

from telecom_switch_bridge.core.numbers import Refusal
from telecom_switch_bridge.core.price_walk import walk_prices
from telecom_switch_bridge.core.rating import TariffError

from ..tools.digits import leading_parts
from ..tools.week import price_by_time

MOST_PLANS = 100


class TelecomNumberTest(models.TransientModel):
    """Where does a number go, and what does each plan ask for it? Nothing is stored."""

    _name = "telecom.number.test"
    _description = "Test of a Number"

    number = fields.Char(help="With + or 00 and the country code, or as dialled in the country of your company.")
    at = fields.Datetime(required=True, default=fields.Datetime.now)
    e164 = fields.Char(string="International Number", compute="_compute_found")
    problem = fields.Char(compute="_compute_found")
    prefix = fields.Char(compute="_compute_found", help="The longest prefix of a destination that the number has.")
    destination_id = fields.Many2one("telecom.destination", compute="_compute_found")
    group_id = fields.Many2one(related="destination_id.group_id", string="Destination Group")
    network_type = fields.Selection(related="destination_id.network_type")
    country_id = fields.Many2one(related="destination_id.country_id")
    numbering_plan = fields.Char(
        compute="_compute_found",
        string="By the World's Numbering Plans",
        help="Country of the code, and whether it is valid.",
    )
    shorter = fields.Char(
        compute="_compute_found", string="Also Inside Of", help="A plan without a price for the first uses these."
    )
    prices = fields.Html(compute="_compute_found", sanitize=False)  # own template

    @api.depends("number")
    def _compute_display_name(self):
        self.display_name = self.env._("Test a Number")

    @api.depends("number", "at")
    def _compute_found(self):
        names = ("e164", "problem", "prefix", "destination_id", "numbering_plan", "shorter", "prices")
        for test in self:
            test.update(dict.fromkeys(names, False))
            if test.number and test.at:
                test.problem = test._find()

    def _find(self):
        """Fill in what is found; return what is wrong with the number, or nothing."""
        asked = {"plan_id": self._any_plan().id, "number": self.number}
        e164 = self.env["telecom.rate.preview"].new(asked)._normalised()
        if isinstance(e164, Refusal):
            return self.env._("%s is not a number that can be called.", self.number)
        self.e164, self.numbering_plan = e164, self._by_numbering_plans(e164)
        destinations = self.env["telecom.destination"]._by_number(e164)
        if not destinations:
            return self.env._("No destination has a prefix of %s: calls to it are refused.", e164)
        self.destination_id = destinations[0]
        held = set(destinations[0].prefix_ids.mapped("prefix"))
        self.prefix = next(part for part in leading_parts(e164) if part in held)
        self.shorter = ", ".join(destinations[1:].mapped("name"))
        self.prices = self.env["ir.qweb"]._render(
            "telecom_rating.number_test_prices", {"rows": self._prices(destinations)}
        )
        return False

    def _any_plan(self):
        """Return a plan of the person's company, whose habits of dialling count."""
        plans = self.env["telecom.rate.plan"]
        return plans.search([("company_id", "=", self.env.company.id)], limit=1) or plans.search([], limit=1)

    def _prices(self, destinations):
        """Return (plan, destination that is charged, fee, price per minute, other prices by time) of each plan."""
        places = [(one.id, one.group_id.id) for one in destinations]
        at = self.at.replace(tzinfo=UTC)
        rows = []
        for plan in self.env["telecom.rate.plan"].search([("direction", "=", "outbound")], limit=MOST_PLANS):
            chain_sudo = plan._chain_sudo(self.at)  # plans that the person may read, priced on what stands above them
            price = None
            if all(chain_sudo):
                levels = plan._price_levels(chain_sudo, at, destinations)
                try:
                    prices = list(walk_prices(levels, places, at))
                except TariffError:
                    prices = [None]
                price = None if None in prices else prices[-1]
            rows.append((plan, *self._shown(price)))
        return rows

    def _shown(self, price):
        """Return destination, fee, price and prices by time in words; nothing where it is not sold."""
        if price is None:
            return False, "", "", ""
        band = price.tariff.bands[0]
        fee, per_minute = from_micro(band.connect_fee_micro), from_micro(band.steps[0].price_micro)
        name = self.env["telecom.destination"].browse(price.destination_id).name
        return name, as_typed(fee), as_typed(per_minute), "; ".join(price_by_time(price.tariff))

    def _by_numbering_plans(self, e164):
        """Return what the library of the world's numbering plans says about a number."""
        try:
            number = phonenumbers.parse(f"+{e164}")
        except phonenumbers.NumberParseException:
            return self.env._("unknown country code")
        region = phonenumbers.region_code_for_number(number)
        country = self.env["res.country"].search([("code", "=", region)]).name if region else False
        word = self.env._("valid") if phonenumbers.is_valid_number(number) else self.env._("not a valid number")
        return f"+{number.country_code} {country or ''}: {word}"
