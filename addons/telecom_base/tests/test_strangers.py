from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TelecomCase


@tagged("post_install", "-at_install")
class TestStrangers(TelecomCase):
    """Who sees which accounts and tenants; everything else is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south = cls.env["res.company"].create({"name": "South Voice", "currency_id": cls.euro.id})
        cls.south_account = cls.open_account(cls.owner, "South Voice", mode="postpaid")
        cls.south_tenant = cls.env["telecom.tenant"].create(
            {"company_id": cls.south.id, "parent_id": cls.owner_tenant.id, "account_id": cls.south_account.id}
        )
        cls.baker = cls.open_account(cls.south, "Baker")
        cls.cafe = cls.open_account(cls.north, "Cafe")
        cls.reseller = cls.outsider("north_admin", "reseller_admin", cls.north)
        cls.customer = cls.outsider("acme_admin", "customer_admin", cls.north, cls.acme.partner_id)

    def seen(self, user, model):
        return self.env[model].with_user(user).search([])

    def test_a_reseller_sees_its_customers_and_its_own_account(self):
        self.assertEqual(
            self.seen(self.reseller, "telecom.billing.account"), self.north_account | self.acme | self.cafe
        )
        self.assertEqual(self.seen(self.reseller, "telecom.tenant"), self.north_tenant)

    def test_a_customer_sees_its_own_account_only(self):
        self.assertEqual(self.seen(self.customer, "telecom.billing.account"), self.acme)
        with self.assertRaises(AccessError):
            self.seen(self.customer, "telecom.tenant")

    def test_a_stranger_is_refused(self):
        for user, account in ((self.reseller, self.baker), (self.customer, self.cafe), (self.customer, self.baker)):
            with self.subTest(user=user.login), self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                account.with_user(user).read(["number"])

    def test_people_outside_change_nothing(self):
        for user in (self.outsider("north_support", "reseller_support", self.north), self.customer):
            for operation in ("write", "create", "unlink"):
                for model in ("telecom.billing.account", "telecom.tenant", "telecom.numbering.plan"):
                    with self.subTest(user=user.login, model=model, operation=operation):
                        self.assertFalse(self.env[model].with_user(user).has_access(operation))

    def test_the_company_cannot_be_claimed_by_context(self):
        accounts = self.env["telecom.billing.account"].with_user(self.reseller)
        with self.assertRaises(AccessError):
            accounts.with_context(allowed_company_ids=self.south.ids).search([])

    def test_people_outside_are_share_users(self):
        self.assertTrue(self.reseller.share and self.customer.share)
        self.assertFalse(self.reseller.has_group("base.group_user"))

    def test_staff_by_role(self):
        auditor, support = self.staff("auditor"), self.staff("support")
        accounts = self.env["telecom.billing.account"]
        self.assertFalse(accounts.with_user(auditor).has_access("write"))
        self.assertTrue(accounts.with_user(support).has_access("write"))
        self.assertFalse(accounts.with_user(support).has_access("unlink"))
        self.assertFalse(self.env["telecom.tenant"].with_user(support).has_access("create"))
        everywhere = accounts.with_user(auditor).with_context(allowed_company_ids=auditor.company_ids.ids)
        self.assertLessEqual(self.acme | self.school | self.baker, everywhere.search([]))

    def test_staff_who_look_at_one_company_see_that_company(self):
        support = self.staff("support")
        accounts = self.env["telecom.billing.account"].with_user(support)
        in_south = accounts.with_context(allowed_company_ids=self.south.ids).search([])
        self.assertEqual(in_south, self.south_account | self.baker)

    def test_the_reseller_side_of_an_account_does_not_let_it_be_written(self):
        support = self.staff("support")
        account = self.south_account.with_user(support).with_context(allowed_company_ids=self.south.ids)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            account.action_suspend()
