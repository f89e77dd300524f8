import base64

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.addons.telecom_base.tools.read_table import ENCODINGS
from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.exceptions import ValidationError

from ..tools.columns import counts_billed, guess_all
from ..tools.parse import header_of

RESULTS = [
    ("matched", "The Same"),
    ("seconds", "Other Seconds"),
    ("cost", "Other Amount"),
    ("only_theirs", "Only Theirs"),
    ("only_ours", "Only Ours"),
    ("outside", "Outside the Period"),
]
COPIED = {"copy": False, "readonly": True}


class TelecomCarrierStatement(models.Model):
    """A carrier's own record file, held against our legs: what is the same, what differs, what one side has only."""

    _name = "telecom.carrier.statement"
    _description = "Carrier's Record File"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    carrier_id = fields.Many2one("telecom.carrier", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="carrier_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="carrier_id.currency_id", store=True)
    file = fields.Binary(required=True, attachment=True)
    filename = fields.Char(required=True, default="records.csv")
    state = fields.Selection(
        [
            ("draft", "To Compare"),
            ("queued", "Waiting for the Job"),
            ("problems", "Lines Cannot Be Read"),
            ("failed", "Refused"),
            ("done", "Compared"),
        ],
        default="draft",
        required=True,
        tracking=True,
        **COPIED,
    )
    message = fields.Text(**COPIED)
    date_from = fields.Date(
        string="From", help="First day, in the zone of the file. Empty: from the first call in the file."
    )
    date_to = fields.Date(string="To", help="Last day. Empty: to the last call in the file.")
    timezone = fields.Selection(
        _tz_get, string="Time Zone", required=True, default="UTC", help="Of times in the file that name no zone."
    )
    encoding = fields.Selection(ENCODINGS, required=True, default="auto")
    date_order = fields.Selection(
        [("auto", "Find Out"), ("dmy", "Day First (25/11)"), ("mdy", "Month First (11/25)")],
        string="Dates",
        required=True,
        default="auto",
    )
    direction = fields.Selection(
        [("outbound", "Calls Out (we pay)"), ("inbound", "Calls In (carrier pays)"), ("column", "As the Lines Say")],
        required=True,
        default="outbound",
    )
    directions_swapped = fields.Boolean(
        string="Seen from the Carrier", help="The file says 'inbound' for calls that we sent to the carrier."
    )
    seconds_are = fields.Selection(
        [("talked", "As Talked"), ("billed", "As Billed")],
        required=True,
        default="talked",
        help="As billed: after the carrier's increments. They are compared with ours of the same kind.",
    )
    start_is = fields.Selection(
        [("any", "Set-up or Answer"), ("setup", "Set-up"), ("answer", "Answer")],
        required=True,
        default="any",
    )
    country_code = fields.Char(help="Put before numbers that begin with a single 0, instead of it.")
    strip_prefix = fields.Char(string="Carrier's Prefix", help="Digits that stand before the number in the file.")
    tolerance_start_s = fields.Integer(string="Start Differs by up to (s)", default=10, required=True)
    tolerance_s = fields.Integer(string="Seconds Differ by up to (s)", default=1, required=True)
    tolerance_cost = fields.Float(string="Amount Differs by up to", digits=(20, 6), default=0.0, required=True)
    skip_unreadable = fields.Boolean(
        string="Leave Out Unreadable Lines",
        help="Compare the others. Otherwise nothing is compared while one is left.",
    )
    column_ids = fields.One2many("telecom.carrier.statement.column", "statement_id", string="Columns")
    problem_ids = fields.One2many("telecom.carrier.statement.problem", "statement_id", readonly=True)
    problem_count = fields.Integer(string="Unreadable Lines", **COPIED)
    unanswered = fields.Integer(string="Unanswered Lines", help="Of no seconds and no amount: left out.", **COPIED)
    matched_count = fields.Integer(string="The Same", **COPIED)
    seconds_count = fields.Integer(string="Other Seconds", **COPIED)
    cost_count = fields.Integer(string="Other Amount", **COPIED)
    only_theirs_count = fields.Integer(string="Only Theirs", **COPIED)
    only_ours_count = fields.Integer(string="Only Ours", **COPIED)
    outside_count = fields.Integer(string="Outside the Period", **COPIED)
    their_calls = fields.Integer(**COPIED)
    our_calls = fields.Integer(**COPIED)
    their_seconds = fields.Integer(**COPIED)
    our_seconds = fields.Integer(**COPIED)
    their_cost = fields.Float(string="Their Amount", digits=(20, 6), **COPIED)
    our_cost = fields.Float(string="Our Amount", digits=(20, 6), **COPIED)
    compared_at = fields.Datetime(**COPIED)

    _tolerances = models.Constraint(
        "CHECK (tolerance_start_s BETWEEN 0 AND 3600 AND tolerance_s BETWEEN 0 AND 3600 AND tolerance_cost >= 0)",
        "Starts and seconds may differ by 0 to 3,600 s; the amount by 0 or more.",
    )

    @api.depends("carrier_id.name", "filename")
    def _compute_name(self):
        for statement in self:
            carrier = statement.carrier_id.name
            statement.name = f"{carrier}: {statement.filename or ''}" if carrier else False  # a new one is called New

    @api.constrains("country_code", "strip_prefix", "date_from", "date_to")
    def _check_values(self):
        for statement in self:
            for text in (statement.country_code, statement.strip_prefix):
                if text and not (text.isascii() and text.isdigit() and len(text) <= 15):
                    raise ValidationError(self.env._("%s: give digits only, without + or 00.", text))
            if statement.date_from and statement.date_to and statement.date_from > statement.date_to:
                raise ValidationError(self.env._("The period ends before it begins."))

    @api.model_create_multi
    def create(self, vals_list):
        statements = super().create([self._with_layout(vals) for vals in vals_list])
        for statement in statements:
            statement._read_columns()
        return statements

    def write(self, vals):
        if {"file", "carrier_id"} & set(vals):
            vals = {**vals, "state": "draft", "message": False}
        result = super().write(vals)
        if {"file", "carrier_id", "encoding"} & set(vals):
            for statement in self:
                statement._read_columns()
        return result

    @api.model
    def _with_layout(self, vals):
        """Return `vals` filled up with how the carrier's last file was read."""
        carrier = self.env["telecom.carrier"].browse(vals.get("carrier_id") or [])
        known = (carrier.statement_layout or {}).get("settings", {})
        defaults = {"timezone": carrier.timezone or "UTC"}
        prefixes = set(carrier.trunk_ids.mapped("add_prefix")) - {False, ""}
        if len(prefixes) == 1:
            defaults["strip_prefix"] = prefixes.pop()
        return {**defaults, **known, **vals}

    @api.onchange("carrier_id")
    def _onchange_carrier_id(self):
        for name, value in self._with_layout({"carrier_id": self.carrier_id.id}).items():
            self[name] = value

    def _data(self):
        """Return the file's bytes."""
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _read_columns(self):
        """Name the columns and guess what they mean; what was set for this carrier before comes first."""
        self.ensure_one()
        self.column_ids.unlink()
        try:
            headers, samples = header_of(self._data(), self.encoding)
        except FileRefusedError as error:
            self.write({"state": "failed", "message": str(error)})
            return
        remembered = (self.carrier_id.statement_layout or {}).get("columns", {})
        meanings = guess_all(headers, samples, remembered)
        values = [
            {"place": place, "header": header, "meaning": meaning, "sample": _sample(samples[place])}
            for place, (header, meaning) in enumerate(zip(headers, meanings, strict=True))
        ]
        updates = {"column_ids": [fields.Command.create(one) for one in values], "message": False}
        if self.state == "failed":
            updates["state"] = "draft"
        if not remembered and any(counts_billed(one["header"]) for one in values if one["meaning"] == "seconds"):
            updates["seconds_are"] = "billed"
        if not remembered and "direction" in meanings:
            updates["direction"] = "column"
        self.write(updates)

    def action_open_lines(self):
        """Open the compared calls; context `result` shows one kind of them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_carrier_reconcile.action_statement_line")
        domain = [("statement_id", "=", self.id)]
        result = self.env.context.get("result")
        if result:
            domain.append(("result", "=", result))
        return {**action, "domain": domain, "context": {}, "display_name": self.name}


def _sample(values):
    """Return the first values of a column as one short text."""
    return " · ".join(str(value)[:30] for value in values[:3] if value not in (None, ""))
