from binascii import a2b_base64

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.addons.telecom_base.tools.read_table import ENCODINGS
from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.exceptions import UserError

from ..tools.columns import MEANINGS, PLAN_ONLY, guess_all
from ..tools.parse import header_of
from .ir_attachment import UNSEARCHED

RESULTS = [
    ("new", "New"),
    ("raised", "Raised"),
    ("lowered", "Lowered"),
    ("changed", "Other Terms"),
    ("closed", "Closed"),
]
STATES = [
    ("draft", "To Verify"),
    ("verifying", "Being Verified"),
    ("problems", "Lines to Correct"),
    ("failed", "Refused"),
    ("verified", "Verified"),
    ("applying", "Being Applied"),
    ("applied", "Applied"),
    ("rolling_back", "Being Rolled Back"),
    ("rolled_back", "Rolled Back"),
]
RUNNING = ("verifying", "applying", "rolling_back")
WRITTEN = ("applying", "applied", "rolling_back", "rolled_back")
READ_BY = {"file", "carrier_id", "plan_id", "direction", "encoding"}
DEFINES = {*READ_BY, "scope", "start", "timezone", "date_order", "column_ids"}
REMEMBERED = ("scope", "timezone", "encoding", "date_order")
COPIED = {"copy": False, "readonly": True}
MANY_CLOSED = 5  # of a deck, a fifth: perhaps the file has only changes


