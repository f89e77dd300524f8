import hashlib

from odoo.tests import TransactionCase, tagged

from .demo import FAR_SIP, load_demo


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credentials, cls.made = load_demo(cls.env)

    def ref(self, key):
        return self.env.ref(f"__demo_telecom__.{key}")

    def test_the_second_time_nothing_is_added_and_no_password_changes(self):
        again, made = load_demo(self.env, self.credentials)
        self.assertEqual(made, 0)
        self.assertEqual(again, self.credentials)

    def test_lost_credentials_are_replaced_by_new_ones_that_work(self):
        again, made = load_demo(self.env, {})
        self.assertEqual(made, 0)
        for old, new in zip(self.credentials["sip"], again["sip"], strict=True):
            self.assertNotEqual(old["password"], new["password"])
        self.check_digests(again["sip"])

    def test_credentials_of_an_older_database_are_used_again(self):
        known = {"sip": [{"username": self.ref("phone_102").sip_username, "password": "kept-from-before"}]}
        again, _made = load_demo(self.env, known)
        self.assertIn("kept-from-before", [account["password"] for account in again["sip"]])

    def check_digests(self, accounts):
        for account in accounts:
            text = f"{account['username']}:bss:{account['password']}".encode()
            phone = self.env["telecom.phone"].search([("sip_username", "=", account["username"])])
            with self.subTest(username=account["username"]):
                self.assertEqual(phone.sudo().sip_digest, hashlib.md5(text, usedforsecurity=False).hexdigest())

    def test_the_telephones_and_their_passwords(self):
        owners = {"101": "acme", "102": "acme", "201": "harbour", "301": "lighthouse", "401": "empty"}
        self.assertEqual([account["extension"] for account in self.credentials["sip"]], list(owners))
        for account in self.credentials["sip"]:
            number = self.ref(owners[account["extension"]]).number
            with self.subTest(extension=account["extension"]):
                self.assertEqual(account["account"], number)
                self.assertEqual(account["username"], f"{number.lower()}-{account['extension']}")
        self.check_digests(self.credentials["sip"])

    def test_the_people_can_log_in(self):
        self.assertEqual(
            [user["login"] for user in self.credentials["users"]],
            ["admin", "support", "helpdesk", "pricing", "accountant", "auditor", "northwind", "acme"],
        )
        for user in self.credentials["users"]:
            credential = {"login": user["login"], "password": user["password"], "type": "password"}
            with self.subTest(login=user["login"]):
                found = self.env["res.users"].authenticate(credential, {"interactive": False})
                self.assertEqual(self.env["res.users"].browse(found["uid"]).login, user["login"])

    def test_staff_are_employees_and_the_others_are_not(self):
        for login in ("support", "helpdesk", "pricing", "accountant", "auditor"):
            self.assertFalse(self.ref(f"user_{login}").share)
        for login in ("northwind", "acme"):
            self.assertTrue(self.ref(f"user_{login}").share)
            self.assertEqual(self.ref(f"user_{login}").company_ids, self.ref("reseller"))

    def test_balances_and_limits(self):
        for key, provider, balance_micro, limit_micro in (
            ("northwind", "owner", 0, 500_000_000),
            ("lighthouse", "owner", 10_000_000, 0),
            ("empty", "owner", 0, 0),
            ("acme", "reseller", 20_000_000, 0),
            ("harbour", "reseller", 0, 50_000_000),
        ):
            account = self.ref(key)
            self.env.cr.execute(
                "select balance_micro, credit_limit_micro from telecom_wallet where account_id = %s", [account.id]
            )
            wallets = self.env.cr.fetchall()
            with self.subTest(account=key):
                self.assertEqual(account.company_id, self.ref(provider))
                self.assertEqual(wallets, [(balance_micro, limit_micro)])

    def test_companies_have_books_in_euro_in_the_uk(self):
        for company in (self.ref("owner"), self.ref("reseller")):
            with self.subTest(company=company.name):
                self.assertEqual(company.chart_template, "generic_coa")
                self.assertEqual((company.currency_id.name, company.country_id.code), ("EUR", "GB"))
        self.assertEqual(self.ref("harbour").tax_ids.amount, 20.0)
        self.assertFalse(self.ref("acme").tax_ids)

    def test_the_trunks_follow_the_far_end(self):
        host, port = FAR_SIP.split(":")
        for key in ("trunk_atlantic", "trunk_pacific"):
            trunk = self.ref(key)
            self.assertEqual((trunk.host, trunk.port), (host, int(port)))
            trunk.port = 5099
        load_demo(self.env, self.credentials)
        self.assertEqual(self.ref("trunk_pacific").port, 5070)

    def test_the_number_rings_reception(self):
        number = self.ref("number_acme")
        self.assertEqual((number.e164, number.target_id.phone_id), ("442079460999", self.ref("phone_101")))
        self.assertEqual(self.ref("phone_101").cli_number_id, number)
