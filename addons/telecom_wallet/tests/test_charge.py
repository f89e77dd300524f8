import psycopg2
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestCharge(WalletCase):
    def charge(self, lines, releases=()):
        """Post (account, amount, key) lines and release reservations; return the entry ids."""
        accounts, amounts, keys = ([line[column] for line in lines] for column in range(3))
        self.env.cr.execute(
            "SELECT telecom_wallet_charge(%s::int[], %s::bigint[], %s::text[], %s::text[], %s::text[])",
            [[account.id for account in accounts], amounts, keys, keys, list(releases)],
        )
        return self.env.cr.fetchone()[0]

    def test_entries_carry_the_balance_after_each(self):
        self.topup(self.acme, 1_000_000)
        ids = self.charge([(self.acme, -43_800, "l1"), (self.school, 0, "l2"), (self.acme, -6_200, "l3")])
        self.assertIsNone(ids[1])
        entries = self.env["telecom.wallet.entry"].browse([ids[0], ids[2]])
        self.assertEqual(entries.mapped("balance_after"), [0.9562, 0.95])
        self.assertEqual(entries.mapped("amount"), [-0.0438, -0.0062])
        self.assertEqual(self.wallet(self.acme), (950_000, 0))
        self.assert_books_are_right()

    def test_the_reservation_is_given_back_in_the_same_change(self):
        self.topup(self.acme, 1_000_000)
        self.reserve(self.request("c1", [100_000, 80_000]))
        self.charge([(self.acme, -43_800, "l1"), (self.north_account, -35_000, "l2")], ["c1"])
        self.assertEqual(self.wallet(self.acme), (956_200, 0))
        self.assertEqual(self.wallet(self.north_account), (-35_000, 0))
        self.assertIsNone(self.reservation("c1"))
        self.assert_books_are_right()

    def test_a_reservation_that_is_gone_does_not_stop_the_charge(self):
        self.charge([(self.acme, -43_800, "l1")], ["gone"])
        self.assertEqual(self.wallet(self.acme), (-43_800, 0))

    def test_a_key_is_charged_once(self):
        self.charge([(self.acme, -43_800, "l1")])
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.charge([(self.acme, -43_800, "l1")])
        self.assertEqual(self.wallet(self.acme), (-43_800, 0))
