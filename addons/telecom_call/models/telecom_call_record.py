from datetime import date

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.telecom_base.tools.roles import COSTS, PRICES
from odoo.addons.telecom_base.tools.sql import close_functions, run_sql_files

from ..tools.words import cause_in_words, price_in_words

MONTHS_AHEAD = 3
MONTHS_BACK = 1  # calls that began last month are settled now
DIRECTIONS = [("outbound", "Outbound"), ("inbound", "Inbound"), ("internal", "Internal"), ("emergency", "Emergency")]
DISPOSITIONS = [
    ("answered", "Answered"),
    ("busy", "Busy"),
    ("no_answer", "No Answer"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


class TelecomCallRecord(models.Model):
    """One leg of a call with its carrier, cost and margin: for the owner's staff only. Written by SQL (sql/)."""

    _name = "telecom.call.record"
    _description = "Call Record"
    _auto = False
    _table = "telecom_call_record_view"
    _rec_name = "called"
    _order = "started_at desc, id desc"
    _depends = {"telecom.billing.account": ["partner_id"]}

    leg_uniqueid = fields.Char(string="Leg", readonly=True, help="The switch's id of this channel.")
    direction = fields.Selection(DIRECTIONS, readonly=True)
    disposition = fields.Selection(DISPOSITIONS, string="Result", readonly=True)
    started_at = fields.Datetime(string="Started", readonly=True)
    answered_at = fields.Datetime(string="Answered", readonly=True)
    ended_at = fields.Datetime(string="Ended", readonly=True)
    settled_at = fields.Datetime(string="Settled", readonly=True)
    duration_s = fields.Float(
        string="Exact Duration (s)",
        digits=(20, 6),
        min_display_digits=1,
        readonly=True,
        help="From answer to hang-up, in seconds.",
    )
    answered_s = fields.Integer(string="Duration (s)", readonly=True, help="Whole seconds from answer to hang-up.")
    carrier_billed_s = fields.Integer(
        string="Carrier Bills (s)",
        readonly=True,
        aggregator="sum",
        groups=COSTS,
        help="Seconds that the carrier charges for.",
    )
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", string="Provider", readonly=True)
    phone_id = fields.Many2one("telecom.phone", string="Telephone", readonly=True)
    number_id = fields.Many2one("telecom.number", string="Own Number", readonly=True)
    from_number = fields.Char(string="From", readonly=True)
    dialled = fields.Char(readonly=True, help="As it was dialled.")
    e164 = fields.Char(
        string="International Number", readonly=True, help="Country code first; empty for internal calls."
    )
    called = fields.Char(string="To", readonly=True, help="International form; an extension as it was dialled.")
    destination_id = fields.Many2one("telecom.destination", readonly=True)
    carrier_id = fields.Many2one("telecom.carrier", readonly=True)
    trunk_id = fields.Many2one("telecom.trunk", readonly=True)
    attempt = fields.Integer(readonly=True, aggregator=None, help="1: the first carrier tried; 2: the next, and so on.")
    hangup_cause = fields.Integer(string="Hang-up Cause", readonly=True, aggregator=None, help="Number of ITU-T Q.850.")
    carrier_cost = fields.Float(
        digits=(20, 6),
        min_display_digits=6,
        readonly=True,
        groups=COSTS,
        help="What the carrier takes, in its currency.",
    )
    carrier_currency_id = fields.Many2one("res.currency", readonly=True, groups=COSTS)
    revenue = fields.Float(
        digits=(20, 6),
        min_display_digits=6,
        readonly=True,
        groups=COSTS,
        help="What the owner charged to the reseller or customer that it serves itself, tax included.",
    )
    revenue_currency_id = fields.Many2one("res.currency", readonly=True, groups=COSTS)
    margin = fields.Float(
        digits=(20, 6),
        min_display_digits=6,
        readonly=True,
        groups=COSTS,
        help="The owner's charge without tax, plus what the carrier pays, less what it takes: in the sale's currency,"
        " by the rate that held when the call was allowed. Empty when there is none.",
    )
    margin_currency_id = fields.Many2one("res.currency", readonly=True, groups=COSTS)
    carrier_revenue = fields.Float(
        string="Carrier Pays",
        digits=(20, 6),
        min_display_digits=6,
        readonly=True,
        groups=COSTS,
        help="What the carrier pays us for a call that it brings, in its currency.",
    )
    carrier_settled = fields.Float(
        string="Before Corrections",
        digits=(20, 6),
        min_display_digits=6,
        readonly=True,
        groups=COSTS,
        help="What the carrier took or paid when the call ended. A re-rating has corrected it since.",
    )
    cost_corrected = fields.Boolean(
        readonly=True, groups=COSTS, help="A re-rating has corrected what the carrier takes or pays."
    )
    carrier_price = fields.Char(
        compute="_compute_carrier_price",
        groups=COSTS,
        help="The deck's price for this number as it was when the call was allowed, or as a re-rating has found it for"
        " that instant; later changes do not touch it.",
    )
    carrier_tariff_json = fields.Json(readonly=True, groups=COSTS)
    carrier_pays_tariff_json = fields.Json(readonly=True, groups=COSTS)
    authorised_at = fields.Datetime(string="Allowed", readonly=True, help="When prices and routes were frozen.")
    dial = fields.Char(string="Sent To", readonly=True, help="Number and trunk as the switch dialled them.")
    note = fields.Char(
        readonly=True, help="What was unusual: who ended or transferred it, or that the bridge was silent."
    )
    cause_text = fields.Char(string="Cause", compute="_compute_cause_text", help="Why the leg ended (ITU-T Q.850).")
    leg_ids = fields.Many2many(
        "telecom.call.record",
        compute="_compute_leg_ids",
        string="Legs of the Call",
        help="All attempts and legs of this call, also those that nobody answered.",
    )
    node = fields.Char(readonly=True, help="The switch that carried the call.")
    linkedid = fields.Char(string="Call", readonly=True, help="The same for all legs of one call.")
    call_ref = fields.Char(string="Authorisation", readonly=True)
    charge_ids = fields.One2many("telecom.call.charge", "record_id", string="Charges", readonly=True, groups=PRICES)

    def init(self):
        files = ("tables", "terms", "partitions", "ledger", "settle", "correct", "correct_costs", "views")
        run_sql_files(self.env.cr, "telecom_call", *(f"{name}.sql" for name in files))
        close_functions(self.env.cr, "telecom_call_")
        close_functions(self.env.cr, "telecom_carrier_ledger_")
        self._ensure_partitions()

    @api.depends("hangup_cause")
    def _compute_cause_text(self):
        for leg in self:
            # the ORM shows an empty number as 0, which is a cause too
            leg.cause_text = cause_in_words(leg.hangup_cause) if leg.hangup_cause else False

    @api.depends("carrier_tariff_json", "carrier_pays_tariff_json")
    def _compute_carrier_price(self):
        for leg in self:
            currency = leg.carrier_currency_id.name or leg.carrier_id.currency_id.name or ""
            leg.carrier_price = price_in_words(leg.carrier_tariff_json or leg.carrier_pays_tariff_json, currency)

    @api.depends("linkedid")
    def _compute_leg_ids(self):
        """Legs of one call begin one after the other."""
        calls = [linkedid for linkedid in self.mapped("linkedid") if linkedid]
        legs = self.search([("linkedid", "in", calls)], order="started_at, attempt, id")
        for leg in self:
            leg.leg_ids = legs.filtered(lambda other, leg=leg: leg.linkedid and other.linkedid == leg.linkedid) or leg

    def action_open_leg(self):
        """Open this leg from the list of a call's legs."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "name": self.called or self.leg_uniqueid,
        }

    @api.model
    def _ensure_partitions(self):
        """Make the months of call records from last month to three months ahead."""
        first = date.today() - relativedelta(months=MONTHS_BACK)  # the server's day is near enough
        self.env.cr.execute("SELECT telecom_call_ensure_partitions(%s, %s)", [first, MONTHS_BACK + MONTHS_AHEAD + 1])
