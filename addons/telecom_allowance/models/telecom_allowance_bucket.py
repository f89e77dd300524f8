from odoo import api, fields, models
from odoo.addons.telecom_base.tools.sql import close_functions, run_sql_files


class TelecomAllowanceBucket(models.Model):
    """Included minutes of an account: one month of its plan, or one block. Changed by SQL functions only (sql/)."""

    _name = "telecom.allowance.bucket"
    _description = "Included Minutes of an Account"
    _auto = False
    _table = "telecom_allowance_bucket_view"
    _rec_name = "name"
    _order = "account_id, valid_to desc nulls first, id desc"
    _depends = {
        "telecom.billing.account": ["company_id", "partner_id", "customer_company_id"],
        "telecom.allowance": ["name"],
    }

    name = fields.Char(string="Included Minutes", readonly=True)
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    company_id = fields.Many2one("res.company", string="Provider", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_company_id = fields.Many2one("res.company", string="Reseller's Company", readonly=True)
    kind = fields.Selection([("month", "Month"), ("block", "Block")], readonly=True)
    period_start = fields.Datetime(string="From", readonly=True)
    valid_to = fields.Datetime(
        string="Until", readonly=True, help="Empty: for ever. With roll-over the end of the month after."
    )
    state = fields.Selection(
        [("good", "Good"), ("rolled", "Rolled over"), ("used", "Used up"), ("over", "Over")],
        readonly=True,
        help="Rolled over: left from last month. Over: its time has passed.",
    )
    given = fields.Float(readonly=True, help="Minutes and seconds that were given.")
    used = fields.Float(readonly=True, help="Minutes and seconds that calls have used.")
    expired = fields.Float(readonly=True, help="Minutes and seconds that nobody used in time.")
    held = fields.Float(string="Reserved", readonly=True, help="Set aside for calls that are running now.")
    free = fields.Float(string="Left", readonly=True, help="Minutes and seconds that new calls may use.")
    entry_ids = fields.One2many("telecom.allowance.entry", "bucket_id", readonly=True)

    def init(self):
        run_sql_files(self.env.cr, "telecom_allowance", "tables.sql", "give.sql", "calls.sql", "check.sql", "views.sql")
        close_functions(self.env.cr, "telecom_allowance_")

    @api.model
    def _forget(self):
        """Drop cached rows, which PostgreSQL changed without the ORM."""
        self.invalidate_model()
        self.env["telecom.allowance.entry"].invalidate_model()
        self.env["telecom.billing.account"].invalidate_model(["included_left"])
