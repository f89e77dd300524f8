import json
import threading

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.modules.registry import Registry
from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase, get_db_name

BATCHES = ("telecom_wallet_reserve", "telecom_wallet_extend", "telecom_call_settle")
SESSIONS = 4
WAIT_S = 60


class WalletCase(TelecomCase):
    """Acme is a prepaid customer of reseller North, which is a postpaid customer of the owner (limit 500)."""

    def call(self, function, *args):
        """Run a wallet function by SQL, as the bridge does; flush first."""
        self.env.flush_all()
        marks = ", ".join(["%s"] * len(args))
        values = [json.dumps(arg) if isinstance(arg, (dict, list)) and function in BATCHES else arg for arg in args]
        self.env.cr.execute(f"SELECT {function}({marks})", values)  # names are literals of these tests
        return self.env.cr.fetchone()[0]

    def topup(self, account, amount_micro, key="t1"):
        return self.call("telecom_wallet_post", account.id, "topup", amount_micro, key, "Transfer 1", None)

    def wallet(self, account):
        """Return (balance, reserved) of an account in micro units."""
        self.env.cr.execute(
            "SELECT balance_micro, reserved_micro FROM telecom_wallet WHERE account_id = %s", [account.id]
        )
        return self.env.cr.fetchone()

    def request(self, call_ref, amounts, accounts=None, **values):
        """Build one reservation request; accounts default to Acme and its reseller."""
        accounts = (self.acme, self.north_account)[: len(amounts)] if accounts is None else accounts
        return {
            "call_ref": call_ref,
            "node": "a",
            "channel": "a-1763935936.12",
            "accounts": [account.id for account in accounts],
            "amounts": amounts,
            "granted_s": 120,
            "frozen": {"plan": 7},
            **values,
        }

    def reserve(self, *requests):
        return self.call("telecom_wallet_reserve", list(requests))

    def extend(self, *requests):
        return self.call("telecom_wallet_extend", list(requests))

    def reservation(self, call_ref):
        self.env.cr.execute("SELECT amounts_micro, granted_s FROM telecom_reservation WHERE call_ref = %s", [call_ref])
        return self.env.cr.fetchone()

    def assert_books_are_right(self):
        self.env.cr.execute("SELECT * FROM telecom_wallet_problems()")
        self.assertEqual(self.env.cr.fetchall(), [])


class SessionCase(BaseCase):
    """Eight committed accounts, and several database sessions at once, as several bridges have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["telecom.tenant"].search([("parent_id", "=", False)]).company_id
            partner = env["res.partner"].create({"name": "Concurrent", "company_id": company.id})
            values = {
                "company_id": company.id,
                "partner_id": partner.id,
                "country_id": env.ref("base.uk").id,
                "tz": "UTC",
            }
            accounts = env["telecom.billing.account"].create([dict(values) for _number in range(8)])
            cls.ids, cls.partner_id = accounts.ids, partner.id
        cls.addClassCleanup(cls.forget)

    @classmethod
    def forget(cls):
        """Remove the committed rows; only a test may lift the append-only trigger."""
        with cls.connect() as connection, connection.cursor() as cr:
            cr.execute("ALTER TABLE telecom_wallet_entry DISABLE TRIGGER USER")
            cr.execute("DELETE FROM telecom_reservation WHERE account_ids && %s", [cls.ids])
            cr.execute("DELETE FROM telecom_wallet_entry WHERE account_id = ANY(%s)", [cls.ids])
            cr.execute("ALTER TABLE telecom_wallet_entry ENABLE TRIGGER USER")
            cr.execute("ALTER TABLE telecom_wallet DISABLE TRIGGER USER")
            cr.execute("DELETE FROM telecom_wallet WHERE account_id = ANY(%s)", [cls.ids])
            cr.execute("ALTER TABLE telecom_wallet ENABLE TRIGGER USER")
            cr.execute("DELETE FROM telecom_billing_account WHERE id = ANY(%s)", [cls.ids])
            cr.execute("DELETE FROM res_partner WHERE id = %s", [cls.partner_id])
        connection.close()

    @classmethod
    def connect(cls):
        _name, info = connection_info_for(get_db_name())
        connection = psycopg2.connect(**info)
        with connection.cursor() as cr:
            cr.execute("SET lock_timeout = '30s'")
        connection.commit()
        return connection

    def query(self, statement, *args):
        with self.connect() as connection, connection.cursor() as cr:
            cr.execute(statement, args)
            rows = cr.fetchall()
        connection.close()
        return rows

    def in_sessions(self, work):
        """Run work(connection, number) in SESSIONS sessions at once; raise what any of them raised."""
        errors = []
        gate = threading.Barrier(SESSIONS)

        def run(number):
            connection = self.connect()
            connection.autocommit = True
            try:
                gate.wait(WAIT_S)
                work(connection, number)
            except Exception as error:  # noqa: BLE001  # shown by the assertion below
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[number], daemon=True) for number in range(SESSIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT_S)
        self.assertFalse(any(thread.is_alive() for thread in threads), "a session hangs")
        self.assertEqual(errors, [])

    def assert_books_are_right(self):
        problems = self.query("SELECT * FROM telecom_wallet_problems() WHERE account_id = ANY(%s)", self.ids)
        self.assertEqual(problems, [])
