from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import WalletCase


@tagged("post_install", "-at_install")
class TestAccount(WalletCase):
    def test_an_account_has_a_wallet_from_the_start(self):
        self.assertEqual(self.wallet(self.acme), (0, 0))
        self.assertEqual(self.north_account.headroom, 500.0)
        self.assert_books_are_right()

    def test_the_form_shows_the_balance(self):
        self.topup(self.acme, 20_000_000)
        self.reserve(self.request("c1", [1_500_000, 1_200_000]))
        self.env.invalidate_all()
        self.assertEqual((self.acme.balance, self.acme.reserved, self.acme.headroom), (20.0, 1.5, 18.5))
        self.assertEqual(self.north_account.headroom, 498.8)
        wallet = self.env["telecom.wallet"].browse(self.acme.id)
        self.assertEqual((wallet.balance, wallet.headroom, wallet.company_id), (20.0, 18.5, self.north))

    def test_accounts_are_found_by_what_they_have(self):
        self.topup(self.acme, 20_000_000)
        accounts = self.env["telecom.billing.account"]
        mine = [("id", "in", (self.acme | self.school).ids)]
        self.assertEqual(accounts.search([*mine, ("balance", ">", 0)]), self.acme)
        self.assertEqual(accounts.search([*mine, ("headroom", "<=", 0)]), self.school)

    def test_a_new_limit_reaches_the_wallet(self):
        self.north_account.credit_limit = 750.25
        self.assertEqual(self.north_account.headroom, 750.25)
        self.env.cr.execute(
            "UPDATE telecom_wallet SET credit_limit_micro = 0 WHERE account_id = %s", [self.north_account.id]
        )
        self.env["telecom.wallet"]._cron_sync_credit_limits()
        self.assertEqual(self.north_account.headroom, 750.25)

    def test_prepaid_again_takes_the_limit_away(self):
        self.north_account.write({"mode": "prepaid", "credit_limit": 0.0})
        self.assertEqual(self.north_account.headroom, 0.0)

    def test_only_an_account_that_was_never_used_is_deleted(self):
        unused = self.open_account(self.north, "Mistake")
        unused.unlink()
        self.topup(self.acme, 1)
        with self.assertRaisesRegex(UserError, "Close it instead"):
            self.acme.unlink()

    def test_the_accountant_tops_up_by_the_page(self):
        accountant = self.staff("accountant")
        wizard = Form(
            self.env["telecom.wallet.topup"].with_user(accountant).with_context(default_account_id=self.school.id)
        )
        wizard.amount = 12.34
        wizard.reference = "Transfer 7"
        self.assertEqual(wizard.new_balance, 12.34)
        topup = wizard.save()
        topup.action_post()
        topup.action_post()  # a second click
        self.assertEqual(self.school.balance, 12.34)
        entry = self.env["telecom.wallet.entry"].search([("account_id", "=", self.school.id)])
        self.assertEqual((len(entry), entry.user_id, entry.reference), (1, accountant, "Transfer 7"))

    def test_a_wrong_topup_is_refused(self):
        topups = self.env["telecom.wallet.topup"]
        common = {"account_id": self.acme.id, "reference": "x"}
        for values in ({"amount": 0.0}, {"amount": -5.0}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "above zero"):
                topups.create({**common, **values}).action_post()
        with self.assertRaisesRegex(UserError, "at most 6 decimals"):
            topups.create({**common, "amount": 0.0000001})
        self.acme.action_close()
        with self.assertRaisesRegex(UserError, "is closed"):
            topups.create({**common, "amount": 5.0}).action_post()
        self.assertEqual(self.wallet(self.acme), (0, 0))

    def test_an_adjustment_takes_money_away(self):
        values = {"account_id": self.acme.id, "kind": "adjustment", "amount": -1.5, "reference": "Typing error"}
        self.env["telecom.wallet.topup"].create(values).action_post()
        self.assertEqual(self.acme.balance, -1.5)

    def test_an_entry_is_reversed_by_the_page(self):
        entry = self.env["telecom.wallet.entry"].browse(self.topup(self.acme, 20_000_000))
        action = entry.action_reverse()
        values = {"reference": "Paid twice"}
        wizard = self.env["telecom.wallet.reversal"].with_context(**action["context"]).create(values)
        wizard.action_reverse()
        self.assertEqual(self.acme.balance, 0.0)
        reversal = self.env["telecom.wallet.entry"].search([("reverses_id", "=", entry.id)])
        self.assertEqual((reversal.amount, reversal.reference), (-20.0, "Paid twice"))
        with self.assertRaisesRegex(UserError, "cannot be reversed"):
            reversal.action_reverse()

    def test_support_does_not_touch_money(self):
        support = self.staff("support")
        for model in ("telecom.wallet.topup", "telecom.wallet.reversal"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(support).create({})

    def test_a_key_used_for_something_else_is_explained(self):
        self.acme._wallet_post("topup", 5.0, "k1", "x")
        with self.assertRaisesRegex(UserError, "posted before with other content"):
            self.acme._wallet_post("topup", 6.0, "k1", "x")
