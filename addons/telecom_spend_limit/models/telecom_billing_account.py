from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import from_micro
from odoo.tools import SQL

LIMIT_FIELDS = ("max_spend_call", "max_spend_day", "max_spend_night", "spend_night_from", "spend_night_to")


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    max_spend_call = fields.Float(
        string="Most per Call",
        digits=(20, 6),
        min_display_digits=2,
        tracking=True,
        help="A call ends when it has cost so much, tax included, in the account's currency. A reseller's account: each"
        " call of its customers, by what the reseller pays for it. 0: no limit.",
    )
    max_spend_day = fields.Float(
        string="Most per Day",
        digits=(20, 6),
        min_display_digits=2,
        tracking=True,
        help="What calls of one day may cost together, tax included, in the account's currency and time zone. Running"
        " calls count with what is set aside for them. A reseller's account counts the calls of all its customers."
        " Who reaches it is locked: only free and emergency calls go on until somebody unlocks the account. 0: no"
        " limit.",
    )
    max_spend_night = fields.Float(
        string="Most per Night",
        digits=(20, 6),
        min_display_digits=2,
        tracking=True,
        help="As the most per day, for the calls of one night: most attacks come when nobody looks. 0: no limit.",
    )
    spend_night_from = fields.Float(
        string="Night From", default=22.0, tracking=True, help="In the account's time zone."
    )
    spend_night_to = fields.Float(
        string="Night To",
        default=6.0,
        tracking=True,
        help="In the account's time zone; earlier than its begin: on the day after.",
    )
    spent_today = fields.Float(
        digits=(20, 6),
        min_display_digits=2,
        compute="_compute_spent_today",
        help="What the calls that ended today have cost, in the account's currency and time zone.",
    )
    spend_lock_ids = fields.One2many("telecom.spend.lock", "account_id", readonly=True)
    spend_lock_id = fields.Many2one(
        "telecom.spend.lock",
        string="Locked",
        compute="_compute_spend_lock_id",
        search="_search_spend_lock_id",
        help="Why the account is locked: it has reached a limit of its own.",
    )

    _spend_limits_positive = models.Constraint(
        "CHECK (COALESCE(max_spend_call, 0) BETWEEN 0 AND 1000000"
        " AND COALESCE(max_spend_day, 0) BETWEEN 0 AND 1000000000"
        " AND COALESCE(max_spend_night, 0) BETWEEN 0 AND 1000000000)",
        "What an account may spend is zero (no limit) or more: at most 1,000,000 a call and 1,000,000,000 a day.",
    )
    _spend_night_hours = models.Constraint(
        "CHECK (COALESCE(spend_night_from, 0) >= 0 AND COALESCE(spend_night_from, 0) < 24"
        " AND COALESCE(spend_night_to, 0) >= 0 AND COALESCE(spend_night_to, 0) < 24)",
        "A night begins and ends between 00:00 and 23:59.",
    )

    def _compute_spent_today(self):
        for account in self:
            query = SQL("SELECT telecom_spend_today(%s)", account._origin.id)
            account.spent_today = from_micro(self.env.execute_query(query)[0][0]) if account._origin.id else 0.0

    @api.depends("spend_lock_ids.state")
    def _compute_spend_lock_id(self):
        for account in self:
            account.spend_lock_id = account.spend_lock_ids.filtered(lambda lock: lock.state == "locked")[:1]

    @api.model
    def _search_spend_lock_id(self, operator, value):
        if operator != "in" or set(value) != {False}:
            return NotImplemented
        return [("spend_lock_ids", "not any", [("state", "=", "locked")])]

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        if any(account[name] for account in accounts for name in LIMIT_FIELDS if name.startswith("max_")):
            accounts._refuse_credit()  # who lends money decides what may be spent
        return accounts

    def write(self, vals):
        if any(name in vals and account[name] != vals[name] for account in self for name in LIMIT_FIELDS):
            self._refuse_credit()
        return super().write(vals)

    def action_spend_unlock(self):
        """Let locked accounts call again; what they spend counts anew from now on."""
        self.check_access("write")
        self._refuse_credit()
        for account in self.filtered("spend_lock_id"):
            lock = account.spend_lock_id
            if account.env["telecom.wallet"]._call_function("telecom_spend_unlock", account.id, self.env.uid):
                # sudo: resellers write no messages themselves; that they may unlock was checked
                account.sudo()._message_log(body=self.env._("Unlocked. It was locked for: %s.", lock.reason))
        self.env["telecom.spend.lock"]._forget()
