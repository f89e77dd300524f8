from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import WalletCase

MODELS = ("telecom.wallet", "telecom.wallet.entry")


@tagged("post_install", "-at_install")
class TestStrangers(WalletCase):
    """Wallets and entries are seen by the owner's staff, the provider, and the customer itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cafe = cls.open_account(cls.north, "Cafe")
        cls.reseller = cls.outsider("north_admin", "reseller_admin", cls.north)
        cls.customer = cls.outsider("acme_user", "customer_user", cls.north, cls.acme.partner_id)

    def setUp(self):
        super().setUp()
        for number, account in enumerate((self.acme, self.cafe, self.school, self.north_account)):
            self.topup(account, 1_000_000, key=f"t{number}")

    def accounts_seen(self, user, model):
        return self.env[model].with_user(user).search([]).account_id

    def test_who_sees_what(self):
        for model in MODELS:
            with self.subTest(model=model):
                mine = self.acme | self.cafe | self.north_account
                self.assertEqual(self.accounts_seen(self.reseller, model), mine)
                self.assertEqual(self.accounts_seen(self.customer, model), self.acme)

    def test_a_strangers_wallet_is_refused(self):
        for user, account in ((self.reseller, self.school), (self.customer, self.cafe)):
            wallet = self.env["telecom.wallet"].browse(account.id)
            entry = self.env["telecom.wallet.entry"].search([("account_id", "=", account.id)])
            for record, name in ((wallet, "balance"), (entry, "amount")):
                with self.subTest(user=user.login, record=record), self.assertRaises(AccessError):
                    record.with_user(user).read([name])

    def test_balances_of_strangers_are_not_found_by_searching_accounts(self):
        found = self.env["telecom.billing.account"].with_user(self.customer).search([("balance", ">", 0)])
        self.assertEqual(found, self.acme)

    def test_nobody_outside_changes_money(self):
        for user in (self.reseller, self.customer, self.staff("auditor"), self.staff("accountant")):
            for model in MODELS:
                for operation in ("write", "create", "unlink"):
                    with self.subTest(user=user.login, model=model, operation=operation):
                        self.assertFalse(self.env[model].with_user(user).has_access(operation))
        for user in (
            self.outsider("north_support", "reseller_support", self.north),
            self.customer,
            self.staff("support"),
        ):
            self.assertFalse(self.env["telecom.wallet.topup"].with_user(user).has_access("create"))

    def test_the_accountant_of_one_company_cannot_point_at_another(self):
        accountant = self.staff("accountant")
        accountant.company_ids = [(6, 0, self.owner.ids)]
        values = {"account_id": self.acme.id, "amount": 5.0, "reference": "x"}
        with self.assertRaises(AccessError):
            self.env["telecom.wallet.topup"].with_user(accountant).create(values).action_post()
        self.assertEqual(self.wallet(self.acme), (1_000_000, 0))
        entry = self.env["telecom.wallet.entry"].search([("account_id", "=", self.acme.id)])
        with self.assertRaises(AccessError):
            self.env["telecom.wallet.reversal"].with_user(accountant).create(
                {"entry_id": entry.id, "reference": "x"}
            ).action_reverse()

    def test_the_staffs_names_are_not_shown_outside(self):
        entry = self.env["telecom.wallet.entry"].with_user(self.customer).search([])
        for name in ("user_id", "idempotency_key"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                entry.read([name])
