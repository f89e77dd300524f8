from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestNewCustomer(MockEmail, TelecomCase):
    """A reseller's administrator adds customers and resellers of its own company, and of no other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north.write({"country_id": cls.country.id})
        cls.plan = cls.new_plan(cls.north)
        cls.nora = cls.outsider("nora", "reseller_admin", cls.north)

    @classmethod
    def new_plan(cls, company):
        values = {"name": "Plan", "company_id": company.id, "currency_id": cls.euro.id, "base": "explicit"}
        return cls.env["telecom.rate.plan"].create({**values, "rounding_method": "half_up"})

    def customer(self, user=None, **values):
        wizard = self.env["telecom.office.customer"].with_user(user or self.nora)
        defaults = {"name": "Bakery Bloom", "country_id": self.country.id, "tz": "Europe/London", "mode": "prepaid"}
        return wizard.create({**defaults, "rate_plan_id": self.plan.id, **values})

    def account(self, name="Bakery Bloom"):
        return self.env["telecom.billing.account"].search([("partner_id.name", "=", name)])

    def test_a_customer_gets_an_account_on_the_plan(self):
        self.customer(mode="postpaid", credit_limit=30.0).action_create()
        account = self.account()
        self.assertEqual(
            (account.company_id, account.partner_id.company_id, account.rate_plan_id, account.credit_limit),
            (self.north, self.north, self.plan, 30.0),
        )

    def test_its_person_is_invited_and_sees_that_account_only(self):
        with self.mock_mail_gateway():
            self.customer(email="bea@bloom.example", is_company=True).action_create()
            self.env["mail.mail"].process_email_queue()
        user = self.env["res.users"].search([("login", "=", "bea@bloom.example")])
        self.assertTrue(user.share)
        self.assertEqual(self.env["telecom.billing.account"].with_user(user).search([]), self.account())
        self.assertEqual(len(self._mails), 1)
        self.assertNotIn(self.owner.name, str(self._mails))

    def test_plans_and_companies_of_others_are_refused(self):
        foreign = self.new_plan(self.owner)
        with self.assertRaises(UserError):
            self.customer(rate_plan_id=foreign.id).action_create()
        wizard = self.customer()
        wizard.sudo().company_id = self.owner
        with self.assertRaises(AccessError):
            wizard.action_create()
        self.assertFalse(self.account())

    def test_only_administrators_of_resellers_add_customers(self):
        people = [self.outsider(group, group, self.north) for group in ("reseller_support", "customer_admin")]
        for user in [*people, self.staff("support")]:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.customer(user)

    def test_bad_values_are_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "not an e-mail address"):
            self.customer(email="bea at bloom")
        with self.assertRaisesRegex(UserError, "Give the customer a name"):
            self.customer(name="  ").action_create()
        self.nora.login = "nora@north.example"
        with self.assertRaisesRegex(UserError, "one of your people already"):
            self.customer(email="nora@north.example").action_create()
        self.assertFalse(self.account())

    def test_a_log_in_of_a_stranger_tells_nothing(self):
        self.outsider("bea@bloom.example", "customer_user", self.owner, self.school.partner_id)
        self.customer(email="bea@bloom.example").action_create()
        user = self.env["res.users"].search([("partner_id", "=", self.account().partner_id.id)])
        self.assertEqual((user.login, user.email), ("bea@bloom.example#2", "bea@bloom.example"))
        with self.assertRaisesRegex(UserError, "one of your people already"):
            self.customer(name="Another", email="bea@bloom.example").action_create()

    def test_a_reseller_makes_resellers_of_its_own_only(self):
        wizard = self.env["telecom.reseller.wizard"].with_user(self.nora)
        values = {"country_id": self.country.id, "tz": "Europe/London", "currency_id": self.euro.id}
        wizard.create({**values, "provider_id": self.north_tenant.id, "name": "Below North"}).action_create()
        made = self.env["telecom.tenant"].search([("name", "=", "Below North")])
        self.assertEqual(made.parent_id, self.north_tenant)
        with self.assertRaises(AccessError):
            wizard.create({**values, "provider_id": self.owner_tenant.id, "name": "Beside North"}).action_create()
        self.assertFalse(self.env["telecom.tenant"].search([("name", "=", "Beside North")]))
