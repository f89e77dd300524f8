from datetime import UTC

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS, from_micro
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from telecom_switch_bridge.core.meter import meter_of, metered
from telecom_switch_bridge.core.rating import answered_seconds, tariff_from_json

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
        digits=DIGITS, min_display_digits=2, compute="_compute_meter",
        help="What the customer has to pay for the call so far, tax included.",
    )  # fmt: skip
    carrier_cost = fields.Float(
        digits=DIGITS, min_display_digits=2, compute="_compute_meter", help="What the carrier takes for it so far."
    )
    margin = fields.Float(
        digits=DIGITS, min_display_digits=2, compute="_compute_meter",
        help="The owner's charge without tax, less the carrier's cost, so far. Empty when the currencies differ.",
    )  # fmt: skip
    currency_id = fields.Many2one("res.currency", readonly=True)
    revenue_currency_id = fields.Many2one("res.currency", readonly=True)
    carrier_currency_id = fields.Many2one("res.currency", readonly=True)
    meter = fields.Json(compute="_compute_meter")

    def _compute_meter(self):
        terms = self._terms()
        for call in self:
            found = terms.get(call.id)
            meter = call.meter = _meter(found) if found else False
            micro = _amounts(meter, found["elapsed_us"]) if meter else {}
            call.seconds = answered_seconds(found["elapsed_us"]) if meter else 0
            for name in ("charge", "carrier_cost", "margin"):
                call[name] = from_micro(micro.get(name) or 0)

    def _terms(self):
        """Return {id: frozen terms and microseconds since the answer} of answered calls; the rules were checked."""
        self.env.cr.execute(
            SQL(
                """select id, answered_tz, granted_s, customer, owner, route, greatest(0,
                          extract(epoch from clock_timestamp() - answered_tz) * 1000000)::bigint as elapsed_us
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


def _meter(terms):
    """Price tables of an answered call as plain values for the page (`meter.js` reads them)."""
    answered_at = terms["answered_tz"].astimezone(UTC)
    customer, owner, route = terms["customer"], terms["owner"], terms["route"] or {}
    carrier = route.get("tariff")
    return {
        "answered_ms": round(answered_at.timestamp() * 1000),
        "granted_s": terms["granted_s"],
        "charge": _table(customer, answered_at),
        "revenue": _table(owner, answered_at),
        "cost": meter_of(tariff_from_json(carrier), answered_at, LONGEST_S) if carrier else None,
        "duration_rule": route.get("duration_rule") or "up",
        "same_currency": not (customer and carrier) or owner["currency"] == route["currency"],
    }


def _table(level, answered_at):
    if not level:
        return None
    return meter_of(tariff_from_json(level["tariff"]), answered_at, LONGEST_S, level["tax_ppm"])


def _amounts(meter, elapsed_us):
    """Return amounts (micro-units) after so many microseconds; seconds beyond the grant are charged to nobody."""
    seconds = min(answered_seconds(elapsed_us), meter["granted_s"])
    charge, revenue = (metered(meter[name], seconds) if meter[name] else None for name in ("charge", "revenue"))
    cost = metered(meter["cost"], answered_seconds(elapsed_us, meter["duration_rule"])) if meter["cost"] else None
    has_margin = meter["same_currency"] and (revenue or cost)
    return {
        "charge": charge.gross_micro if charge else 0,
        "carrier_cost": cost.net_micro if cost else 0,
        "margin": (revenue.net_micro if revenue else 0) - (cost.net_micro if cost else 0) if has_margin else 0,
    }
