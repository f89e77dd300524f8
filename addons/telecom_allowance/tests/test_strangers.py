from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AllowanceCase


@tagged("post_install", "-at_install")
class TestStrangers(AllowanceCase):
    """Minutes are seen by the owner's staff, the provider, and the customer itself; only accountants give some."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls.new_plan("North's", cls.north)
        cls.new_allowance(plan)
        cls.acme.rate_plan_id = plan
        cls.reseller = cls.outsider("north_admin", "reseller_admin", cls.north)
        cls.customer = cls.outsider("acme_user", "customer_user", cls.north, cls.acme.partner_id)

    def test_who_sees_what(self):
        for model in ("telecom.allowance.bucket", "telecom.allowance.entry"):
            rows = self.env[model]
            with self.subTest(model=model):
                self.assertEqual(rows.search([]).account_id, self.school | self.acme)
                self.assertEqual(rows.with_user(self.reseller).search([]).account_id, self.acme)
                self.assertEqual(rows.with_user(self.customer).search([]).account_id, self.acme)

    def test_a_customer_reads_what_is_left_and_gives_itself_nothing(self):
        account = self.acme.with_user(self.customer)
        self.assertEqual(account.included_left, 100)
        self.assertEqual(account.allowance_bucket_ids.mapped("name"), ["Minutes of North's"])
        with self.assertRaises(AccessError):
            self.env["telecom.allowance.give"].with_user(self.customer).create({})
        for user in (self.customer, self.reseller, self.staff("support")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.buckets(self.acme).with_user(user).write({"free": 1})
