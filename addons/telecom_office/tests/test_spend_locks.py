from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.exceptions import AccessError
from odoo.tests import tagged
from psycopg2.extras import Json


@tagged("post_install", "-at_install")
class TestSpendLocks(TelecomCase):
    """Accounts that a limit of their own has locked: who of the office sees it, and who lets them call again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora = cls.outsider("nora", "reseller_accountant", cls.north)
        cls.sam = cls.outsider("sam", "reseller_support", cls.north)
        cls.amir = cls.outsider("amir", "customer_admin", cls.north, cls.acme.partner_id)
        cls.env.flush_all()
        for account in cls.acme | cls.north_account | cls.school:
            request = Json({"call_ref": "a.1-1", "frozen": {"e164": "442079460000"}})
            cls.env.cr.execute("SELECT telecom_spend_lock(%s, 'day', 1000000, 990000, %s)", [account.id, request])
        cls.env["telecom.spend.lock"]._forget()

    def reason(self, user, account):
        return account.with_user(user).read(["spend_lock_id", "max_spend_day"])[0]["spend_lock_id"][1]

    def test_a_reseller_sees_its_own_lock_and_those_of_its_customers_only(self):
        locks = self.env["telecom.spend.lock"].with_user(self.nora).search([])
        self.assertEqual(locks.account_id, self.acme | self.north_account)
        self.assertEqual(self.reason(self.nora, self.acme), "Most per day")

    def test_a_customer_sees_that_its_account_is_locked_and_cannot_unlock_it(self):
        self.assertEqual(self.reason(self.amir, self.acme), "Most per day")
        for account in (self.acme, self.school):
            with self.subTest(account=account.number), self.assertRaises(AccessError):
                account.with_user(self.amir).action_spend_unlock()
        self.assertTrue(self.acme.spend_lock_id)

    def test_a_resellers_accountant_unlocks_its_customers_and_not_itself(self):
        self.acme.with_user(self.nora).action_spend_unlock()
        self.assertFalse(self.acme.spend_lock_id)
        self.assertIn("Unlocked", self.acme.message_ids[0].body)
        with self.assertRaises(AccessError):
            self.north_account.with_user(self.nora).action_spend_unlock()
        with self.assertRaises(AccessError):
            self.north_account.with_user(self.nora).max_spend_day = 5
        self.assertTrue(self.north_account.spend_lock_id)

    def test_a_resellers_support_unlocks_nobody(self):
        with self.assertRaises(AccessError):
            self.acme.with_user(self.sam).action_spend_unlock()
        self.assertTrue(self.acme.spend_lock_id)
