import psycopg2
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestExtend(WalletCase):
    def setUp(self):
        super().setUp()
        self.topup(self.acme, 1_000_000)
        self.reserve(self.request("c1", [300_000, 200_000]), self.request("c2", [300_000, 200_000]))

    def longer(self, call_ref, amounts, granted_s=240):
        return {"call_ref": call_ref, "amounts": amounts, "granted_s": granted_s}

    def test_the_new_totals_replace_the_old(self):
        [answer] = self.extend(self.longer("c1", [600_000, 400_000]))
        self.assertEqual(answer, {"call_ref": "c1", "outcome": "extended", "granted_s": 240})
        self.assertEqual(self.wallet(self.acme), (1_000_000, 900_000))
        self.assertEqual(self.wallet(self.north_account), (0, 600_000))
        self.assertEqual(self.reservation("c1"), ([600_000, 400_000], 240))
        self.assert_books_are_right()

    def test_the_same_totals_again_change_nothing(self):
        for _time in range(2):
            self.extend(self.longer("c1", [600_000, 400_000]))
        self.assertEqual(self.wallet(self.acme), (1_000_000, 900_000))

    def test_what_a_call_holds_counts_as_its_own(self):
        [answer] = self.extend(self.longer("c1", [700_001, 400_000]))
        self.assertEqual(answer["outcome"], "short")
        self.assertEqual(answer["granted_s"], 120)
        self.assertEqual(answer["headroom"], [700_000, 499_800_000])
        self.assertEqual(self.extend(self.longer("c1", [700_000, 400_000]))[0]["outcome"], "extended")
        self.assertEqual(self.wallet(self.acme), (1_000_000, 1_000_000))

    def test_calls_that_do_not_fit_together_are_decided_in_order(self):
        answers = self.extend(self.longer("c1", [600_000, 1]), self.longer("c2", [500_000, 1]), self.longer("c9", [1]))
        self.assertEqual([answer["outcome"] for answer in answers], ["extended", "short", "gone"])
        self.assertEqual(answers[1]["headroom"], [400_000, 499_999_999])
        self.assertEqual(self.wallet(self.acme), (1_000_000, 900_000))
        self.assert_books_are_right()

    def test_one_call_twice_in_a_batch_ends_with_the_last_totals(self):
        answers = self.extend(self.longer("c1", [500_000, 300_000]), self.longer("c1", [600_000, 400_000], 300))
        self.assertEqual([answer["outcome"] for answer in answers], ["extended", "extended"])
        self.assertEqual(self.reservation("c1"), ([600_000, 400_000], 300))
        self.assertEqual(self.wallet(self.acme), (1_000_000, 900_000))
        self.assert_books_are_right()

    def test_a_shorter_total_gives_back_even_below_zero(self):
        self.call("telecom_wallet_post", self.acme.id, "adjustment", -2_000_000, "a1", "", None)
        self.assertEqual(self.extend(self.longer("c1", [100_000, 100_000]))[0]["outcome"], "extended")
        self.assertEqual(self.wallet(self.acme), (-1_000_000, 400_000))

    def test_wrong_amounts_are_refused(self):
        for amounts in ([1], [1, 1, 1], [-1, 1]):
            with (
                self.subTest(amounts=amounts),
                self.assertRaises(psycopg2.Error) as caught,
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.extend(self.longer("c1", amounts))
            self.assertEqual(caught.exception.pgcode, "BSS03")
        self.assertEqual(self.wallet(self.acme), (1_000_000, 600_000))
