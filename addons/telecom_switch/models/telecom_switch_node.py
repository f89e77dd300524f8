from odoo import fields, models


class TelecomSwitchNode(models.Model):
    """One Asterisk with its bridge, as its heartbeat tells. Written by the bridge, read here."""

    _name = "telecom.switch.node"
    _description = "Switch Node"
    _table = "telecom_switch_node_page"
    _auto = False
    _log_access = False
    _order = "name"

    name = fields.Char(readonly=True)
    state = fields.Selection(
        [("up", "Up"), ("late", "Late"), ("down", "Down")],
        readonly=True,
        help="Up: heartbeat within 15 s. Late: within a minute. Down: nothing for longer; chargeable calls of this "
        "node are refused, internal and emergency calls go on.",
    )
    version = fields.Char(readonly=True, help="Version of the bridge.")
    started_at = fields.Datetime(string="Started", readonly=True)
    heartbeat_at = fields.Datetime(string="Last Heartbeat", readonly=True)
    heartbeat_age_s = fields.Integer(
        string="Heartbeat Age (s)", readonly=True, aggregator="max", help="Seconds since the last heartbeat, now."
    )
    open_legs = fields.Integer(
        string="Answered Legs", readonly=True, help="Legs that were answered and have not ended, now."
    )
    reservations = fields.Integer(readonly=True, help="Calls for which money is set aside, now.")
    lines_set_aside = fields.Integer(
        readonly=True, help="Journal lines that could not be read and that nobody resolved."
    )
    findings = fields.Integer(
        string="Findings of a Day", readonly=True, help="What the bridge found wrong in the last 24 hours."
    )
    journal_free_mb = fields.Integer(
        string="Journal Room (MB)",
        readonly=True,
        aggregator=None,
        help="Free space of the volume that the leg journal lies on, at the last heartbeat.",
    )
    alarms = fields.Char(
        readonly=True,
        help="What a person has to look at: journal_volume_low (make room soon), journal_volume_full (calls that cost "
        "money are refused until there is room), journal_volume_unknown, clock_set, lines_set_aside.",
    )
    info = fields.Text(string="Details", readonly=True, help="What the bridge tells about itself.")

    def action_open_findings(self):
        """Open what this node's bridge has found."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_switch.action_switch_finding")
        return {**action, "domain": [("node", "=", self.name)], "context": {}}

    def action_open_lines(self):
        """Open the unresolved journal lines of this node."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_switch.action_journal_line")
        return {**action, "domain": [("node", "=", self.name)]}
