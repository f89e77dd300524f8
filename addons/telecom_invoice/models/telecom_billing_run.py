from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

STATES = [
    ("draft", "Draft"),
    ("making", "Being Made"),
    ("made", "To Review"),
    ("posting", "Being Posted"),
    ("posted", "Posted"),
    ("discarding", "Being Discarded"),
]
CHOICE = {"company_id", "date_to", "account_ids", "invoice_date"}
COPIED = {"copy": False, "readonly": True}


class TelecomBillingRun(models.Model):
    """Invoices of a provider's customers for their calls up to a day: drafts to be looked at, then posted."""

    _name = "telecom.billing.run"
    _description = "Billing Run"
    _inherit = ["mail.thread", "telecom.job.mixin"]
    _order = "id desc"
    _job_action = "telecom_invoice.cron_billing_run"
    _job_back = {"making": "draft", "posting": "made", "discarding": "made"}

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    company_id = fields.Many2one(
        "res.company", string="Provider", required=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    state = fields.Selection(STATES, default="draft", required=True, tracking=True, **COPIED)
    date_to = fields.Date(
        string="Calls Until",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1) - timedelta(days=1),
        help="The day's end in the time zone of each account. Calls of before that are on no invoice yet are on these.",
    )
    invoice_date = fields.Date(required=True, tracking=True, default=fields.Date.context_today)
    account_ids = fields.Many2many(
        "telecom.billing.account",
        string="Accounts",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all postpaid ones. Prepaid ones get an invoice of what they have used when they are named.",
    )
    move_ids = fields.One2many("account.move", "telecom_billing_run_id", string="Documents", readonly=True)
    move_count = fields.Integer(string="Invoices", compute="_compute_totals")
    draft_count = fields.Integer(string="Drafts", compute="_compute_totals")
    total_text = fields.Char(
        string="Total", compute="_compute_totals", help="With tax, less what credit notes give back."
    )
    call_count = fields.Integer(string="Calls", compute="_compute_totals")
    problem_text = fields.Text(string="Left Out", help="Accounts and documents that need somebody, and why.", **COPIED)

    @api.depends("date_to", "company_id.name")
    def _compute_name(self):
        for run in self:
            day = fields.Date.to_string(run.date_to) if run.date_to else ""
            run.name = self.env._("%(company)s: calls until %(day)s", company=run.company_id.name or "", day=day)

    @api.depends("move_ids.state", "move_ids.amount_total")
    def _compute_totals(self):
        for run in self:
            moves = run.move_ids
            run.move_count = len(moves)
            run.draft_count = len(moves.filtered(lambda move: move.state == "draft"))
            run.call_count = sum(moves.mapped("telecom_call_count"))
            run.total_text = ", ".join(
                currency.format(sum(move._telecom_sign() * move.amount_total for move in mine))
                for currency, mine in moves.grouped("currency_id").items()
            )

    @api.constrains("company_id", "account_ids")
    def _check_accounts(self):
        for run in self:
            strange = run.account_ids.filtered(lambda account, run=run: account.company_id != run.company_id)
            if strange:
                raise ValidationError(
                    self.env._(
                        "%(account)s is no customer of %(company)s. Make a run of its own provider.",
                        account=strange[0].display_name,
                        company=run.company_id.name,
                    )
                )
            if not self.env["telecom.tenant"].sudo().search_count([("company_id", "=", run.company_id.id)], limit=1):
                raise ValidationError(self.env._("%s does not sell telephony.", run.company_id.name))

    def write(self, vals):
        if CHOICE & vals.keys():
            self._refuse_unless(("draft",), self.env._("It has documents: discard them first, or make another run."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_unless(("draft",), self.env._("It has documents: discard them first; posted ones stay."))

    def _refuse_unless(self, states, words):
        for run in self:
            if run.state not in states:
                raise UserError(self.env._("%(name)s: %(words)s", name=run.name, words=words))

    def action_make(self):
        """Make drafts of what is due."""
        self.check_access("write")
        self._refuse_unless(("draft",), self.env._("Its documents are made already."))
        for run in self:
            accounts = run._accounts()
            if not accounts:
                raise UserError(
                    self.env._(
                        "%s has no postpaid customers. Name the accounts that are to get an invoice.",
                        run.company_id.name,
                    )
                )
            run._refuse_unfinished_day(accounts)
            run._start_job("making")

    def action_post(self):
        """Post the drafts: they get their numbers, and are owed."""
        self._begin("posting")

    def action_discard(self):
        """Delete the drafts, so that their calls can be invoiced anew."""
        self._begin("discarding")

    def _begin(self, state):
        self.check_access("write")
        self._refuse_unless(("made",), self.env._("There is nothing to review: it is being worked on, or done."))
        for run in self:
            run._start_job(state)

    def _accounts(self):
        """Return whose calls are looked at; closed accounts may have calls that are not paid."""
        self.ensure_one()
        if self.account_ids:
            return self.account_ids
        domain = [("company_id", "=", self.company_id.id), ("mode", "=", "postpaid")]
        return self.env["telecom.billing.account"].search(domain, order="id")

    def _until(self, zone):
        """Return the instant at which the run's last day ends in a time zone."""
        return datetime.combine(self.date_to + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)

    def _refuse_unfinished_day(self, accounts):
        now = datetime.now(UTC)
        late = [zone for zone in set(accounts.mapped("tz")) if self._until(zone) > now]
        if late:
            raise UserError(
                self.env._(
                    "%(day)s is not over yet in %(zone)s: calls of that day are still to come. Choose a day that is.",
                    day=self.date_to,
                    zone=", ".join(sorted(late)),
                )
            )

    def action_open_moves(self):
        """Open the documents."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        domain = [("telecom_billing_run_id", "=", self.id)]
        return {**action, "domain": domain, "context": {"create": False}, "display_name": self.name}
