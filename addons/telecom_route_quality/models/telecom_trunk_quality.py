from odoo import api, fields, models
from odoo.addons.telecom_base.tools.sql import run_sql_file
from odoo.tools import SQL

SETTINGS = {"window_h": 24, "half_life_h": 4, "least": 20}
"""System parameters telecom_route_quality.<name>, and what holds without them (sql/quality.sql says what they are)."""


class TelecomTrunkQuality(models.Model):
    """How well a trunk completes calls to a place: worked out every few minutes from our own call records."""

    _name = "telecom.trunk.quality"
    _description = "Quality of a Trunk"
    _auto = False
    _table = "telecom_trunk_quality_view"
    _rec_name = "trunk_id"
    _order = "place desc, destination_id, group_id, quality, id"
    _depends = {"telecom.trunk": ["carrier_id"], "telecom.destination": ["group_id"]}

    trunk_id = fields.Many2one("telecom.trunk", string="SIP Trunk", readonly=True)
    carrier_id = fields.Many2one("telecom.carrier", readonly=True)
    destination_id = fields.Many2one("telecom.destination", readonly=True)
    group_id = fields.Many2one("telecom.destination.group", string="Destination Group", readonly=True)
    place = fields.Selection(
        [("destination", "A destination"), ("group", "A group"), ("all", "Everywhere")],
        string="Figures Of",
        readonly=True,
        help="Calls go by the figures of their destination, else of its group, else by those of the whole trunk.",
    )
    calls = fields.Integer(readonly=True, help="Attempts of the last hours that were not given up by the caller.")
    answered = fields.Integer(readonly=True)
    asr = fields.Float(
        string="ASR (%)",
        digits=(5, 2),
        readonly=True,
        aggregator="avg",
        help="Answer-seizure ratio: answered of the attempts. Older ones count less.",
    )
    acd_s = fields.Float(
        string="ACD (s)", digits=(10, 1), readonly=True, aggregator="avg", help="Average duration of an answered call."
    )
    pdd_s = fields.Float(
        string="PDD (s)",
        digits=(10, 2),
        readonly=True,
        aggregator="avg",
        help="Post-dial delay: from the dialling to the first ringing. Empty: no call has told it.",
    )
    quality = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="0 to 100: the ASR, less where calls last shorter than those of all trunks to the same place, at most by"
        " half. Routes may put trunks of a low quality last.",
    )
    since = fields.Datetime(string="First Attempt", readonly=True)
    until = fields.Datetime(string="Last Attempt", readonly=True)
    refreshed_at = fields.Datetime(string="Worked Out", readonly=True)

    def init(self):
        run_sql_file(self.env.cr, "telecom_route_quality", "quality.sql")

    @api.model
    def _refresh(self):
        """Work the figures out anew; return how many there are."""
        window_h, half_life_h, least = (self._setting(name) for name in SETTINGS)
        self.env.cr.execute(
            SQL("select telecom_trunk_quality_refresh(now(), %s, %s, %s)", window_h, half_life_h, least)
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _setting(self, name):
        """Return a setting: a whole number above zero; anything else counts as not set."""
        text = self.env["ir.config_parameter"].sudo().get_param(f"telecom_route_quality.{name}") or ""
        return int(text) if text.isascii() and text.isdecimal() and int(text) else SETTINGS[name]

    def action_open_records(self):
        """Open the call records that these figures come from."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_call.action_call_record")
        domain = [
            ("trunk_id", "=", self.trunk_id.id),
            ("direction", "=", "outbound"),
            ("disposition", "!=", "cancelled"),
            ("started_at", ">=", self.since),
            ("started_at", "<=", self.until),
        ]
        if self.place == "destination":
            domain.append(("destination_id", "=", self.destination_id.id))
        elif self.place == "group":
            domain.append(("destination_id.group_id", "=", self.group_id.id))
        return {**action, "domain": domain, "context": {}}
