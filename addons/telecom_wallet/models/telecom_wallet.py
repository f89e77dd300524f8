import psycopg2
from odoo import api, fields, models
from odoo.addons.telecom_base.tools.sql import close_functions, run_sql_files
from odoo.exceptions import UserError
from odoo.modules import module
from odoo.sql_db import db_connect
from odoo.tools import SQL

NO_WALLET, KEY_USED, BAD_ARGUMENT, SHORT = "BSS01", "BSS02", "BSS03", "BSS05"  # raised by the SQL functions
LOCK_TIMEOUT_MS = 5_000  # calls hold a wallet for milliseconds; longer means that something is wrong


class TelecomWallet(models.Model):
    """An account's balance and what running calls hold of it. Read here, changed by SQL functions only (sql/)."""

    _name = "telecom.wallet"
    _description = "Wallet"
    _auto = False
    _table = "telecom_wallet_view"
    _rec_name = "account_id"
    _order = "id"  # the account's; its own order would have all accounts sorted by their companies' names first
    _depends = {"telecom.billing.account": ["company_id", "partner_id", "customer_company_id", "currency_id"]}

    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    company_id = fields.Many2one("res.company", string="Provider", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_company_id = fields.Many2one("res.company", string="Reseller's Company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    balance = fields.Float(digits=(20, 6), min_display_digits=4, readonly=True)
    reserved = fields.Float(
        digits=(20, 6), min_display_digits=4, readonly=True, help="Held by calls that are running now."
    )
    credit_limit = fields.Float(digits=(20, 6), min_display_digits=4, readonly=True)
    headroom = fields.Float(
        digits=(20, 6),
        min_display_digits=4,
        readonly=True,
        help="What new calls may use: balance + credit limit - reserved.",
    )

    def init(self):
        files = ("tables", "post", "reserve", "extend", "charge", "correct", "check", "views")
        run_sql_files(self.env.cr, "telecom_wallet", *(f"{name}.sql" for name in files))
        close_functions(self.env.cr, "telecom_wallet_")

    @api.model
    def _call_function(self, function: str, *args):
        """Run a wallet function and return its value; what it refuses is raised as UserError.

        It runs in a short transaction of its own: a page's transaction may last seconds, and would hold the wallet
        against all calls of the account; and it sees an old snapshot, so that a busy wallet would refuse it every time
        (repeatable read). What is posted therefore stays when the caller rolls back: give an idempotency key that the
        repeated caller gives again. An account that is not committed yet is nobody else's: it is done here.
        """
        query = SQL("SELECT %s(%s)", SQL.identifier(function), SQL(", ").join(SQL("%s", arg) for arg in args))
        self.env.flush_all()
        try:
            if module.current_test:  # a test rolls everything back
                return self._run_here(query)
            try:
                return self._run_apart(query)
            except psycopg2.Error as error:
                if error.pgcode != NO_WALLET:
                    raise
            return self._run_here(query)
        except psycopg2.Error as error:
            raise self._as_user_error(error) from error
        finally:
            self._forget_amounts()

    def _run_here(self, query):
        with self.env.cr.savepoint(flush=False):
            self._before_function(self.env.cr)
            self.env.cr.execute(query, log_exceptions=False)
            return self.env.cr.fetchone()[0]

    def _run_apart(self, query):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT_MS))
            self._before_function(cr)
            cr.execute(query, log_exceptions=False)
            return cr.fetchone()[0]

    @api.model
    def _before_function(self, cr):
        """For other addons: say something to the transaction in which a wallet function is about to run."""

    def _as_user_error(self, error):
        """Return what the user is told about an error of a wallet function; others are returned as they are."""
        messages = {
            NO_WALLET: self.env._("This account has no wallet. Ask your administrator to update the wallet addon."),
            KEY_USED: self.env._("This was posted before with other content. Look at the account's entries."),
            SHORT: self.env._("There is not enough left for this. Look at what the account has."),
            BAD_ARGUMENT: self.env._("This amount or entry is not possible here."),
            "55P03": self.env._("The wallet is busy. Try again in a moment."),  # lock_not_available
        }
        message = messages.get(error.pgcode)
        return UserError(message) if message else error

    def _forget_amounts(self):
        """Drop cached amounts, which PostgreSQL changed without the ORM."""
        self.env["telecom.wallet"].invalidate_model()
        self.env["telecom.wallet.entry"].invalidate_model()
        self.env["telecom.billing.account"].invalidate_model(["balance", "reserved", "headroom"])

    @api.model
    def _cron_sync_credit_limits(self):
        """Heal credit limits that did not reach the wallet (a crash between two commits)."""
        self._call_function("telecom_wallet_sync_credit_limits")
