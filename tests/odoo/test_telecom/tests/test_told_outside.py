"""What customers are told of a call that they think of: the same as live calls, and nothing of anybody above them."""

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .demo import load_demo

LONDON, JAPAN, COLLEAGUE = "02079460000", "+81312345678", "102"
PASSWORD = "long-enough-for-tests"
SECRETS = ("Northwind Wholesale", "Atlantic", "Pacific", "0.035", "mark-up", "Direct")


@tagged("post_install", "-at_install")
class TestToldOutside(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_demo(cls.env)
        cls.acme, cls.northwind = cls.env.ref("__demo_telecom__.acme"), cls.env.ref("__demo_telecom__.northwind")
        cls.phone = cls.env["telecom.phone"].search([("account_id", "=", cls.acme.id)], order="extension", limit=1)
        company = cls.acme.company_id
        companies = {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
        cls.user = new_test_user(cls.env, "told", "telecom_base.group_customer_user", **companies)
        cls.user.partner_id.write({"company_id": company.id, "parent_id": cls.acme.partner_id.id})
        cls.user.password = PASSWORD

    def told(self, number, seconds=75):
        asked = self.env["telecom.price.and.route"].with_user(self.user)
        return asked._told_outside(self.phone.with_user(self.user), number, seconds)

    def refused(self, number):
        told = self.told(number)
        self.assertFalse(told["starts"])
        return told["words"]

    def test_the_page_says_that_a_call_starts_and_how_its_price_comes_about(self):
        self.authenticate("told", PASSWORD)
        answer = self.url_open(f"/my/prices?number={LONDON}&seconds=75")
        self.assertEqual(answer.status_code, 200)
        text = answer.text.split('id="wrapwrap"')[1].split("<tbody>")[0]
        self.assertIn("it would start now", text)
        self.assertIn("0.0438", text)
        self.assertIn("net 0.043800", text)
        for secret in SECRETS:
            self.assertNotIn(secret, text)
        text = self.url_open(f"/my/prices?number={COLLEAGUE}").text
        self.assertIn("one of your own telephones", text)
        answer = self.url_open(f"/my/prices?number={LONDON}&seconds=14401")
        self.assertIn("costs now", answer.text)
        self.assertNotIn("would start", answer.text)

    def test_it_starts(self):
        told = self.told(LONDON)
        self.assertEqual((told["starts"], told["words"], told["is_free"]), (True, "", False))
        self.assertTrue(any(line.startswith("answered 75 s") for line in told["steps"]), told["steps"])
        for secret in SECRETS:
            self.assertNotIn(secret, str(told))

    def test_a_call_within_the_house(self):
        told = self.told(COLLEAGUE)
        self.assertEqual((told["starts"], told["is_free"]), (True, True))

    def test_what_bars_it_is_named_when_it_is_the_customers_own(self):
        def bar(company, **values):
            return self.env["telecom.service.class"].create(
                {"name": "No London", "company_id": company.id, **values,
                 "rule_ids": [(0, 0, {"kind": "prefix", "digits": "4420", "action": "block"})]}
            )  # fmt: skip

        own = bar(self.acme.company_id, account_id=self.acme.id)
        self.phone.service_class_id = own
        self.assertEqual(self.refused(LONDON), "Your class of service No London bars this number.")
        self.phone.service_class_id = False
        self.northwind.service_class_id = bar(self.northwind.company_id)
        self.assertEqual(self.refused(LONDON), "Calls to this number are barred. Ask your provider.")

    def test_whoever_above_is_poor_or_sells_nothing_stays_unknown(self):
        self.assertEqual(self.refused(JAPAN), "This number cannot be called. Ask your provider.")
        with self.subTest("a loss"):
            self.env["telecom.deck.rate"].search([]).write({"price": 9.0})
            self.assertEqual(self.refused(LONDON), "This number cannot be called. Ask your provider.")

    def test_credit(self):
        self.env.flush_all()
        for account, words in (
            (self.northwind, "This call is not possible at the moment. Ask your provider."),
            (self.acme, "Your credit does not pay for the first second of this call."),
        ):
            with self.subTest(account=account.name), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(
                    "update telecom_wallet set balance_micro = -credit_limit_micro where account_id = %s", [account.id]
                )
                self.assertEqual(self.refused(LONDON), words)
                savepoint.rollback()

    def test_limits_of_spending_and_fraud_rules(self):
        above = "This call is not possible at the moment. Ask your provider."
        for account, field, words in (
            (self.acme, "max_spend_call", "This call would cost more than one call of your account may cost."),
            (self.acme, "max_spend_day", "Your account has spent what it may spend on calls today."),
            (self.northwind, "max_spend_day", above),
        ):
            with self.subTest(field=field, account=account.name):
                account[field] = 0.0001
                self.assertEqual(self.refused(LONDON), words)
                account[field] = 0
        self.assertTrue(self.told(LONDON)["starts"])
        rule = self.env["telecom.fraud.rule"].create(
            {"name": "Dialler", "company_id": self.acme.company_id.id, "most_calls": 0}
        )
        misuse = "So many calls of this kind look like misuse: this one would lock your account."
        self.assertEqual(self.refused(LONDON), misuse)
        self.assertNotIn("Dialler", str(self.told(LONDON)))
        rule.write({"company_id": self.northwind.company_id.id, "account_ids": [(6, 0, self.northwind.ids)]})
        self.assertEqual(self.refused(LONDON), above)
        rule.active = False
        self.env.flush_all()
        self.env.cr.execute("select telecom_spend_lock(%s, 'repeated', 0, 0, '{}', 'Dialler')", [self.acme.id])
        self.acme.max_spend_day = 5
        words = "Your account is locked since it reached a limit. Ask your provider to unlock it."
        self.assertEqual(self.refused(LONDON), words)
        self.assertNotIn("Dialler", str(self.told(LONDON)))  # who misuses it is not told by which rule

    def test_a_strangers_telephone_is_not_asked_for(self):
        other = self.env["telecom.phone"].search(
            [("account_id", "=", self.env.ref("__demo_telecom__.lighthouse").id)], limit=1
        )
        asked = self.env["telecom.price.and.route"].with_user(self.user)
        with self.assertRaises(UserError):  # AccessError is one
            asked._told_outside(other.with_user(self.user), LONDON, 60)
        self.authenticate("told", PASSWORD)
        text = self.url_open(f"/my/prices?number={LONDON}&phone={other.id}").text
        self.assertIn("it would start now", text)  # from its own telephone
        self.assertNotIn(other.display_name, text)
