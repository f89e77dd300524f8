from odoo import api, fields, models
from odoo.addons.telecom_base.tools.sql import close_functions, run_sql_files
from odoo.tools import SQL

RULES = [
    ("day", "Most per day"),
    ("night", "Most per night"),
    ("repeated", "Calls to one number"),
    ("country", "Calls to unusual countries"),
]
MAILS_AT_ONCE = 200


class TelecomSpendLock(models.Model):
    """An account that one of its own limits has stopped, until somebody unlocks it. Written by SQL functions (sql/)."""

    _name = "telecom.spend.lock"
    _description = "Spending Lock"
    _auto = False
    _table = "telecom_spend_lock_view"
    _rec_name = "reason"
    _order = "id desc"
    _depends = {"telecom.billing.account": ["company_id", "partner_id", "customer_company_id", "currency_id"]}

    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    company_id = fields.Many2one("res.company", string="Provider", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_company_id = fields.Many2one("res.company", string="Reseller's Company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    rule = fields.Selection(RULES, readonly=True, help="The limit that was reached.")
    reason = fields.Char(compute="_compute_reason")
    locked_at = fields.Datetime(string="Locked", readonly=True)
    most = fields.Float(string="Limit", digits=(20, 6), min_display_digits=2, readonly=True, aggregator=None)
    spent = fields.Float(
        digits=(20, 6),
        min_display_digits=2,
        readonly=True,
        aggregator=None,
        help="What calls had cost when it was locked; the rest of the limit was set aside for running calls.",
    )
    called = fields.Char(string="Number", readonly=True, help="The number of the call that the limit left no room for.")
    mailed_at = fields.Datetime(
        string="Notice", readonly=True, help="When the customer and its provider were told by e-mail."
    )
    state = fields.Selection([("locked", "Locked"), ("unlocked", "Unlocked")], readonly=True)
    unlocked_at = fields.Datetime(string="Unlocked", readonly=True)
    user_id = fields.Many2one("res.users", string="Unlocked by", readonly=True, groups="telecom_base.group_staff")

    def init(self):
        files = ("tables.sql", "count.sql", "lock.sql", "verdicts.sql", "views.sql")
        run_sql_files(self.env.cr, "telecom_spend_limit", *files)
        close_functions(self.env.cr, "telecom_spend_")

    @api.depends("rule", "most")
    def _compute_reason(self):
        names = dict(self._fields["rule"]._description_selection(self.env))
        for lock in self:
            lock.reason = names[lock.rule]

    def action_unlock(self):
        """Unlock the accounts of these locks."""
        self.account_id.action_spend_unlock()

    @api.model
    def _forget(self):
        """Drop cached rows, which PostgreSQL changed without the ORM."""
        self.invalidate_model()
        self.env["telecom.billing.account"].invalidate_model(["spend_lock_ids", "spend_lock_id", "spent_today"])

    @api.model
    def _cron_notices(self):
        """Tell the customer and its provider of new locks: each once, since the mark commits with the queued mails."""
        locks = self.search([("mailed_at", "=", False)], order="id", limit=MAILS_AT_ONCE)
        marked = self.env.execute_query(SQL("SELECT telecom_spend_mailed(%s)", locks.ids))[0][0] if locks else []
        for lock in self.browse(marked):
            lock._notify()
        if marked:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()  # the cron is nobody's in particular
        self._forget()

    def _notify(self):
        """Queue the mails to whoever has an address, and note it on the account."""
        self.ensure_one()
        for side, address in (("customer", self.partner_id.email), ("provider", self.company_id.email)):
            if address:
                template = self.env.ref(f"telecom_spend_limit.mail_template_{side}")
                # to nobody else: the customer is the record's default recipient, also of what its provider is told
                template.send_mail(self.id, email_values={"email_to": address, "recipient_ids": []})
        self.account_id._message_log(body=self.env._("Locked: %s. Calls that cost something are refused.", self.reason))
