from datetime import UTC

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS, from_micro

from telecom_switch_bridge.core.price_walk import walk_prices
from telecom_switch_bridge.core.rating import TariffError

from ..tools.digits import leading_parts
from ..tools.week import price_by_time


class TelecomPriceListLine(models.TransientModel):
    """A line of a plan's price list: what a destination costs at the moment the list was opened."""

    _name = "telecom.price.list.line"
    _description = "Price List Line"
    _order = "group_id, destination_id, id"
    _rec_name = "destination_id"

    plan_id = fields.Many2one("telecom.rate.plan", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    destination_id = fields.Many2one("telecom.destination", readonly=True, ondelete="cascade")
    group_id = fields.Many2one(related="destination_id.group_id", store=True)
    network_type = fields.Selection(related="destination_id.network_type", store=True)
    prefixes = fields.Char(readonly=True)
    is_sold = fields.Boolean(string="Sold", readonly=True, help="Calls to destinations that are not sold are refused.")
    source = fields.Char(readonly=True, help="Which rate or mark-up makes this price.")
    connect_fee = fields.Float(digits=DIGITS, min_display_digits=4, readonly=True)
    price = fields.Float(string="Price (per minute)", digits=DIGITS, min_display_digits=4, readonly=True)
    increments = fields.Char(
        string="Increments (s)", readonly=True, help="First increment / next increments, in seconds."
    )
    later_price = fields.Char(string="Later Price (per minute)", readonly=True)
    by_time = fields.Char(
        string="Other Prices by Time", readonly=True, help="Hours of the plan, and the price per minute in them."
    )
    buy_fee = fields.Float(
        string="Bought: Connect Fee",
        digits=DIGITS,
        min_display_digits=4,
        readonly=True,
        help="What the provider charges.",
    )
    buy_price = fields.Float(
        string="Bought: Price (per minute)",
        digits=DIGITS,
        min_display_digits=4,
        readonly=True,
        help="What the provider charges.",
    )

    @api.model
    def _open(self, plan):
        """Make the list of a plan anew and return the action that shows it."""
        plan.ensure_one()
        plan.check_access("read")
        self.search([("plan_id", "=", plan.id)]).unlink()
        self.create(self._prepare_lines(plan))
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_rating.action_price_list")
        return {
            **action,
            "name": self.env._("Prices of %s", plan.name),
            "display_name": self.env._("Prices of %s", plan.name),
            "domain": [("plan_id", "=", plan.id)],
        }

    @api.model
    def _prepare_lines(self, plan):
        """Return the values of all lines; destinations without any price are there too, as not sold."""
        chain_sudo = plan._chain_sudo()
        now = fields.Datetime.now().replace(tzinfo=UTC)
        levels = self.env["telecom.rate.plan"]._price_levels(chain_sudo, now) if all(chain_sudo) else []
        sources = self._sources(plan)
        lines = []
        for keys, prefixes in self._places():
            values = {"plan_id": plan.id, "destination_id": keys[0][0], "prefixes": " ".join(sorted(prefixes))}
            try:
                prices = list(walk_prices(levels, keys, now)) if levels else [None]
            except TariffError:
                prices = [None]
            if None not in prices:
                values |= self._price_values(prices, sources)
            lines.append(values)
        return lines

    @api.model
    def _places(self, destinations=None):
        """Return (destination and those of its shorter prefixes, its prefixes that have these), all destinations.

        `destinations`: only these, and those of their shorter prefixes.
        """
        rows = self.env["telecom.destination.prefix"]
        domain = []
        if destinations is not None:
            own = rows.search([("destination_id", "in", destinations.ids)])
            parts = {part for row in own for part in leading_parts(row.prefix)}
            domain = [("prefix", "in", list(parts))]
        rows = rows.search_fetch(domain, ["prefix", "destination_id"])
        groups = {row.id: row.group_id.id for row in rows.destination_id}
        by_prefix = {row.prefix: row.destination_id.id for row in rows}
        places = {}
        for prefix in by_prefix:
            found = dict.fromkeys(by_prefix[part] for part in leading_parts(prefix) if part in by_prefix)
            places.setdefault(tuple((key, groups[key]) for key in found), []).append(prefix)
        return places.items()

    @api.model
    def _sources(self, plan):
        """Return what to call each rate of the plan, and its default mark-up (key None)."""
        return {None: plan._source(), **{rate.id: rate._source() for rate in plan.rate_ids}}

    @api.model
    def _price_values(self, prices, sources):
        """Return the price of the last level, and of the one above it where there is one, as field values."""
        tariff, rate = prices[-1].tariff, prices[-1].rate
        band = tariff.bands[0]
        first = band.steps[0]
        later = [step for step in band.steps if step.price_micro != first.price_micro]
        values = {
            "is_sold": True,
            "source": sources[rate.rate_id if rate else None],
            "connect_fee": from_micro(band.connect_fee_micro),
            "price": from_micro(first.price_micro),
            "increments": f"{first.increment_s} / {band.steps[-1].increment_s}",
            "later_price": ", ".join(
                self.env._("%(price)s from %(second)s s", price=f"{from_micro(step.price_micro):f}", second=step.from_s)
                for step in later[:1]
            ),
            "by_time": "; ".join(price_by_time(tariff)),
        }
        if len(prices) > 1:
            bought = prices[-2].tariff.bands[0]
            values |= {
                "buy_fee": from_micro(bought.connect_fee_micro),
                "buy_price": from_micro(bought.steps[0].price_micro),
            }
        return values
