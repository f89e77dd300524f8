from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessDenied

MAX_FAILURES = 20  # of one log-in name from all addresses together
WINDOW_MIN = 15
KEPT_DAYS = 30
LONGEST = 200  # characters kept of what was typed


class TelecomLoginFailure(models.Model):
    """A log-in that failed. Odoo counts by address and in each process; this counts by name and for all of them."""

    _name = "telecom.login.failure"
    _description = "Failed Log-in"
    _log_access = False
    _order = "failed_at desc, id desc"
    _rec_name = "login"

    login = fields.Char(required=True, readonly=True, help="The name that was typed, whether it exists or not.")
    source = fields.Char(string="Address", readonly=True)
    failed_at = fields.Datetime(string="Failed", required=True, readonly=True, default=fields.Datetime.now)

    _by_login = models.Index("(login, failed_at)")

    @api.model
    def _refuse_many(self, login):
        """Raise AccessDenied while a name has failed too often; that refusal is not counted, so that it ends."""
        since = fields.Datetime.now() - timedelta(minutes=WINDOW_MIN)
        domain = [("login", "=", login[:LONGEST]), ("failed_at", ">", since)]
        if self.sudo().search_count(domain, limit=MAX_FAILURES) >= MAX_FAILURES:
            raise AccessDenied(self.env._("Too many login failures, please wait a bit before trying again."))

    @api.model
    def _note(self, login, source):
        """Keep a failure although the request's transaction is rolled back."""
        with self.env.registry.cursor() as cr:
            failures_sudo = self.sudo().with_env(self.sudo().env(cr=cr))
            failures_sudo.create({"login": login[:LONGEST], "source": source})

    @api.model
    def _forget(self, login):
        """Who got in starts anew."""
        self.sudo().search([("login", "=", login[:LONGEST])]).unlink()

    @api.autovacuum
    def _gc_old(self):
        self.search([("failed_at", "<", fields.Datetime.now() - timedelta(days=KEPT_DAYS))]).unlink()
