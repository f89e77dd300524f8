from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestResellerWizard(MockEmail, TelecomCase):
    """One step makes a reseller that can sell at once, or nothing at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wholesale = cls.env["telecom.rate.plan"].create(
            {
                "name": "Wholesale",
                "company_id": cls.owner.id,
                "currency_id": cls.euro.id,
                "base": "explicit",
                "rounding_method": "half_up",
            }
        )
        cls.owner.currency_id = cls.euro
        cls.admin = cls.staff("admin")

    def wizard(self, user=None, **values):
        return (
            self.env["telecom.reseller.wizard"]
            .with_user(user or self.admin)
            .create(
                {
                    "provider_id": self.owner_tenant.id,
                    "name": "Fresh Voice",
                    "country_id": self.country.id,
                    "tz": "Europe/London",
                    "currency_id": self.euro.id,
                    "tax_name": "VAT",
                    "tax_percent": 20.0,
                    "mode": "postpaid",
                    "credit_limit": 200.0,
                    "rate_plan_id": self.wholesale.id,
                    "markup_percent": 30.0,
                    "admin_name": "Fay Fresh",
                    "admin_email": "fay@fresh.example",
                    **values,
                }
            )
        )

    def made(self, name="Fresh Voice"):
        return self.env["telecom.tenant"].search([("name", "=", name)])

    def test_all_parts_are_there(self):
        self.wizard().action_create()
        tenant = self.made()
        self.assertEqual(tenant.parent_id, self.owner_tenant)
        account = tenant.account_id
        self.assertEqual(
            (account.company_id, account.mode, account.credit_limit, account.rate_plan_id, account.state),
            (self.owner, "postpaid", 200.0, self.wholesale, "active"),
        )
        company = tenant.company_id
        self.assertEqual((company.chart_template, company.country_id), ("telecom_light", self.country))
        self.assertEqual(company.currency_id, self.euro)
        self.assertEqual(company.partner_id.company_id, company)
        self.assertEqual(company.account_sale_tax_id.mapped("amount"), [20.0])
        self.assertEqual(self.env["account.account"].with_company(company).search_count([("code", "=", "400000")]), 1)
        self.assertTrue(self.env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "sale")]))

    def test_the_first_plan_marks_up_what_the_reseller_pays(self):
        self.wizard().action_create()
        plan = self.env["telecom.rate.plan"].search([("company_id", "=", self.made().company_id.id)])
        self.assertEqual((plan.base, plan.default_method, plan.default_percent), ("parent", "percent", 30.0))

    def test_the_administrator_is_a_share_user_and_is_invited_in_the_resellers_name(self):
        self.owner.email = "owner@owner.example"
        with self.mock_mail_gateway():
            self.wizard(email="office@fresh.example").action_create()
            self.env["mail.mail"].process_email_queue()
        user = self.env["res.users"].search([("login", "=", "fay@fresh.example")])
        self.assertTrue(user.share)
        self.assertTrue(user.has_group("telecom_base.group_reseller_admin"))
        self.assertEqual(user.company_ids, self.made().company_id)
        [mail] = self._mails
        self.assertIn("fay@fresh.example", mail["email_to"][0])
        self.assertIn("Fresh Voice", mail["body"])
        for part in ("body", "subject", "email_from", "reply_to"):
            self.assertNotIn(self.owner.name, mail[part], f"the {part} names the provider")
            self.assertNotIn("owner.example", mail[part], f"the {part} names the provider")

    def test_an_invoice_can_be_posted_in_the_new_books(self):
        self.wizard().action_create()
        company = self.made().company_id
        customer = self.env["res.partner"].create({"name": "Caller", "company_id": company.id})
        invoice = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_line_ids": [(0, 0, {"name": "Calls", "quantity": 1, "price_unit": 100.0})],
                }
            )
        )
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 120.0))

    def test_resellers_of_resellers(self):
        provider = self.owner_tenant
        for level in range(1, 4):
            plan = self.env["telecom.rate.plan"].search([("company_id", "=", provider.company_id.id)], limit=1)
            self.wizard(
                provider_id=provider.id, name=f"Level {level}", rate_plan_id=plan.id, admin_email=f"l{level}@x.example"
            ).action_create()
            provider = self.made(f"Level {level}")
        self.assertEqual(provider.parent_id.parent_id.parent_id, self.owner_tenant)
        self.assertEqual(provider.account_id.company_id, provider.parent_id.company_id)

    def test_other_people_make_none(self):
        for group in ("support", "pricing", "accountant", "auditor"):
            with self.subTest(group), self.assertRaises(AccessError):
                self.wizard(self.staff(group))
        for group in ("reseller_support", "reseller_accountant", "customer_admin"):
            with self.subTest(group), self.assertRaises(AccessError):
                self.wizard(self.outsider(group, group, self.north))

    def test_taken_names_are_refused_and_nothing_is_made(self):
        before = self.env["res.company"].search_count([])
        for values in ({"name": "north voice "}, {"name": "  "}, {"admin_email": self.admin.login + "@x.example"}):
            if "admin_email" in values:
                self.admin.login = values["admin_email"]
            with self.subTest(values), self.assertRaises(UserError):
                self.wizard(**values).action_create()
        self.assertEqual(self.env["res.company"].search_count([]), before)

    def test_what_strangers_have_tells_nothing(self):
        """A company name or log-in that is somewhere else in the system works, so that nobody can ask what exists."""
        nora = self.outsider("nora", "reseller_admin", self.north)
        far = self.outsider("ann@mail.example", "customer_user", self.owner, self.school.partner_id)
        below = {"provider_id": self.north_tenant.id, "name": self.owner.name, "admin_email": far.login}
        self.wizard(nora, rate_plan_id=False, **below).action_create()
        made = self.env["telecom.tenant"].search([("name", "=", self.owner.name), ("parent_id", "!=", False)])
        self.assertEqual(made.parent_id, self.north_tenant)
        person = self.env["res.users"].search([("company_id", "=", made.company_id.id)])
        self.assertEqual((person.login, person.email), ("ann@mail.example#2", "ann@mail.example"))

    def test_bad_values_are_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "not an e-mail address"):
            self.wizard(admin_email="nobody at all")
        north_plan = self.env["telecom.rate.plan"].create(
            {"name": "Own", "company_id": self.north.id, "base": "explicit", "rounding_method": "half_up"}
        )
        with self.assertRaisesRegex(ValidationError, "plan of the provider"):
            self.wizard(rate_plan_id=north_plan.id)

    def test_suspended_activated_and_closed(self):
        tenant = self.north_tenant.with_user(self.admin)
        tenant.action_suspend()
        self.assertEqual(self.north_account.state, "suspended")
        tenant.action_activate()
        with self.assertRaisesRegex(UserError, "still has customers"):
            tenant.action_close()
        self.acme.action_close()
        tenant.action_close()
        self.assertEqual(self.north_account.state, "closed")
        with self.assertRaisesRegex(UserError, "owns the system"):
            self.owner_tenant.action_suspend()

    def test_only_an_administrator_stops_a_whole_reseller(self):
        for role in ("support", "accountant", "pricing"):
            person = self.staff(role)
            account = self.north_account.with_user(person)
            plans = self.env["telecom.plan.assignment"].with_user(person)
            future = {"account_id": account.id, "plan_id": False, "valid_from": "2040-01-01 00:00:00"}
            acts = {
                "tenant": self.north_tenant.with_user(person).action_suspend,
                "button": account.action_suspend,
                "write": lambda account=account: account.write({"state": "closed"}),
                "plan": lambda account=account: account.write({"rate_plan_id": self.wholesale.id}),
                "planned": lambda plans=plans, future=future: plans.create(future),
            }
            for name, act in acts.items():
                with self.subTest(role=role, by=name), self.assertRaises(AccessError):
                    act()
            if role != "pricing":
                self.school.with_user(person).action_suspend()
                self.assertEqual(self.school.state, "suspended", "a customer is everyday business")
                self.school.with_user(person).action_activate()
        self.assertEqual(self.north_account.state, "active")
