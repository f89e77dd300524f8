import psycopg2
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestPost(WalletCase):
    def refused(self, code, function, *args):
        """Assert that the function raises the SQLSTATE and changes nothing."""
        before = self.wallet(self.acme)
        with (
            self.assertRaises(psycopg2.Error) as caught,
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.call(function, *args)
        self.assertEqual(caught.exception.pgcode, code)
        self.assertEqual(self.wallet(self.acme), before)

    def test_a_topup_raises_the_balance_and_leaves_an_entry(self):
        entry_id = self.topup(self.acme, 20_000_000)
        self.assertEqual(self.wallet(self.acme), (20_000_000, 0))
        entry = self.env["telecom.wallet.entry"].browse(entry_id)
        self.assertEqual((entry.amount, entry.balance_after, entry.kind), (20.0, 20.0, "topup"))
        self.assertEqual(entry.account_id, self.acme)
        self.assert_books_are_right()

    def test_the_same_key_again_is_the_same_entry(self):
        first = self.topup(self.acme, 20_000_000)
        self.assertEqual(self.topup(self.acme, 20_000_000), first)
        self.assertEqual(self.wallet(self.acme), (20_000_000, 0))

    def test_the_same_key_for_something_else_is_refused(self):
        self.topup(self.acme, 20_000_000)
        post = "telecom_wallet_post"
        self.refused("BSS02", post, self.acme.id, "topup", 20_000_001, "t1", "", None)
        self.refused("BSS02", post, self.acme.id, "adjustment", 20_000_000, "t1", "", None)
        self.refused("BSS02", post, self.school.id, "topup", 20_000_000, "t1", "", None)

    def test_bad_arguments_are_refused(self):
        post, acme = "telecom_wallet_post", self.acme.id
        self.refused("BSS03", post, acme, "topup", -1, "k", "", None)
        self.refused("BSS03", post, acme, "topup", 0, "k", "", None)
        self.refused("BSS03", post, acme, "adjustment", None, "k", "", None)
        self.refused("BSS03", post, acme, "reversal", 5, "k", "", None)
        self.refused("BSS03", post, acme, "gift", 5, "k", "", None)
        self.refused("BSS03", post, acme, "topup", 5, "", "", None)
        self.refused("BSS03", post, acme, "topup", 5, None, "", None)
        self.refused("BSS01", post, 0, "topup", 5, "k", "", None)

    def test_a_balance_beyond_bigint_is_refused(self):
        self.topup(self.acme, 1)
        self.refused("22003", "telecom_wallet_post", self.acme.id, "topup", 2**63 - 1, "k", "", None)  # out of range

    def test_an_adjustment_may_go_below_zero(self):
        self.call("telecom_wallet_post", self.acme.id, "adjustment", -5_000_000, "a1", "Correction", self.env.uid)
        self.assertEqual(self.wallet(self.acme), (-5_000_000, 0))

    def test_an_entry_is_reversed_once(self):
        entry = self.topup(self.acme, 20_000_000)
        reversal = self.call("telecom_wallet_reverse", entry, "r1", "Paid twice", None)
        self.assertEqual(self.wallet(self.acme), (0, 0))
        self.assertEqual(self.call("telecom_wallet_reverse", entry, "r1", "Paid twice", None), reversal)
        self.refused("BSS02", "telecom_wallet_reverse", entry, "r2", "", None)
        self.refused("BSS03", "telecom_wallet_reverse", reversal, "r3", "", None)
        self.refused("BSS03", "telecom_wallet_reverse", 0, "r4", "", None)
        self.assert_books_are_right()

    def test_entries_cannot_be_changed_or_deleted(self):
        self.topup(self.acme, 20_000_000)
        for statement in (
            "UPDATE telecom_wallet_entry SET amount_micro = 1",
            "DELETE FROM telecom_wallet_entry",
            "TRUNCATE telecom_wallet_entry",
        ):
            with (
                self.subTest(statement=statement),
                self.assertRaisesRegex(psycopg2.Error, "never changed"),
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.env.cr.execute(statement)

    def test_the_problems_function_finds_a_wrong_balance(self):
        self.topup(self.acme, 20_000_000)
        self.env.cr.execute("UPDATE telecom_wallet SET balance_micro = 1 WHERE account_id = %s", [self.acme.id])
        self.env.cr.execute("SELECT * FROM telecom_wallet_problems()")
        self.assertEqual(self.env.cr.fetchall(), [(self.acme.id, "balance 1, but its entries sum to 20000000")])

    def test_nobody_else_may_call_the_functions(self):
        self.env.cr.execute(
            "SELECT p.proname FROM pg_proc p WHERE p.proname LIKE 'telecom\\_wallet\\_%%'"
            " AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
            " WHERE a.grantee = 0)"  # 0 = public
        )
        self.assertEqual(self.env.cr.fetchall(), [])
