import json
import random

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import SESSIONS, SessionCase

ROUNDS = 25  # per session; enough that every wallet runs dry
START_MICRO = 2_000_000


@tagged("post_install", "-at_install")
class TestConcurrent(SessionCase):
    """Wallets with little money under several sessions: nothing is spent twice, nobody waits for ever."""

    def test_wallets_run_dry_and_never_below(self):
        for account in self.ids:
            self.query(
                "SELECT telecom_wallet_post(%s, 'topup', %s, %s, '', NULL)", account, START_MICRO, f"dry{account}"
            )
        taken = []

        def calls(connection, number):
            dice = random.Random(number)
            with connection.cursor() as cr:
                for turn in range(ROUNDS):
                    taken.extend(self.one_round(cr, dice, f"n{number}-{turn}"))

        self.in_sessions(calls)
        self.assertGreater(len(taken), SESSIONS)
        self.assert_books_are_right()
        below = self.query(
            "SELECT account_id FROM telecom_wallet WHERE account_id = ANY(%s)"
            " AND balance_micro + credit_limit_micro - reserved_micro < 0",
            self.ids,
        )
        self.assertEqual(below, [])
        [(left,)] = self.query("SELECT sum(balance_micro) FROM telecom_wallet WHERE account_id = ANY(%s)", self.ids)
        [(charged,)] = self.query(
            "SELECT -sum(amount_micro) FROM telecom_wallet_entry WHERE account_id = ANY(%s) AND kind = 'charge'",
            self.ids,
        )
        [(paid,)] = self.query(
            "SELECT sum(amount_micro) FROM telecom_wallet_entry WHERE account_id = ANY(%s) AND kind <> 'charge'",
            self.ids,
        )
        self.assertGreaterEqual(paid, START_MICRO * len(self.ids))
        self.assertEqual(charged + left, paid)
        self.assertEqual(charged, sum(taken))
        self.assertLess(left, paid // 2, "the wallets did not run dry: the test shows nothing")

    def one_round(self, cr, dice, name):
        """Reserve calls over accounts in any order, extend, charge most of what they hold; return charges."""
        requests = []
        for number in range(dice.randint(1, 6)):
            accounts = dice.sample(self.ids, 3)
            amounts = [dice.randint(20_000, 120_000) for _account in accounts]
            requests.append(
                {
                    "call_ref": f"{name}-{number}",
                    "accounts": accounts,
                    "amounts": amounts,
                    "granted_s": 60,
                    "frozen": {},
                }
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
        [after] = self.query(
            "SELECT balance_micro, reserved_micro FROM telecom_wallet WHERE account_id = %s FOR UPDATE", account
        )
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
        self.assertEqual(self.query("SELECT amount_micro FROM telecom_wallet_entry WHERE id = %s", entry_id), [(3,)])
        self.assert_books_are_right()
