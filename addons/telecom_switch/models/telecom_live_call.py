from datetime import UTC

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS, from_micro
from odoo.addons.telecom_base.tools.roles import COSTS, PRICES_AND_OUTSIDE
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from telecom_switch_bridge.core.allowance import covered
from telecom_switch_bridge.core.meter import meter_of, metered
from telecom_switch_bridge.core.rating import answered_seconds, rule_from_json, tariff_from_json

ENDERS = ("telecom_base.group_support", "telecom_base.group_admin")
LONGEST_S = 14_400  # MAX_CALL_S of the bridge and of the dialplan: no call is longer


class TelecomLiveCall(models.Model):
    """A call in progress: its authorisation and, once answered, what it costs at this second. Nothing is stored here.

    `meter` holds the price tables frozen with the call, so that a page moves seconds and amounts by itself.
    """

    _name = "telecom.live.call"
    _description = "Call in Progress"
    _table = "telecom_live_call_page"
    _auto = False
    _log_access = False
    _order = "authorised_at desc, id desc"
    _rec_name = "call_ref"
    _depends = {"telecom.billing.account": ["partner_id"]}

    state = fields.Selection(
        [("ringing", "Ringing"), ("answered", "Answered"), ("ending", "Hanging Up")],
        readonly=True,
        help="Ringing: allowed and being dialled. Hanging up: somebody asked for its end, the switch has to answer.",
    )
    direction = fields.Selection(
        [("outbound", "Outbound"), ("inbound", "Inbound"), ("internal", "Internal"), ("emergency", "Emergency")],
        readonly=True,
    )
    authorised_at = fields.Datetime(string="Allowed", readonly=True, help="When the switch let the call start.")
    answered_at = fields.Datetime(string="Answered", readonly=True)
    from_number = fields.Char(string="From", readonly=True)
    to_number = fields.Char(string="To", readonly=True, help="International form; an extension as it was dialled.")
    destination_id = fields.Many2one("telecom.destination", readonly=True)
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", string="Provider", readonly=True)
    phone_id = fields.Many2one("telecom.phone", string="Telephone", readonly=True)
    carrier_id = fields.Many2one(
        "telecom.carrier", readonly=True, help="The carrier that answered; while it rings, the first to be tried."
    )
    trunk_id = fields.Many2one("telecom.trunk", readonly=True)
    node = fields.Char(readonly=True, help="The switch that carries the call.")
    call_ref = fields.Char(string="Authorisation", readonly=True)
    granted_s = fields.Integer(
        string="Granted (s)", readonly=True, aggregator=None, help="Seconds that are paid for so far; extended in time."
    )
    seconds = fields.Integer(string="Duration", compute="_compute_meter", help="Whole seconds since the answer, now.")
    charge = fields.Float(
        digits=DIGITS,
        min_display_digits=6,
        compute="_compute_meter",
        groups=PRICES_AND_OUTSIDE,
        help="What the customer has to pay for the call so far, tax included.",
    )
    carrier_cost = fields.Float(
        digits=DIGITS,
        min_display_digits=6,
        compute="_compute_cost_meter",
        groups=COSTS,
        help="What the carrier takes for it so far.",
    )
    margin = fields.Float(
        digits=DIGITS,
        min_display_digits=6,
        compute="_compute_cost_meter",
        groups=COSTS,
        help="The owner's charge without tax, less the carrier's cost, so far. Empty when the currencies differ.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    revenue_currency_id = fields.Many2one("res.currency", readonly=True, groups=COSTS)
    carrier_currency_id = fields.Many2one("res.currency", readonly=True, groups=COSTS)
    meter = fields.Json(compute="_compute_meter", help="When it was answered, and the customer's price table.")
    cost_meter = fields.Json(
        compute="_compute_cost_meter", groups=COSTS, help="Price tables of the owner's customer and of the carrier."
    )

    @api.depends_context("uid")
    def _compute_meter(self):
        terms, sees_prices = self._terms(), self.env.user.has_groups(PRICES_AND_OUTSIDE)
        for call in self:
            found = terms.get(call.id)
            meter = meter_for(found) if found else False
            call.seconds = answered_seconds(found["elapsed_us"]) if found else 0
            call.charge = from_micro(charge_micro(meter, call.seconds)) if found else 0
            # seconds tick by the meter on every page, prices on those only whose reader may see them
            call.meter = meter if sees_prices or not meter else {**meter, "charge": None}

    def _compute_cost_meter(self):
        terms = self._terms()
        for call in self:
            found = terms.get(call.id)
            call.cost_meter = _cost_meter(found) if found else False
            cost_micro, margin_micro = _cost_and_margin_micro(call.cost_meter, found) if found else (0, 0)
            call.carrier_cost, call.margin = from_micro(cost_micro), from_micro(margin_micro)

    def _terms(self):
        """Return {id: frozen terms and microseconds since the answer} of answered calls; the rules were checked."""
        self.env.cr.execute(
            SQL(
                """select id, answered_tz, granted_s, customer, owner, route, customer_covered_s, owner_covered_s,
                          greatest(0, extract(epoch from clock_timestamp() - answered_tz) * 1000000)::bigint
                              as elapsed_us
                     from telecom_live_call_page where answered_tz is not null and id = any(%s)""",
                list(self.ids),
            )
        )
        return {row["id"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def watch(self):
        """Say that a page is open, so that changes are published to it; return the server's clock (ms since 1970)."""
        self.check_access("read")
        self.env.cr.execute("select telecom_live_watch(), (extract(epoch from clock_timestamp()) * 1000)::bigint")
        return self.env.cr.fetchone()[1]

    def action_hang_up(self):
        """Ask the switch to end the calls; who asked is kept (telecom.switch.command)."""
        self._check_may_hang_up()
        self.invalidate_recordset()
        for call in self:
            call_ref = call.exists().call_ref
            self.env.cr.execute(SQL("select telecom_switch_hang_up(%s, %s)", call_ref or "", self.env.uid))
            if self.env.cr.fetchone()[0] is None:
                raise UserError(self.env._("This call has ended already."))
        self.invalidate_model()
        return True

    def _check_may_hang_up(self):
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in ENDERS):
            raise AccessError(self.env._("Only support and administrators may end calls."))


def meter_for(terms):
    """Price table of the customer of an answered call as plain values (`meter.js` reads them)."""
    answered_at = terms["answered_tz"].astimezone(UTC)
    return {
        "answered_ms": round(answered_at.timestamp() * 1000),
        "granted_s": terms["granted_s"],
        "charge": _table(terms["customer"], answered_at, terms["customer_covered_s"]),
    }


def _cost_meter(terms):
    """Price tables of what the owner earns and pays."""
    answered_at = terms["answered_tz"].astimezone(UTC)
    owner, route = terms["owner"], terms["route"] or {}
    carrier = route.get("tariff")
    return {
        "revenue": _table(owner, answered_at, terms["owner_covered_s"]),
        "cost": meter_of(tariff_from_json(carrier), answered_at, LONGEST_S) if carrier else None,
        "duration_rule": route.get("duration_rule") or "up",
        "same_currency": not (owner and carrier) or owner["currency"] == route["currency"],
    }


def _table(level, answered_at, covered_s):
    """Price table of a level; its first `covered_s` seconds are paid for by included minutes."""
    if not level:
        return None
    tariff = covered(tariff_from_json(level["tariff"]), covered_s)
    return meter_of(tariff, answered_at, LONGEST_S, rule_from_json(level))


def charge_micro(meter, seconds):
    """Return the customer's charge; seconds beyond the grant are charged to nobody."""
    return metered(meter["charge"], min(seconds, meter["granted_s"])).gross_micro if meter["charge"] else 0


def _cost_and_margin_micro(meter, terms):
    """Return the carrier's cost by its own seconds, and what the owner keeps; 0 when the currencies differ."""
    granted_s = min(answered_seconds(terms["elapsed_us"]), terms["granted_s"])
    carrier_s = answered_seconds(terms["elapsed_us"], meter["duration_rule"])
    revenue_micro = metered(meter["revenue"], granted_s).net_micro if meter["revenue"] else 0
    cost_micro = metered(meter["cost"], carrier_s).net_micro if meter["cost"] else 0
    return cost_micro, (revenue_micro - cost_micro) if meter["same_currency"] else 0
