from datetime import UTC

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS, from_micro
from odoo.exceptions import ValidationError

from telecom_switch_bridge.core.explain import explain_call
from telecom_switch_bridge.core.numbers import Refusal, normalise_dialled
from telecom_switch_bridge.core.price_walk import walk_prices
from telecom_switch_bridge.core.rating import PricedCall, TariffError, price_call

from ..tools.digits import PUNCTUATION

LONGEST_CALL_S = 86_400  # a day; the switch ends calls long before


class TelecomRatePreview(models.TransientModel):
    """What does it cost? A number and seconds, priced by the functions that charge live calls; nothing is stored."""

    _name = "telecom.rate.preview"
    _description = "Price Preview"

    plan_id = fields.Many2one("telecom.rate.plan", string="Rate Plan", required=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    number = fields.Char(help="As customers dial it at home, or with + or 00 and the country code.")
    seconds = fields.Integer(
        string="Duration (s)", default=60, required=True, help="Answered seconds: 180 is three minutes."
    )
    answered_at = fields.Datetime(
        required=True, default=fields.Datetime.now, help="When the call is answered: prices in force then are used."
    )
    e164 = fields.Char(string="International Number", compute="_compute_price")
    destination_id = fields.Many2one("telecom.destination", compute="_compute_price")
    cost = fields.Float(
        digits=DIGITS,
        min_display_digits=4,
        compute="_compute_price",
        help="Net, without tax, rounded by the plan.",
    )
    is_priced = fields.Boolean(compute="_compute_price")
    refusal = fields.Char(compute="_compute_price", string="Why Not")
    explanation = fields.Html(compute="_compute_price", sanitize=False, string="How It Is Made Up")  # own template

    @api.constrains("seconds")
    def _check_seconds(self):
        for preview in self:
            if not 0 <= preview.seconds <= LONGEST_CALL_S:
                raise ValidationError(self.env._("Give a duration of 0 to 86,400 seconds."))

    @api.depends("plan_id", "number", "seconds", "answered_at")
    def _compute_price(self):
        for preview in self:
            preview.update(dict.fromkeys(("e164", "destination_id", "refusal", "explanation", "is_priced"), False))
            preview.cost = 0.0
            if preview.plan_id and preview.number and preview.answered_at:
                preview.refusal = preview._price()

    def _price(self):
        """Fill in the price; return why there is none, or nothing."""
        if not 0 <= self.seconds <= LONGEST_CALL_S:
            return self.env._("Give a duration of 0 to 86,400 seconds.")
        e164 = self._normalised()
        if isinstance(e164, Refusal):
            return self.env._("%s is not a number that can be called.", self.number)
        self.e164 = e164
        self.plan_id.check_access("read")  # the walk below is done with raised rights
        chain_sudo = self.plan_id._chain_sudo(self.answered_at)
        if not all(chain_sudo):
            return self.env._("The account of %s at its provider has no rate plan.", self.plan_id.company_id.name)
        destinations = self.env["telecom.destination"]._by_number(e164)
        if not destinations:
            return self.env._("No destination has a prefix of %s.", e164)
        try:
            return self._price_chain(chain_sudo, destinations)
        except TariffError as error:
            return self.env._("This price is out of range: %s", str(error))

    def _price_chain(self, chain_sudo, destinations):
        """Price the number at each level; return who has no price for it, or nothing."""
        at = self.answered_at.replace(tzinfo=UTC)
        levels = self.env["telecom.rate.plan"]._price_levels(chain_sudo, at, destinations)
        places = [(destination.id, destination.group_id.id) for destination in destinations]
        prices = list(walk_prices(levels, places, at))
        if prices[-1] is None:
            return self.env._("%s has no price for this number: calls to it are refused.", self.plan_id.name)
        if None in prices:
            return self.env._("The provider has no price for this number: calls to it are refused.")
        calls = [price_call(price.tariff, at, self.seconds) for price in prices]
        self.destination_id = prices[-1].destination_id
        self.cost = from_micro(calls[-1].cost_micro)
        self.is_priced = True
        self.explanation = self._render(chain_sudo, prices, calls)
        return False

    def _normalised(self):
        """Return the number as E.164 without +, read with the habits of the provider's country; or a Refusal."""
        country = self.plan_id.company_id.country_id
        habits = self.env["telecom.numbering.plan"].sudo().search([("country_id", "=", country.id)])  # public knowledge
        return normalise_dialled(
            PUNCTUATION.sub("", self.number),
            habits.country_code or "",
            habits.national_prefix or "",
            habits.international_prefix or "00",
        )

    def _render(self, chain_sudo, prices, calls: list[PricedCall]):
        """Return the levels that this user may see, the plan's own first, each with its terms and its sum."""
        may_read = self.env["telecom.rate.plan"].search([("id", "in", [plan.id for plan in chain_sudo])])
        rates = self.env["telecom.rate"]
        shown = [
            {
                "plan": plan_sudo,
                "source": rates.browse(price.rate.rate_id).sudo()._source() if price.rate else plan_sudo._source(),
                "cost": from_micro(call.cost_micro),
                "currency": plan_sudo.currency_id,
                "lines": explain_call(call, self.seconds),
            }
            for plan_sudo, price, call in zip(chain_sudo, prices, calls, strict=True)
            if plan_sudo.id in may_read.ids
        ]
        return self.env["ir.qweb"]._render("telecom_rating.rate_preview_levels", {"levels": shown[::-1]})
