from odoo import fields, models
from odoo.addons.telecom_base.tools.sql import run_sql_file

from .telecom_carrier_statement import RESULTS

MONEY = {"digits": (20, 6), "min_display_digits": 4, "readonly": True}


class TelecomCarrierStatementLine(models.Model):
    """A call of a carrier's file beside ours, or one that only one side has. Written by SQL (sql/results.sql)."""

    _name = "telecom.carrier.statement.line"
    _description = "Compared Call"
    _auto = False
    _table = "telecom_carrier_statement_line_view"
    _rec_name = "called"
    _order = "started_at, id"
    _depends = {"telecom.carrier.statement": ["carrier_id", "company_id", "currency_id", "timezone"]}

    statement_id = fields.Many2one("telecom.carrier.statement", string="File", readonly=True)
    carrier_id = fields.Many2one("telecom.carrier", readonly=True)
    company_id = fields.Many2one("res.company", string="Owner", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    result = fields.Selection(RESULTS, readonly=True)
    direction = fields.Selection([("outbound", "Outbound"), ("inbound", "Inbound")], readonly=True)
    called = fields.Char(readonly=True)
    destination_id = fields.Many2one("telecom.destination", readonly=True)
    started_at = fields.Datetime(string="Start", readonly=True, help="As the carrier has it; ours if only we have it.")
    day = fields.Date(readonly=True, help="In the time zone of the file.")
    line = fields.Integer(readonly=True, aggregator=None, help="Line of the carrier's file; 0: only we have the call.")
    their_seconds = fields.Integer(readonly=True)
    our_seconds = fields.Integer(readonly=True)
    seconds_difference = fields.Integer(string="Seconds Over Ours", readonly=True, help="Theirs less ours.")
    their_cost = fields.Float(string="Their Amount", **MONEY)
    their_currency = fields.Char(readonly=True)
    our_cost = fields.Float(string="Our Amount", **MONEY)
    cost_difference = fields.Float(string="Amount Over Ours", help="Theirs less ours.", **MONEY)
    record_id = fields.Many2one("telecom.call.record", string="Call Record", readonly=True)
    our_started_at = fields.Datetime(string="Our Start", readonly=True)
    note = fields.Char(
        string="Explanation", readonly=True, help="What is known of our leg: for example that its end was never told."
    )

    def init(self):
        run_sql_file(self.env.cr, "telecom_carrier_reconcile", "tables.sql")

    def action_open_record(self):
        """Open our call record."""
        self.ensure_one()
        return self.record_id.action_open_leg() if self.record_id else False
