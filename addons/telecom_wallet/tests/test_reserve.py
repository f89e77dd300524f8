import psycopg2
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestReserve(WalletCase):
    def setUp(self):
        super().setUp()
        self.topup(self.acme, 1_000_000)

    def outcomes(self, answers):
        return [answer["outcome"] for answer in answers]

    def test_a_call_holds_money_at_every_level(self):
        [answer] = self.reserve(self.request("c1", [100_000, 80_000]))
        self.assertEqual(answer, {"call_ref": "c1", "outcome": "taken", "granted_s": 120})
        self.assertEqual(self.wallet(self.acme), (1_000_000, 100_000))
        self.assertEqual(self.wallet(self.north_account), (0, 80_000))
        self.assert_books_are_right()

    def test_a_retry_gets_the_stored_answer_and_holds_nothing_more(self):
        self.reserve(self.request("c1", [100_000, 80_000]))
        [answer] = self.reserve(self.request("c1", [900_000, 800_000], granted_s=60, frozen={"plan": 8}))
        self.assertEqual(answer, {"call_ref": "c1", "outcome": "repeated", "granted_s": 120, "frozen": {"plan": 7}})
        self.assertEqual(self.wallet(self.acme), (1_000_000, 100_000))

    def test_a_retry_in_the_same_batch_holds_once(self):
        answers = self.reserve(self.request("c1", [100_000, 80_000]), self.request("c1", [100_000, 80_000]))
        self.assertEqual(self.outcomes(answers), ["taken", "repeated"])
        self.assertEqual(answers[1]["frozen"], {"plan": 7})
        self.assertEqual(self.wallet(self.acme), (1_000_000, 100_000))

    def test_the_last_micro_unit_can_be_taken_and_not_one_more(self):
        self.assertEqual(self.outcomes(self.reserve(self.request("c1", [1_000_001, 0]))), ["short"])
        self.assertEqual(self.outcomes(self.reserve(self.request("c2", [1_000_000, 0]))), ["taken"])

    def test_a_short_call_holds_nothing_at_any_level_and_says_what_there_is(self):
        [answer] = self.reserve(self.request("c1", [100_000, 500_000_001]))
        self.assertEqual(answer["outcome"], "short")
        self.assertEqual(answer["headroom"], [1_000_000, 500_000_000])
        self.assertEqual((self.wallet(self.acme), self.wallet(self.north_account)), ((1_000_000, 0), (0, 0)))
        self.assertIsNone(self.reservation("c1"))

    def test_a_batch_that_does_not_fit_is_decided_in_order(self):
        answers = self.reserve(
            self.request("c1", [600_000, 1]),
            self.request("c2", [600_000, 1]),  # only 400,000 left
            self.request("c3", [400_000, 1]),
            self.request("c4", [1, 1]),
            self.request("c5", [5, 5], accounts=[self.school, self.north_account]),  # school has nothing
            self.request("c6", []),
        )
        self.assertEqual(self.outcomes(answers), ["taken", "short", "taken", "short", "short", "taken"])
        self.assertEqual(answers[1]["headroom"], [400_000, 499_999_999])
        self.assertEqual(answers[3]["headroom"], [0, 499_999_998])
        self.assertEqual((self.wallet(self.acme), self.wallet(self.north_account)), ((1_000_000, 1_000_000), (0, 2)))
        self.assert_books_are_right()

    def test_an_account_without_a_wallet_is_told_apart(self):
        request = self.request("c1", [1], accounts=[self.acme])
        request["accounts"] = [0]
        answers = self.reserve(request, self.request("c2", [1, 1]))
        self.assertEqual(self.outcomes(answers), ["no_wallet", "taken"])

    def test_a_free_call_needs_no_money(self):
        self.call("telecom_wallet_post", self.acme.id, "adjustment", -3_000_000, "a1", "", None)
        free, nothing = self.request("c1", []), self.request("c2", [0, 0])
        self.assertEqual(self.outcomes(self.reserve(free, nothing)), ["taken", "taken"])
        self.assertEqual(self.reservation("c1"), ([], 120))
        self.assertEqual(self.wallet(self.acme), (-2_000_000, 0))

    def test_credit_can_be_used_to_its_end(self):
        request = self.request("c1", [500_000_001], accounts=[self.north_account])
        self.assertEqual(self.outcomes(self.reserve(request)), ["short"])
        request["amounts"] = [500_000_000]
        self.assertEqual(self.outcomes(self.reserve(request)), ["taken"])

    def test_malformed_requests_are_refused_and_nothing_is_held(self):
        for wrong in (
            {"amounts": [-1, 1]},
            {"amounts": [1]},
            {"amounts": [1, 1, 1]},
            {"amounts": [1, None]},
            {"call_ref": None},
            {"accounts": None},
            {"amounts": ["1); drop table telecom_wallet; --", 1]},
        ):
            with (
                self.subTest(wrong=wrong),
                self.assertRaises(psycopg2.Error),
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.reserve({**self.request("c1", [1, 1]), **wrong})
        self.assertEqual(self.wallet(self.acme), (1_000_000, 0))

    def test_an_empty_batch_is_answered(self):
        self.assertEqual(self.reserve(), [])

    def test_a_release_gives_back_once(self):
        self.reserve(self.request("c1", [100_000, 80_000]), self.request("c2", [50_000, 40_000]))
        self.assertEqual(self.call("telecom_wallet_release", ["c1", "never"]), 1)
        self.assertEqual(self.wallet(self.acme), (1_000_000, 50_000))
        self.assertEqual(self.call("telecom_wallet_release", ["c1"]), 0)
        self.assertEqual(self.wallet(self.north_account), (0, 40_000))
        self.assert_books_are_right()

    def test_large_batches_answer_in_order(self):
        requests = [self.request(f"c{number:03}", [1_000, 1_000]) for number in range(256)]
        answers = self.reserve(*requests)
        self.assertEqual([answer["call_ref"] for answer in answers], [f"c{number:03}" for number in range(256)])
        self.assertEqual(set(self.outcomes(answers)), {"taken"})
        self.assertEqual(self.wallet(self.acme), (1_000_000, 256_000))
