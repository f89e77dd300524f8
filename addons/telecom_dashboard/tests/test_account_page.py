from odoo.addons.telecom_call.tests.common import CallCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestAccountPage(CallCase):
    """What support sees of an account at one glance."""

    def test_last_calls_have_their_reason_and_payments_are_no_calls(self):
        self.call("telecom_wallet_post", self.acme.id, "topup", 9_000_000, "glance:1", "Paid in cash", None)
        self.call("telecom_wallet_post", self.north_account.id, "topup", 9_000_000, "glance:2", "Bank", None)
        self.settle(
            self.leg(1),
            self.leg(2, disposition="failed", hangup_cause=34, answered_at=None, charges=[], duration_us=0),
            self.leg(3, account_id=self.school.id, company_id=self.owner.id, charges=[]),
        )
        support = self.staff("support")
        support.company_ids += self.north
        account = self.acme.with_user(support).with_context(allowed_company_ids=support.company_ids.ids)
        self.assertEqual(account.last_call_ids.mapped("leg_uniqueid"), ["a-1763935936.2", "a-1763935936.1"])
        self.assertEqual(account.last_call_ids[0].cause_text, "no circuit available (34)")
        self.assertEqual(account.last_payment_ids.mapped("reference"), ["Paid in cash"])

    def test_only_so_many_are_shown(self):
        self.settle(*(self.leg(i, charges=[], started_at=f"2025-11-23T22:12:{i}+00:00") for i in range(20, 33)))
        newest = [f"a-1763935936.{i}" for i in range(32, 22, -1)]
        self.assertEqual(self.acme.last_call_ids.mapped("leg_uniqueid"), newest)

    def test_a_customer_sees_its_payments_and_no_call_records(self):
        self.call("telecom_wallet_post", self.acme.id, "topup", 9_000_000, "glance:1", "Paid in cash", None)
        amir = self.outsider("amir", "customer_admin", self.north, self.acme.partner_id)
        account = self.acme.with_user(amir)
        self.assertEqual(account.last_payment_ids.mapped("reference"), ["Paid in cash"])
        self.assertNotIn("last_call_ids", account.fields_get())