class TelecomPriceImport(models.Model):
    """A price list as a file: what it changes in a deck or plan is shown first, then applied, then perhaps undone."""

    _name = "telecom.price.import"
    _description = "Price Import"
    _inherit = ["mail.thread", "telecom.job.mixin", "telecom.price.target.mixin"]
    _job_action = "telecom_deck_import.cron_price_imports"
    _job_back = {"verifying": "draft", "applying": "verified", "rolling_back": "applied"}
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    file = fields.Binary(required=True, attachment=True)
    filename = fields.Char(required=True, default="prices.csv")
    state = fields.Selection(STATES, default="draft", required=True, tracking=True, **COPIED)
    scope = fields.Selection(
        [("full", "Whole List: prices that are missing end"), ("partial", "Changes Only: the others stay")],
        string="The File Is",
        required=True,
        default="full",
        tracking=True,
    )
    start = fields.Datetime(
        string="Prices Count From",
        tracking=True,
        help="Empty: from the second after they are applied. Lines with a later date of their own count from that.",
    )
    timezone = fields.Selection(
        _tz_get, string="Time Zone", required=True, default="UTC", help="Of dates in the file that name no zone."
    )
    encoding = fields.Selection(ENCODINGS, required=True, default="auto")
    date_order = fields.Selection(
        [("auto", "Find Out"), ("dmy", "Day First (25/11)"), ("mdy", "Month First (11/25)")],
        string="Dates",
        required=True,
        default="auto",
    )
    header_line = fields.Integer(default=1, **COPIED)
    column_ids = fields.One2many("telecom.price.import.column", "import_id", string="Columns")
    problem_ids = fields.One2many("telecom.price.import.problem", "import_id", readonly=True)
    problem_count = fields.Integer(string="Bad Lines", **COPIED)
    line_count = fields.Integer(string="Lines Read", **COPIED)
    price_count = fields.Integer(string="Prices Read", help="One for each prefix or destination of a line.", **COPIED)
    ended_count = fields.Integer(string="Ended Already", help="Lines whose prices are over: left out.", **COPIED)
    repeated_count = fields.Integer(string="Said Twice", help="Prices that an earlier line gives as well.", **COPIED)
    new_count = fields.Integer(string="New", **COPIED)
    raised_count = fields.Integer(string="Raised", **COPIED)
    lowered_count = fields.Integer(string="Lowered", **COPIED)
    changed_count = fields.Integer(string="Other Terms", **COPIED)
    closed_count = fields.Integer(string="Closed", **COPIED)
    unchanged_count = fields.Integer(string="Unchanged", **COPIED)
    verified_for = fields.Datetime(string="Compared With Prices Of", **COPIED)
    verified_until = fields.Datetime(
        help="From then on another price holds somewhere: what was found is over.", **COPIED
    )
    verified_version = fields.Integer(**COPIED)
    applied_version = fields.Integer(**COPIED)
    applied_at = fields.Datetime(
        string="In Force From", help="The earliest second of its prices.", tracking=True, **COPIED
    )
    warning = fields.Char(compute="_compute_warning")

    @api.depends("carrier_id.name", "plan_id.name", "filename")
    def _compute_name(self):
        for one in self:
            target = one._target().name
            one.name = f"{target}: {one.filename or ''}" if target else False  # a new one is called New

    @api.depends("scope", "closed_count", "unchanged_count", "raised_count", "lowered_count", "changed_count", "state")
    def _compute_warning(self):
        for one in self:
            known = one.closed_count + one.unchanged_count + one.raised_count + one.lowered_count + one.changed_count
            doubtful = one.state == "verified" and one.closed_count * MANY_CLOSED > known
            one.warning = doubtful and self.env._(
                "%(closed)s of about %(known)s prices would end because the file does not have them. Is it the whole"
                " list?",
                closed=one.closed_count,
                known=known,
            )

    @api.model_create_multi
    def create(self, vals_list):
        unsearched = self.with_context(**{UNSEARCHED: True})
        values = [{**self._with_layout(vals), "file": False} for vals in vals_list]
        imports = super(TelecomPriceImport, unsearched).create(values)
        imports._keep_files([vals.get("file") for vals in vals_list])
        imports = imports.with_env(self.env)
        for one in imports:
            one._target().check_access("read")
            one._read_columns()
        return imports

    def _keep_files(self, files):
        """Store files (base64). As the field does it, but that one copies and encodes a big file several times."""
        values = {"name": "file", "res_model": self._name, "res_field": "file", "type": "binary"}
        self.env["ir.attachment"].sudo().create(
            [
                {**values, "res_id": one.id, "raw": a2b_base64(file)}
                for one, file in zip(self, files, strict=True)
                if file
            ]
        )
        self.invalidate_recordset(["file"])

    def write(self, vals):
        if DEFINES & set(vals):
            self._refuse_when(WRITTEN, self.env._("It has been applied: upload the file again for another import."))
            self._refuse_when(("verifying",), self.env._("It is being verified: wait until that is done."))
            vals = {"state": "draft", "message": False, **vals}
        result = super(TelecomPriceImport, self.with_context(**{UNSEARCHED: True})).write(vals)
        if READ_BY & set(vals):
            for one in self:
                one._read_columns()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [{**vals, "file": one.file, "column_ids": False} for one, vals in zip(self, vals_list, strict=True)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_when(
            ("applied", *RUNNING), self.env._("It is in use: what it did could not be rolled back any more.")
        )

    def _refuse_when(self, states, words):
        """Raise UserError when one of them is in such a state."""
        for one in self:
            if one.state in states:
                raise UserError(self.env._("%(name)s: %(words)s", name=one.name, words=words))

    @api.model
    def _with_layout(self, vals):
        """Return `vals` filled up with how the last file of this deck or plan was read."""
        target = self.new(vals)._target()
        known = self._layout_of(target, vals.get("direction") or "outbound").get("settings", {})
        return {"timezone": target.timezone or "UTC", **known, **vals}

    @api.model
    def _layout_of(self, target, direction):
        """Return how the last file of a deck or plan was read, for who may see the deck or plan itself."""
        target = target._origin
        target.check_access("read")
        layouts = target.sudo().price_layouts or {}
        return layouts.get(direction if target._name == "telecom.carrier" else "plan", {})

    @api.onchange("carrier_id", "plan_id", "direction")
    def _onchange_target(self):
        values = {"carrier_id": self.carrier_id.id, "plan_id": self.plan_id.id, "direction": self.direction}
        for name, value in self._with_layout(values).items():
            if name in REMEMBERED:
                self[name] = value

    def _work(self, state, tell):
        """Big imports, by the scheduled action."""
        work = {"verifying": lambda: self._verify(tell), "applying": self._apply, "rolling_back": self._roll_back}
        work[state]()

    def _data(self):
        """Return the bytes of the file: not by way of base64, as the field has them, for it may be a big one."""
        return self._attachment().raw or b""

    def _attachment(self):
        """Return the file, with rights of its own."""
        self.ensure_one()
        self.check_access("read")
        domain = [("res_model", "=", self._name), ("res_field", "=", "file"), ("res_id", "=", self.id)]
        return self.env["ir.attachment"].sudo().search(domain, limit=1)

    def _meanings(self):
        """Return the meanings that columns of such a file may have."""
        return {name for name, _label in MEANINGS} - (set() if self.plan_id else PLAN_ONLY)

    def _read_columns(self):
        """Name the columns and guess what they mean; what was set for this deck or plan before comes first."""
        self.ensure_one()
        self.column_ids.unlink()
        allowed = self._meanings()
        try:
            line, headers, samples = header_of(self._data(), self.encoding, allowed)
        except FileRefusedError as error:
            self.write({"state": "failed", "message": str(error)})
            return
        remembered = self._layout_of(self._target(), self.direction).get("columns", {})
        if not set(remembered) & set(headers):
            remembered = {}
        meanings = guess_all(headers, samples, remembered, allowed)
        values = [
            {"place": place, "header": header, "meaning": meaning, "sample": _sample(samples[place])}
            for place, (header, meaning) in enumerate(zip(headers, meanings, strict=True))
        ]
        columns = [fields.Command.create(one) for one in values]
        self.write({"column_ids": columns, "header_line": line, "state": "draft", "message": False})

    @api.model
    def _action_of(self, target, **defaults):
        """Return the action that shows the imports of a carrier or plan."""
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_deck_import.action_price_import")
        name = "carrier_id" if target._name == "telecom.carrier" else "plan_id"
        context = {f"default_{name}": target.id, **defaults}
        return {**action, "domain": [(name, "=", target.id)], "context": context}

    def action_open_changes(self):
        """Open what the import changes; context `result` shows one kind of it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_deck_import.action_price_change")
        result = self.env.context.get("result")
        domain = [("import_id", "=", self.id), *([("result", "=", result)] if result else [])]
        return {**action, "domain": domain, "context": {}, "display_name": self.name}


def _sample(values):
    """Return the first values of a column as one short text."""
    return " · ".join(str(value)[:30] for value in values[:3] if value not in (None, ""))
