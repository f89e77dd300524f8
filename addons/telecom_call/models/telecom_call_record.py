from datetime import date

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.telecom_base.tools.sql import close_functions, run_sql_files

COSTS = "telecom_base.group_costs"  # who sees what carriers take and what is left
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
        help="The owner's charge without tax, less the carrier's cost. Empty when the currencies differ.",
    )
    node = fields.Char(readonly=True, help="The switch that carried the call.")
    linkedid = fields.Char(string="Call", readonly=True, help="The same for all legs of one call.")
    call_ref = fields.Char(string="Authorisation", readonly=True)
    charge_ids = fields.One2many("telecom.call.charge", "record_id", string="Charges", readonly=True)

    def init(self):
        files = ("tables", "partitions", "settle", "views")
        run_sql_files(self.env.cr, "telecom_call", *(f"{name}.sql" for name in files))
        close_functions(self.env.cr, "telecom_call_")
        self._ensure_partitions()

    @api.model
    def _ensure_partitions(self):
        """Make the months of call records from last month to three months ahead."""
        first = date.today() - relativedelta(months=MONTHS_BACK)  # the server's day is near enough
        self.env.cr.execute("SELECT telecom_call_ensure_partitions(%s, %s)", [first, MONTHS_BACK + MONTHS_AHEAD + 1])
