import logging

import psycopg2
from odoo.addons.telecom_security.log_filter import STATEMENT_LOGGER, HidesSecrets, hide_secrets_in_logs
from odoo.tests import TransactionCase

SECRET = "Pw-that-nobody-logs-7731"


class TestLogs(TransactionCase):
    def logged(self, statement, *values):
        with (
            self.assertLogs(STATEMENT_LOGGER, logging.ERROR) as logs,
            self.assertRaises(psycopg2.Error),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(statement, values)
        return "\n".join(logs.output)

    def test_a_statement_that_fails_on_a_table_with_secrets_shows_no_value(self):
        text = self.logged("update res_users set password = %s, login = null where id = %s", SECRET, self.env.uid)
        self.assertNotIn(SECRET, text)
        self.assertIn("update res_users (values hidden", text)
        self.assertIn('null value in column "login"', text)

    def test_other_statements_are_logged_whole(self):
        text = self.logged("update res_country set code = %s, currency_id = -1", "Zz")
        self.assertIn("'Zz'", text)

    def test_the_filter_is_put_on_once(self):
        hide_secrets_in_logs()
        filters = [one for one in logging.getLogger(STATEMENT_LOGGER).filters if isinstance(one, HidesSecrets)]
        self.assertEqual(len(filters), 1)
