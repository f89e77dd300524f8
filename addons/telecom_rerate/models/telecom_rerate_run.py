from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

STATES = [
    ("draft", "Draft"),
    ("previewing", "Being Compared"),
    ("previewed", "Compared"),
    ("applying", "Being Applied"),
    ("applied", "Applied"),
    ("undoing", "Being Undone"),
    ("undone", "Undone"),
]
RUNNING = ("previewing", "applying", "undoing")
POSTED = ("applying", "applied", "undoing", "undone")
RESULTS = (
    *("telecom_call_correction", "telecom_call_correction_price"),
    *("telecom_call_cost_correction", "telecom_call_cost_price"),
    "telecom_rerate_fault",
)
COPIED = {"copy": False, "readonly": True}


class TelecomRerateRun(models.Model):
    """Calls of a period priced anew: compared first, then given back and charged anew, perhaps undone."""

    _name = "telecom.rerate.run"
    _description = "Re-rating"
    _inherit = ["mail.thread", "telecom.job.mixin"]
    _order = "id desc"
    _job_action = "telecom_rerate.cron_rerate"
    _choice = frozenset(
        {
            *("company_id", "date_from", "date_to", "direction", "taxes", "subject"),
            *("account_ids", "plan_ids", "destination_ids", "carrier_ids"),
        }
    )
    """Fields that say which calls are compared, and how: to change one is to compare again."""
    _job_back = {"previewing": "draft", "applying": "previewed", "undoing": "applied"}

    name = fields.Char(string="Reason", required=True, tracking=True, help="Customers read it beside the entries.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="restrict", readonly=True
    )
    state = fields.Selection(STATES, default="draft", required=True, tracking=True, **COPIED)
    date_from = fields.Datetime(string="Started From", required=True, tracking=True)
    date_to = fields.Datetime(string="Started Before", required=True, tracking=True)
    subject = fields.Selection(
        [("charges", "What Customers Pay"), ("costs", "What Carriers Take and Pay"), ("both", "Both")],
        string="Price Anew",
        required=True,
        default="charges",
        tracking=True,
        help="Customers and resellers by their plans, carriers by their decks: the prices that hold for the instant of"
        " each call, as they stand now. Included minutes that a call has used stay used; the rest of it is priced.",
    )
    direction = fields.Selection([("outbound", "Outbound"), ("inbound", "Inbound")], help="Empty: both.")
    account_ids = fields.Many2many(
        "telecom.billing.account",
        string="Accounts",
        help="Calls that one of these accounts pays for, a reseller's too. Empty: all.",
    )
    plan_ids = fields.Many2many(
        "telecom.rate.plan", string="Rate Plans", help="Calls that were charged by one of them. Empty: all."
    )
    destination_ids = fields.Many2many("telecom.destination", string="Destinations", help="Empty: all.")
    carrier_ids = fields.Many2many("telecom.carrier", string="Carriers", help="Empty: all.")
    taxes = fields.Selection(
        [("then", "As They Were Charged"), ("now", "As the Accounts Have Them Now")],
        required=True,
        default="then",
        help="Prices are those of the instant of the call, as they stand now. Taxes have no dates.",
    )
    call_count = fields.Integer(string="Calls Looked At", **COPIED)
    changed_count = fields.Integer(string="Calls That Change", **COPIED)
    covered_count = fields.Integer(
        string="With Included Minutes",
        help="Calls looked at that have used included minutes: these stay used, only paid seconds are priced.",
        **COPIED,
    )
    fault_count = fields.Integer(string="Calls Without a New Price", **COPIED)
    cost_count = fields.Integer(string="Carriers' Legs Looked At", **COPIED)
    cost_changed_count = fields.Integer(string="Carriers' Legs That Change", **COPIED)
    cost_fault_count = fields.Integer(string="Carriers' Legs Without a New Price", **COPIED)
    fault_text = fields.Text(string="Why", **COPIED)
    sum_ids = fields.One2many("telecom.rerate.sum", "run_id", readonly=True)
    cost_sum_ids = fields.One2many("telecom.rerate.cost.sum", "run_id", readonly=True)
    compared_at = fields.Datetime(**COPIED)
    applied_at = fields.Datetime(**COPIED)

    _period = models.Constraint("CHECK (date_from < date_to)", "A period begins before it ends.")

    @api.constrains("company_id")
    def _check_owner(self):
        """Prices of all levels are the owner's business."""
        owners = self.env["telecom.tenant"].sudo().search([("parent_id", "=", False)]).company_id
        for run in self:
            if run.company_id not in owners:
                raise ValidationError(
                    self.env._("Calls are re-rated at all levels at once: choose the owner's company at the top right.")
                )

    def write(self, vals):
        if self._choice & vals.keys():
            self._refuse_when(POSTED, self.env._("It has been applied: make another one."))
            self._refuse_when(RUNNING, self.env._("It is being worked on: wait until that is done."))
            if self.ids:
                self._forget()
            vals = {"state": "draft", "message": False, **vals}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self._refuse_when(
            (*POSTED, *RUNNING), self.env._("It has changed the books: what it did must stay to be seen.")
        )
        self._forget()

    def _refuse_when(self, states, words):
        for run in self:
            if run.state in states:
                raise UserError(self.env._("%(name)s: %(words)s", name=run.name, words=words))

    def _forget(self):
        """Take away what was compared."""
        for table in RESULTS:
            self.env.cr.execute(SQL("delete from %s where run_id = any(%s)", SQL.identifier(table), self.ids))
        self._invalidate_results()

    def _invalidate_results(self):
        for name in ("line", "sum", "cost.line", "cost.sum"):
            self.env[f"telecom.rerate.{name}"].invalidate_model()

    def action_preview(self):
        """Compare what the calls cost with what they would cost now."""
        self._begin("previewing", ("draft", "previewed"))

    def action_apply(self):
        """Give back what was charged and charge anew."""
        self._begin("applying", ("previewed",))

    def action_undo(self):
        """Put the charges back that there were before."""
        self._begin("undoing", ("applied",))

    def _begin(self, state, after):
        self.ensure_one()
        self.check_access("write")
        if self.state not in after:
            label = dict(self._fields["state"]._description_selection(self.env))[self.state]
            raise UserError(self.env._("%(name)s is %(state)s already.", name=self.name, state=label))
        self._start_job(state)

    def action_open_lines(self):
        """Open the calls that change."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_rerate.action_rerate_line")
        return {**action, "domain": [("run_id", "=", self.id)], "display_name": self.name}

    def action_open_cost_lines(self):
        """Open the carriers' legs that change."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_rerate.action_rerate_cost_line")
        return {**action, "domain": [("run_id", "=", self.id)], "display_name": self.name}
