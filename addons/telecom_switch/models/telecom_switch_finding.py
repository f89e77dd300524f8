import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

KEEP_DAYS = 365
"""Days that findings are kept, where the parameter `telecom_switch.finding_keep_days` says nothing; 0: for ever."""


class TelecomSwitchFinding(models.Model):
    """What a bridge found when it compared the switch with the books, and did about it. Written by the bridge."""

    _name = "telecom.switch.finding"
    _description = "Finding of the Switch"
    _table = "telecom_switch_finding_page"
    _auto = False
    _log_access = False
    _order = "found_at desc, id desc"
    _rec_name = "kind"

    found_at = fields.Datetime(string="Found", readonly=True)
    node = fields.Char(readonly=True)
    kind = fields.Selection(
        [
            ("orphan_reservation", "Money Held for No Call"),
            ("lost_leg", "End of a Leg Missing"),
            ("lost_answer", "Answer of a Leg Missing"),
            ("unpaid_channel", "Channel That Nobody Pays"),
            ("beyond_grant", "Leg Beyond Its Grant"),
            ("dead_node_leg", "Leg of a Dead Node"),
            ("line_set_aside", "Journal Line Set Aside"),
            ("clock_set", "Clock Was Set"),
            ("journal_volume", "Room of the Journal"),
        ],
        string="Finding",
        readonly=True,
    )
    done = fields.Char(
        string="What Was Done", compute="_compute_done", help="What the bridge did about it, without being asked."
    )
    seconds = fields.Float(
        readonly=True,
        aggregator=None,
        help="Charged seconds of a leg that was ended, seconds beyond the grant, or how far the clock was set.",
    )
    call_ref = fields.Char(string="Authorisation", readonly=True)
    leg_uniqueid = fields.Char(string="Leg", readonly=True)
    channel = fields.Char(readonly=True)
    detail = fields.Char(readonly=True)

    def _compute_done(self):
        done = {
            "orphan_reservation": self.env._("The money was given back."),
            "lost_leg": self.env._("The leg was charged up to its last sign of life, never beyond its grant."),
            "lost_answer": self.env._("The leg is charged from the instant at which it was first seen to be answered."),
            "unpaid_channel": self.env._("The channel was ended."),
            "beyond_grant": self.env._("The leg was ended; seconds beyond the grant are charged to nobody."),
            "dead_node_leg": self.env._("The leg was charged up to the node's last heartbeat."),
            "line_set_aside": self.env._("Nothing: a person has to look at the line."),
            "clock_set": self.env._("Limits of running calls were set anew; their durations leave the jump out."),
            "journal_volume": self.env._("While it is full, calls that cost money are refused."),
        }
        for finding in self:
            finding.done = done.get(finding.kind, "")

    @api.autovacuum
    def _gc_findings(self):
        """Delete findings that are older than they have to be kept; lines set aside are not findings and stay."""
        parameters = self.env["ir.config_parameter"].sudo()  # a setting of the system, read by its own job
        days = parameters.get_param("telecom_switch.finding_keep_days", KEEP_DAYS)
        if not str(days).isdecimal():
            _logger.error("telecom_switch.finding_keep_days must be a whole number of days, not %r", days)
            return
        if int(days):
            self.env.cr.execute("select telecom_switch_forget_findings(%s)", [int(days)])

    def action_open_records(self):
        """Open the call records of this finding's call."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_call.action_call_record")
        domain = [("leg_uniqueid", "=", self.leg_uniqueid)] if self.leg_uniqueid else [("call_ref", "=", self.call_ref)]
        return {**action, "domain": domain, "context": {}}

    def action_open_lines(self):
        """Open the journal lines that this node has set aside."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_switch.action_journal_line")
        return {**action, "domain": [("node", "=", self.node)]}
