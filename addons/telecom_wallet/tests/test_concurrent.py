import json
import random
import threading

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

SESSIONS = 4
ROUNDS = 25  # per session; enough that every wallet runs dry
START_MICRO = 2_000_000
WAIT_S = 60


@tagged("post_install", "-at_install")
class TestConcurrent(BaseCase):
    """Several database sessions, as several bridges have, on wallets with little money. Works on committed rows."""

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
        self.assertEqual(
            self.query("SELECT * FROM telecom_wallet_problems() WHERE account_id = ANY(%s)", self.ids), []
        )
        self.assertEqual(
            self.query(
                "SELECT account_id FROM telecom_wallet WHERE account_id = ANY(%s)"
                " AND balance_micro + credit_limit_micro - reserved_micro < 0",
                self.ids,
            ),
            [],
        )

    def test_wallets_run_dry_and_never_below(self):
        for account in self.ids:
            self.query("SELECT telecom_wallet_post(%s, 'topup', %s, %s, '', NULL)", account, START_MICRO, f"dry{account}")
        taken = []

        def calls(connection, number):
            dice = random.Random(number)
            with connection.cursor() as cr:
                for turn in range(ROUNDS):
                    taken.extend(self.one_round(cr, dice, f"n{number}-{turn}"))

        self.in_sessions(calls)
        self.assertGreater(len(taken), SESSIONS)
        self.assert_books_are_right()
        [(left,)] = self.query("SELECT sum(balance_micro) FROM telecom_wallet WHERE account_id = ANY(%s)", self.ids)
        [(charged,)] = self.query(
            "SELECT -sum(amount_micro) FROM telecom_wallet_entry WHERE account_id = ANY(%s) AND kind = 'charge'", self.ids
        )
        [(paid,)] = self.query(
            "SELECT sum(amount_micro) FROM telecom_wallet_entry WHERE account_id = ANY(%s) AND kind <> 'charge'", self.ids
        )
        self.assertGreaterEqual(paid, START_MICRO * len(self.ids))
        self.assertEqual(charged + left, paid)
        self.assertEqual(charged, sum(taken))
        self.assertLess(left, paid // 2, "the wallets did not run dry: the test shows nothing")

    def one_round(self, cr, dice, name):
        """Reserve a few calls over accounts in any order, extend some, charge most of what they hold; return charges."""
        requests = []
        for number in range(dice.randint(1, 6)):
            accounts = dice.sample(self.ids, 3)
            amounts = [dice.randint(20_000, 120_000) for _account in accounts]
            requests.append(
                {"call_ref": f"{name}-{number}", "accounts": accounts, "amounts": amounts, "granted_s": 60, "frozen": {}}
            )
        cr.execute("SELECT telecom_wallet_reserve(%s)", [json.dumps(requests)])
        held = [
            request for request, answer in zip(requests, cr.fetchone()[0], strict=True) if answer["outcome"] == "taken"
        ]
        longer = [
            {"call_ref": call["call_ref"], "amounts": [2 * amount for amount in call["amounts"]], "granted_s": 120}
            for call in held
        ]
        dice.shuffle(longer)
        cr.execute("SELECT telecom_wallet_extend(%s)", [json.dumps(longer)])
        lines = [
            (account, -amount, f"{call['call_ref']}:{account}")
            for call in held[1:]  # the first was not answered: it is only released
            for account, amount in zip(call["accounts"], call["amounts"], strict=True)
        ]
        accounts, amounts, keys = ([line[column] for line in lines] for column in range(3))
        cr.execute(
            "SELECT telecom_wallet_charge(%s::int[], %s::bigint[], %s::text[], %s::text[], %s)",
            [accounts, amounts, keys, keys, [call["call_ref"] for call in held]],
        )
        return [-amount for amount in amounts]

    def test_the_same_call_from_several_sessions_holds_once(self):
        account = self.ids[0]
        self.query("SELECT telecom_wallet_post(%s, 'adjustment', 1000000, 'same', '', NULL)", account)
        [(before,)] = self.query("SELECT reserved_micro FROM telecom_wallet WHERE account_id = %s", account)
        outcomes = []

        def call(connection, _number):
            request = {"call_ref": "same", "accounts": [account], "amounts": [1_000], "granted_s": 60, "frozen": {}}
            with connection.cursor() as cr:
                cr.execute("SELECT telecom_wallet_reserve(%s)", [json.dumps([request])])
                outcomes.append(cr.fetchone()[0][0]["outcome"])

        self.in_sessions(call)
        self.assertEqual(sorted(outcomes), ["repeated"] * (SESSIONS - 1) + ["taken"])
        [(after,)] = self.query("SELECT reserved_micro FROM telecom_wallet WHERE account_id = %s", account)
        self.assertEqual(after - before, 1_000)
        self.query("SELECT telecom_wallet_release(array['same'])")
        self.assert_books_are_right()

    def test_the_same_entry_from_several_sessions_is_posted_once(self):
        account, ids = self.ids[1], []

        def post(connection, _number):
            with connection.cursor() as cr:
                cr.execute("SELECT telecom_wallet_post(%s, 'topup', 7, 'once', '', NULL)", [account])
                ids.append(cr.fetchone()[0])

        self.in_sessions(post)
        self.assertEqual(len(set(ids)), 1)
        self.assert_books_are_right()

    def test_a_session_killed_half_way_leaves_nothing(self):
        account = self.ids[2]
        [before] = self.query("SELECT balance_micro, reserved_micro FROM telecom_wallet WHERE account_id = %s", account)
        victim = self.connect()
        with victim.cursor() as cr:
            cr.execute("SELECT telecom_wallet_post(%s, 'topup', 9, 'killed', '', NULL)", [account])
            pid = victim.info.backend_pid
        self.query("SELECT pg_terminate_backend(%s)", pid)
        victim.close()
        [after] = self.query("SELECT balance_micro, reserved_micro FROM telecom_wallet WHERE account_id = %s FOR UPDATE", account)
        self.assertEqual(after, before)
        self.assertEqual(self.query("SELECT id FROM telecom_wallet_entry WHERE idempotency_key = 'killed'"), [])

    def test_a_page_with_an_old_snapshot_still_posts(self):
        """A wallet that calls change all the time would refuse a repeatable-read transaction every time."""
        account = self.ids[3]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute("SELECT 1 FROM telecom_wallet")  # the snapshot is taken here
            self.query("SELECT telecom_wallet_post(%s, 'topup', 5, 'between', '', NULL)", account)
            query = SQL("SELECT telecom_wallet_post(%s, 'topup', 3, 'page', '', NULL)", account)
            with self.assertRaises(psycopg2.errors.SerializationFailure), mute_logger("odoo.sql_db"):
                env["telecom.wallet"]._run_here(query)
            entry_id = env["telecom.wallet"]._run_apart(query)
            cr.rollback()
        self.assertEqual(
            self.query("SELECT amount_micro FROM telecom_wallet_entry WHERE id = %s", entry_id), [(3,)]
        )
        self.assert_books_are_right()
