from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .live import LiveCase


@tagged("post_install", "-at_install")
class TestLiveCharges(LiveCase):
    """A call in progress as each level pays for it: the customer its price, the reseller what it pays, nobody more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.person("customer_user", cls.account.partner_id)
        cls.seller = cls.person("reseller_support")

    @classmethod
    def person(cls, group, customer=None):
        user = new_test_user(
            cls.env, f"live_{group}", groups=f"telecom_base.group_{group}", company_id=cls.reseller.id,
            company_ids=[(6, 0, cls.reseller.ids)],
        )  # fmt: skip
        user.partner_id.write({"company_id": cls.reseller.id, "parent_id": customer.id if customer else False})
        return user

    def seen_by(self, user):
        """Return what a person finds: {account: (state, seconds, charge)}."""
        self.env.invalidate_all()
        context = {"allowed_company_ids": user.company_ids.ids}
        calls = self.env["telecom.live.charge"].with_user(user).with_context(**context).search([])
        return {call.account_id.id: (call.state, call.seconds, round(call.charge, 6)) for call in calls}

    def test_each_level_sees_its_own_price(self):
        self.answer(self.start_call(), 74.2)
        # 0.0125 + 75 x 0.025/60 = 0.04375, half up at 4; reseller 0.01 + 75 x 0.02/60 = 0.035
        paid = {self.account.id: ("answered", 75, 0.0438), self.reseller_account.id: ("answered", 75, 0.035)}
        self.assertEqual(self.seen_by(self.seller), paid)
        self.assertEqual(self.seen_by(self.customer), {self.account.id: paid[self.account.id]})

    def test_included_seconds_cost_nothing_so_long(self):
        """60 s are held for the customer; the reseller has none and pays as ever."""
        covered = {**self.level(0, self.account, 25_000, 12_500), "allowance_ids": [1]}
        levels = [covered, self.level(1, self.reseller_account, 20_000, 10_000)]
        call = self.start_call(levels=levels)
        self.env.cr.execute(
            "insert into telecom_allowance_hold (call_ref, bucket_id, account_id, seconds) values (%s, 1, %s, 60)",
            [call.call_ref, self.account.id],
        )
        self.answer(call, 59.5)
        self.assertEqual(self.seen_by(self.customer), {self.account.id: ("answered", 60, 0)})
        self.env.cr.execute("update telecom_leg_open set answered_at = answered_at - interval '15 s'")
        # 15 s at 0.025/60; the fee belongs to the first second
        self.assertEqual(self.seen_by(self.customer), {self.account.id: ("answered", 75, 0.0063)})
        self.assertEqual(self.seen_by(self.seller)[self.reseller_account.id], ("answered", 75, 0.035))

    def test_levels_above_do_not_see_who_calls(self):
        self.start_call()
        calls = self.env["telecom.live.charge"].search([])
        numbers = {call.account_id: (call.from_number, call.to_number) for call in calls}
        self.assertEqual(numbers[self.account], ("442079460101", "442079460000"))
        self.assertEqual(numbers[self.reseller_account], (False, "442079460000"))

    def test_a_ringing_call_costs_nothing_yet(self):
        self.start_call()
        self.assertEqual(self.seen_by(self.customer), {self.account.id: ("ringing", 0, 0)})

    def test_a_free_call_is_its_accounts(self):
        self.answer(self.start_call(direction="internal", levels=[]), 4.5)
        self.assertEqual(self.seen_by(self.seller), {self.account.id: ("answered", 5, 0)})

    def test_another_customers_call_is_not_seen(self):
        other = self.open_account(self.reseller, "Next Door")
        call = self.start_call(account=other)
        self.assertEqual(self.seen_by(self.customer), {})
        self.assertIn(other.id, self.seen_by(self.seller))
        row = self.env["telecom.live.charge"].search([("account_id", "=", other.id)])
        self.assertTrue(call and row)
        with self.assertRaises(AccessError):
            row.with_user(self.customer).read(["state"])
