from odoo import api, fields, models
from odoo.addons.telecom_base.tools.sql import close_functions, run_sql_files
from odoo.tools.sql import table_exists

from ..tools.watch import start_watching
from ..tools.watched import WATCHES

STAFF = "telecom_base.group_auditor"
CATEGORIES = [
    ("price", "Price"),
    ("balance", "Balance"),
    ("limit", "Limit"),
    ("status", "Status"),
    ("permission", "Permission"),
    ("credential", "Password or Key"),
    ("setting", "Setting"),
]
DOORS = [
    ("web", "Page"),
    ("api", "Method Call"),
    ("job", "Scheduled Action"),
    ("server", "Server"),
    ("sql", "Database"),
]


class TelecomAuditLine(models.Model):
    """What somebody changed: written by triggers of the tables (sql/), by nothing else, and never changed itself."""

    _name = "telecom.audit.line"
    _description = "Change"
    _auto = False
    _table = "telecom_audit_line_view"
    _rec_name = "record_name"
    _order = "id desc"

    changed_at = fields.Datetime(string="When", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True, groups=STAFF)
    user_name = fields.Char(string="Name Then", readonly=True, groups=STAFF, help="Name and log-in at that moment.")
    who = fields.Char(compute="_compute_who", compute_sudo=True, string="By")
    door = fields.Selection(
        DOORS,
        readonly=True,
        help="How it was done: on a page, by a method call with an API key, by a scheduled action, by the server"
        " itself, or in the database.",
    )
    address = fields.Char(readonly=True, groups=STAFF, help="From which network address.")
    import_id = fields.Many2one(
        "telecom.price.import",
        string="Price List",
        readonly=True,
        groups=STAFF,
        help="It holds all old and new prices.",
    )
    company_id = fields.Many2one("res.company", readonly=True, help="Empty: of the system itself.")
    category = fields.Selection(CATEGORIES, string="What", readonly=True)
    model = fields.Char(string="Technical Name", readonly=True, groups=STAFF)
    kind = fields.Char(compute="_compute_labels", compute_sudo=True, help="What sort of record it is.")
    record_id = fields.Integer(readonly=True, aggregator=None, groups=STAFF)
    record_name = fields.Char(string="Of", readonly=True, help="As it was called at that moment.")
    plan_id = fields.Many2one("telecom.rate.plan", string="Rate Plan", readonly=True)
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    carrier_id = fields.Many2one("telecom.carrier", readonly=True, groups=STAFF)
    of_user_id = fields.Many2one("res.users", readonly=True, groups=STAFF)
    action = fields.Selection(
        [("added", "Added"), ("changed", "Changed"), ("removed", "Removed")], string="Change", readonly=True
    )
    field = fields.Char(string="Technical Field", readonly=True, groups=STAFF)
    field_label = fields.Char(compute="_compute_labels", compute_sudo=True, string="Field")
    old_value = fields.Char(string="Before", readonly=True)
    new_value = fields.Char(string="After", readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True, help="How many rows one statement changed like that.")
    details = fields.Text(readonly=True, help="Each row of a statement that changed many.")
    noted_company = fields.Integer(
        readonly=True, aggregator=None, groups=STAFF, help="The company's id, for the rule; -1: the system's own."
    )

    def init(self):
        run_sql_files(self.env.cr, "telecom_audit", "10_trail.sql")
        self._start_watching()

    @api.model
    def _start_watching(self):
        """Watch what is described in `tools/watched.py` and what other addons have added to it."""
        for watch in WATCHES.values():
            if table_exists(self.env.cr, watch.table):
                start_watching(self.env.cr, watch)
        close_functions(self.env.cr, "telecom_audit_")

    @api.depends("model", "field")
    def _compute_labels(self):
        for line in self:
            model = self.env.get(line.model)
            known = model is not None and model._fields.get(line.field)
            line.kind = model._description if model is not None else line.model
            line.field_label = known._description_string(self.env) if known else line.field

    @api.depends("user_id", "user_name", "company_id")
    @api.depends_context("uid")
    def _compute_who(self):
        """Who is not of the reader's company is the provider to people outside: they do not learn its names."""
        reader = self.env.user
        for line in self:
            stranger = reader.share and line.user_id.company_id not in reader.company_ids
            line.who = self.env._("your provider") if stranger else line.user_name

    @api.autovacuum
    def _clear_too_old(self):
        """Delete what is older than is kept; to begin with everything is kept."""
        self.env.cr.execute("SELECT telecom_audit_clear()")
