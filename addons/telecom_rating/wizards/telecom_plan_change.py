from datetime import UTC, datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import from_micro
from odoo.exceptions import UserError

from telecom_switch_bridge.core.price_walk import walk_prices
from telecom_switch_bridge.core.rating import TariffError

from ..models.telecom_plan_assignment import DIRECTIONS

MAX_PREVIEWED = 8  # destinations whose prices are compared


class TelecomPlanChange(models.TransientModel):
    """Gives an account another plan now, at the next midnight of its time zone, or at a midnight to come."""

    _name = "telecom.plan.change"
    _description = "Change of Plan"

    account_id = fields.Many2one("telecom.billing.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id")
    currency_id = fields.Many2one(related="account_id.currency_id")
    direction = fields.Selection(DIRECTIONS, required=True, default="outbound")
    current_plan_id = fields.Many2one("telecom.rate.plan", compute="_compute_current_plan_id", string="Plan Before")
    plan_id = fields.Many2one(
        "telecom.rate.plan",
        string="New Plan",
        domain="[('company_id', '=', company_id), ('direction', '=', direction)]",
        help="Empty: outbound calls that cost something are refused, calls to the account's numbers are free.",
    )
    when = fields.Selection(
        [("now", "Now"), ("midnight", "Next midnight"), ("date", "Midnight of a date")],
        string="From",
        required=True,
        default="midnight",
        help="Midnight is that of the account's time zone. Calls that run then keep their prices to the end.",
    )
    date = fields.Date(help="The first day of the new plan.")
    tz = fields.Selection(related="account_id.tz", string="Time Zone")
    valid_from = fields.Datetime(compute="_compute_valid_from")
    starts = fields.Char(string="First Call at", compute="_compute_valid_from")
    preview = fields.Html(compute="_compute_preview", sanitize=False, string="Prices per Minute")  # own template

    @api.depends("account_id", "direction", "valid_from")
    def _compute_current_plan_id(self):
        for change in self:
            at = change.valid_from or fields.Datetime.now()
            change.current_plan_id = change.account_id._plan_at(change.direction, at - timedelta(seconds=1))

    @api.depends("when", "date", "account_id")
    def _compute_valid_from(self):
        for change in self:
            change.valid_from = change._start()
            local = change.valid_from and fields.Datetime.context_timestamp(
                change.with_context(tz=change.tz), change.valid_from
            )
            change.starts = f"{local:%A %Y-%m-%d %H:%M:%S} {change.tz}" if local else False

    def _start(self):
        """Return the first instant of the plan (naive UTC), False while it is not known."""
        now = self.env["telecom.plan.assignment"]._now()
        if self.when == "now" or not self.account_id:
            return now
        today = fields.Datetime.context_timestamp(self.with_context(tz=self.tz), now).date()
        day = self.date if self.when == "date" else today + timedelta(days=1)
        if not day:
            return False
        midnight = pytz.timezone(self.tz).localize(datetime.combine(day, time()), is_dst=True)
        return midnight.astimezone(UTC).replace(tzinfo=None)

    @api.depends("plan_id", "direction", "valid_from", "account_id")
    def _compute_preview(self):
        for change in self:
            lines = change._previewed() if change.plan_id and change.valid_from else []
            values = {"lines": lines, "currency": change.currency_id.name}
            change.preview = (
                self.env["ir.qweb"]._render("telecom_rating.plan_change_preview", values) if lines else False
            )

    def _previewed(self):
        """Return (destination, price before, price after) of the first destinations that either plan prices itself."""
        plans = [self.current_plan_id, self.plan_id]
        prefixes = self._compared_prefixes(plans)
        chains = [plan._chain_sudo(self.valid_from) if plan else [] for plan in plans]
        lines = []
        for prefix in prefixes:
            destinations = self.env["telecom.destination"]._by_number(prefix)
            prices = [self._minute_price(chain, destinations) for chain in chains]
            lines.append((destinations[:1].name, *prices))
        return lines

    def _compared_prefixes(self, plans):
        """Return one prefix of each destination that is compared."""
        seen = self.env["telecom.rate.plan"].concat(*plans, *(plan._chain_sudo()[0] for plan in plans if plan))
        rates_sudo = self.env["telecom.rate"].sudo().search([("plan_id", "in", seen.ids)], limit=200)  # names only
        destinations = (rates_sudo.destination_id | rates_sudo.group_id.destination_ids).sorted("name")
        return [one.prefix_ids[0].prefix for one in destinations if one.prefix_ids][:MAX_PREVIEWED]

    def _minute_price(self, chain_sudo, destinations):
        """Return fee and price of the first minute by the last plan of a chain, None where it is not sold."""
        if not chain_sudo or not all(chain_sudo):
            return None
        places = [(one.id, one.group_id.id) for one in destinations]
        at = self.valid_from.replace(tzinfo=UTC)
        levels = self.env["telecom.rate.plan"]._price_levels(chain_sudo, at, destinations)
        try:
            price = list(walk_prices(levels, places, at))[-1]
        except TariffError:
            return None
        if price is None:
            return None
        band = price.tariff.bands[0]
        return from_micro(band.connect_fee_micro), from_micro(band.steps[0].price_micro)

    def action_apply(self):
        """Plan the change; the current plan holds until then."""
        self.ensure_one()
        start = self._start()
        if not start:
            raise UserError(self.env._("Choose the first day of the new plan."))
        if self.plan_id == self.current_plan_id:
            raise UserError(self.env._("The account has this plan at that moment already. Choose another plan."))
        if self.when == "now":
            self.env["telecom.plan.assignment"]._begin_now(self.account_id, self.direction, self.plan_id)
        else:
            self.env["telecom.plan.assignment"].create(
                {
                    "account_id": self.account_id.id,
                    "direction": self.direction,
                    "plan_id": self.plan_id.id,
                    "valid_from": start,
                }
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
