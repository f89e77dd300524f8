from datetime import UTC

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS, from_micro
from odoo.addons.telecom_base.tools.roles import COSTS
from odoo.exceptions import UserError
from odoo.tools import SQL

from telecom_switch_bridge.core.money import convert_micro
from telecom_switch_bridge.core.price_walk import walk_prices
from telecom_switch_bridge.core.rating import Rounding, TariffError, price_call

from ..tools.deck_costs import Carrier, DeckPrice, destination_costs

CALL_S = 180  # the call that is compared: as long as routes expect one
MICRO = 1_000_000
COLUMNS = (
    "plan_id",
    "destination_id",
    "group_id",
    "network_type",
    "state",
    "price",
    "cost",
    "margin",
    "percent",
    "carrier_id",
    "prefix",
)
INSERT = """insert into telecom_margin_line (
    plan_id, destination_id, group_id, network_type, state, price, cost, margin, percent, carrier_id, prefix,
    create_uid, create_date, write_uid, write_date) values %s"""


class TelecomMarginLine(models.TransientModel):
    """What a call of three minutes to a destination brings by a plan and what it costs, when the list was opened.

    Costs of the owner are those of the cheapest carrier; of a reseller what its provider charges it. Without tax.
    """

    _name = "telecom.margin.line"
    _description = "Margin of a Rate Plan"
    _order = "margin, id"
    _rec_name = "destination_id"

    plan_id = fields.Many2one("telecom.rate.plan", required=True, readonly=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    destination_id = fields.Many2one("telecom.destination", readonly=True, ondelete="cascade")
    group_id = fields.Many2one("telecom.destination.group", readonly=True, ondelete="cascade")
    network_type = fields.Selection(lambda self: self._network_types(), readonly=True)
    state = fields.Selection(
        [
            ("loss", "Loss"),
            ("none", "No Margin"),
            ("gain", "Gain"),
            ("unknown", "No Cost Known"),
            ("unsold", "Not Sold"),
        ],
        readonly=True,
        help="No cost known: no carrier has a price for it, so that calls find no route.",
    )
    price = fields.Float(string="Call Brings", digits=DIGITS, min_display_digits=4, readonly=True)
    cost = fields.Float(string="Call Costs", digits=DIGITS, min_display_digits=4, readonly=True)
    margin = fields.Float(
        digits=DIGITS, min_display_digits=4, readonly=True, help="What the call brings less its cost."
    )
    percent = fields.Float(string="Margin (%)", digits=(16, 2), readonly=True, help="Of what the call brings.")
    carrier_id = fields.Many2one(
        "telecom.carrier",
        string="Cheapest Carrier",
        readonly=True,
        ondelete="cascade",
        groups=COSTS,
        help="Of the dearest part of the destination.",
    )
    prefix = fields.Char(string="Dearest Prefix", readonly=True, groups=COSTS)

    @api.model
    def _network_types(self):
        return self.env["telecom.destination"]._fields["network_type"]._description_selection(self.env)

    @api.model
    def _open(self, plan):
        """Make the list of a plan anew and return the action that shows it, losses first."""
        plan.ensure_one()
        self.check_access("read")
        plan.check_access("read")  # what follows is done with raised rights: provider's prices, lines of this person
        if plan.direction != "outbound":
            raise UserError(self.env._("Margins are those of outbound calls: %s prices inbound ones.", plan.name))
        lines_sudo = self.sudo()
        lines_sudo.search([("plan_id", "=", plan.id), ("create_uid", "=", self.env.uid)]).unlink()
        lines_sudo._insert(lines_sudo._prepare_rows(plan.sudo()))
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_margin.action_margin")
        name = self.env._("Margin of %s", plan.name)
        return {**action, "name": name, "display_name": name, "domain": [("plan_id", "=", plan.id)]}

    @api.model
    def _insert(self, rows):
        """Write all lines at once: a plan may have ten thousand."""
        self.env.flush_all()
        uid, now = self.env.uid, fields.Datetime.now()
        values = [(*(row.get(name) for name in COLUMNS), uid, now, uid, now) for row in rows]
        self.env.cr.execute_values(INSERT, values, page_size=1_000)
        self.invalidate_model()

    @api.model
    def _prepare_rows(self, plan):
        """Return the values of all lines, a destination each."""
        at = fields.Datetime.now().replace(tzinfo=UTC)
        places = list(self.env["telecom.price.list.line"]._places())
        prices, bought = self._prices(plan, places, at)
        costs = bought if plan._tenant_sudo().parent_id else self._deck_costs(plan, places, at)
        destinations = self.env["telecom.destination"].browse([keys[0][0] for keys, _prefixes in places])
        rows = {}
        for destination in destinations:  # one that has prefixes inside of different others stands there once
            rows[destination.id] = {
                "plan_id": plan.id,
                "destination_id": destination.id,
                "group_id": destination.group_id.id,
                "network_type": destination.network_type,
                **self._amounts(prices.get(destination.id), costs.get(destination.id)),
            }
        return list(rows.values())

    @api.model
    def _prices(self, plan, places, at):
        """Return what the call brings and what the provider charges for it, by destination (1/1,000,000 unit).

        Where parts of a destination are priced apart, the least margin counts.
        """
        chain_sudo = plan._chain_sudo()
        levels = plan._price_levels(chain_sudo, at) if all(chain_sudo) else []
        factor_e8 = chain_sudo[-2].currency_id._telecom_factor_e8(plan.currency_id, at) if len(levels) > 1 else 0
        sold, least = {}, {}
        for keys, _prefixes in places if levels else ():
            try:
                walked = list(walk_prices(levels, keys, at))
            except TariffError:
                continue
            if None in walked:
                continue
            brings = price_call(walked[-1].tariff, at, CALL_S).cost_micro
            costs = 0
            if factor_e8:
                costs = convert_micro(price_call(walked[-2].tariff, at, CALL_S).cost_micro, factor_e8)
            place = keys[0][0]
            if place not in sold or brings - costs < sold[place] - least[place]:
                sold[place], least[place] = brings, costs
        bought = {place: (costs, None, None) for place, costs in least.items()} if factor_e8 else {}
        return sold, bought

    @api.model
    def _deck_costs(self, plan, places, at):
        """Return (cost in 1/1,000,000 of the plan's currency, carrier, prefix) by destination."""
        prefixes = {prefix: keys[0][0] for keys, held in places for prefix in held}
        return destination_costs(prefixes, self._carriers(plan, at), CALL_S, at)

    @api.model
    def _carriers(self, plan, at):
        """Return the carriers that calls can go to, with the prices that are in force."""
        carriers = self.env["telecom.carrier"].search([("trunk_ids.active", "=", True)])
        for carrier in carriers:
            factor_e8 = carrier.currency_id._telecom_factor_e8(plan.currency_id, at)
            if factor_e8:  # without a rate nobody knows what it costs
                rounding = Rounding(carrier.rounding_method, carrier.rounding_decimals)
                yield Carrier(carrier.id, rounding, factor_e8, self._deck(carrier))

    @api.model
    def _deck(self, carrier):
        """Return a carrier's outbound prices in force by prefix; of several of a prefix the one that began last."""
        self.env.cr.execute(
            SQL(
                """
                select distinct on (prefix) prefix, connect_fee_micro, price_micro, price_unit_s, first_increment_s,
                       next_increment_s, included_s
                  from telecom_deck_rate
                 where carrier_id = %s and direction = 'outbound'
                   and (valid_from is null or valid_from <= now()) and (valid_to is null or valid_to > now())
                 order by prefix, valid_from desc nulls last
                """,
                carrier.id,
            )
        )
        return {prefix: DeckPrice(*terms) for prefix, *terms in self.env.cr.fetchall()}

    @api.model
    def _amounts(self, brings_micro, cost):
        """Return price, cost and margin of a line."""
        if brings_micro is None:
            return {"state": "unsold", "price": 0.0, "cost": from_micro(cost[0]) if cost else 0.0}
        if cost is None:
            return {"state": "unknown", "price": from_micro(brings_micro), "cost": 0.0}
        margin_micro = brings_micro - cost[0]
        return {
            "state": "loss" if margin_micro < 0 else "gain" if margin_micro else "none",
            "price": from_micro(brings_micro),
            "cost": from_micro(cost[0]),
            "margin": from_micro(margin_micro),
            "percent": round(100 * margin_micro / brings_micro, 2) if brings_micro else 0.0,
            "carrier_id": cost[1],
            "prefix": cost[2],
        }
