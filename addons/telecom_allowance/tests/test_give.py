from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AllowanceCase


@tagged("post_install", "-at_install")
class TestGive(AllowanceCase):
    """A block is given and paid, both or neither; what was posted is taken back by a reversal only."""

    def page(self, account, block, **values):
        return self.env["telecom.allowance.give"].create(
            {"account_id": account.id, "allowance_id": block.id, "reference": "Ordered", **values}
        )

    def test_a_block_costs_its_price_once(self):
        self.topup(self.school, 10_000_000)
        page = self.page(self.school, self.block)
        self.assertEqual((page.minutes, page.price), (50, 4.5))
        page.action_give()
        page.action_give()
        _month, bucket = self.buckets(self.school)
        self.assertEqual((bucket.kind, bucket.given, bucket.free, bucket.name), ("block", 50, 50, "Block of 50"))
        self.assertEqual(self.school.balance, 5.5)
        self.assertEqual(self.school.included_left, 150)
        self.assert_books_are_right()

    def test_who_cannot_pay_gets_nothing(self):
        self.topup(self.school, 4_000_000)
        with self.assertRaisesRegex(UserError, "not enough"):
            self.page(self.school, self.block).action_give()
        self.assertEqual(len(self.buckets(self.school)), 1)
        self.assertEqual(self.school.balance, 4)
        self.page(self.school, self.block, price=0).action_give()
        self.assertEqual(len(self.buckets(self.school)), 2, "a present")

    def test_what_cannot_be_given_is_refused_with_words(self):
        theirs = self.env["telecom.allowance"].create(
            {"name": "North's", "kind": "block", "company_id": self.north.id, "minutes": 5}
        )
        for block in (self.monthly, theirs):
            with self.subTest(block=block.name), self.assertRaisesRegex(UserError, "no block of the provider"):
                self.page(self.school, block).action_give()
        with self.assertRaisesRegex(UserError, "zero or more"):
            self.page(self.school, self.block, price=-1).action_give()
        self.school.action_close()
        with self.assertRaisesRegex(UserError, "closed"):
            self.page(self.school, self.block, price=0).action_give()
        self.assertEqual(len(self.buckets(self.school)), 1)

    def test_an_entry_is_reversed_once_and_never_changed(self):
        entry = self.buckets(self.school).entry_ids
        page = self.env["telecom.allowance.reversal"].create({"entry_id": entry.id, "reference": "Mistake"})
        page.action_reverse()
        page.action_reverse()
        bucket = self.buckets(self.school)
        self.assertEqual((bucket.given, bucket.free, len(bucket.entry_ids)), (0, 0, 2))
        with self.assertRaisesRegex(UserError, "cannot be reversed"):
            bucket.entry_ids[0].action_reverse()
        for statement in ("UPDATE telecom_allowance_entry SET seconds = 1", "DELETE FROM telecom_allowance_entry"):
            with (
                self.subTest(statement=statement),
                self.assertRaisesRegex(Exception, "never changed"),
                self.env.cr.savepoint(flush=False),
            ):
                self.env.cr.execute(statement, log_exceptions=False)
        self.assert_books_are_right()

    def test_what_is_spent_cannot_be_taken_back(self):
        bucket = self.buckets(self.school)
        self.call("telecom_allowance_add_entry", bucket.id, "expired", -60, None, None, None)
        given = bucket.entry_ids.filtered(lambda entry: entry.kind == "given")
        with self.assertRaisesRegex(UserError, "not enough"):
            given._reverse("Mistake")
        self.assertEqual(self.buckets(self.school).free, 99)
