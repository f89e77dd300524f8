from odoo import api, fields, models

STATES = [
    ("unknown", "Not Checked"),
    ("reachable", "Reachable"),
    ("registered", "Registered"),
    ("unreachable", "Unreachable"),
    ("rejected", "Not Registered"),
]
WORST_FIRST = ("rejected", "unreachable", "unknown", "reachable", "registered")


class TelecomTrunkState(models.Model):
    """How a switch node finds a trunk. Written by its bridge when it changes, read here."""

    _name = "telecom.trunk.state"
    _description = "State of a SIP Trunk"
    _table = "telecom_trunk_state_page"
    _auto = False
    _log_access = False
    _order = "trunk_id, node"
    _rec_name = "node"
    _depends = {"telecom.trunk": ["active", "company_id"]}

    node = fields.Char(readonly=True, help="The switch that looked.")
    trunk_id = fields.Many2one("telecom.trunk", readonly=True)
    company_id = fields.Many2one("res.company", string="Owner", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    since = fields.Datetime(readonly=True)


class TelecomTrunk(models.Model):
    """A trunk shows what the switch nodes find."""

    _inherit = "telecom.trunk"

    link_ids = fields.One2many("telecom.trunk.state", "trunk_id", string="Switch Nodes", readonly=True)
    link_state = fields.Selection(
        STATES,
        string="Connection",
        compute="_compute_link",
        help="What the switch finds; of several nodes, the worst. A trunk that is unreachable or not registered is"
        " tried last, after all others of its route, until it is back.",
    )
    link_since = fields.Datetime(string="Since", compute="_compute_link")
    link_remedy = fields.Char(compute="_compute_link")

    @api.depends("link_ids.state", "link_ids.since")
    def _compute_link(self):
        for trunk in self:
            worst = min(trunk.link_ids, key=lambda link: WORST_FIRST.index(link.state), default=trunk.link_ids)
            trunk.link_state = worst.state or "unknown"
            trunk.link_since = worst.since
            trunk.link_remedy = trunk._link_remedy(worst.state)

    def _link_remedy(self, state):
        """Return what helps, False when nothing has to."""
        if state == "unreachable" and self.transport == "tls":
            return self.env._(
                "%s does not answer, or its certificate is refused. Check host and port, that the certificate is of"
                " this host and has not run out, and that the switch trusts who made it.",
                f"{self.host}:{self.port}",
            )
        if state == "unreachable":
            return self.env._(
                "%s does not answer. Check host, port and transport, and that the carrier's and your own firewall let"
                " SIP through. A carrier that never answers OPTIONS needs an empty Check Every.",
                f"{self.host}:{self.port}",
            )
        if state == "rejected":
            return self.env._(
                "The carrier did not accept the registration. Check user name and password with what the carrier gave"
                " you, type the password again and save: it is tried again at once."
            )
        return False
