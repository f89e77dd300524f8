import base64

from odoo.addons.mail.tests.common import MockEmail
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import BrandCase, picture


@tagged("post_install", "-at_install")
class TestBrand(MockEmail, BrandCase):
    """Who may change which brand, and what it may not be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora = cls.outsider("nora", "reseller_admin", cls.north)
        cls.boss = cls.staff("admin")

    def as_nora(self, record):
        return record.with_user(self.nora).with_context(allowed_company_ids=self.north.ids)

    def test_every_tenant_has_a_brand_in_its_own_name(self):
        self.assertEqual((self.norths.company_id, self.norths.url), (self.north, "https://north.test"))
        for tenant in self.env["telecom.tenant"].search([]):
            self.assertTrue(self.brands._telecom_of_company(tenant.company_id), tenant.name)

    def test_a_brand_follows_its_companys_name_until_it_has_its_own(self):
        fresh = self.env["res.company"].create({"name": "Fresh"})
        brand = self.brands.create({"company_id": fresh.id, "name": fresh.name})
        fresh.name = "Fresher"
        self.assertEqual(brand.name, "Fresher")
        brand.name = "Own"
        fresh.name = "Freshest"
        self.assertEqual(brand.name, "Own")

    def test_a_resellers_administrator_changes_its_brand_and_no_other(self):
        brand = self.as_nora(self.norths)
        brand.write({"name": "New North", "primary_color": "#0000FF", "style": ".a { color: red }"})
        self.assertEqual((self.norths.name, self.norths.primary_color), ("New North", "#0000ff"))
        self.assertEqual((self.north.primary_color, self.north.report_header.striptags()), ("#0000ff", "New North"))
        self.assertEqual(self.as_nora(self.brands).search([]), self.norths)
        for change in ({"company_id": self.owner.id}, {"website_id": False}):
            with self.assertRaises(UserError):
                brand.write(change)
        with self.assertRaises(AccessError):
            self.as_nora(self.owners).write({"name": "Taken"})
        with self.assertRaises(AccessError):
            self.as_nora(self.brands).create({"company_id": self.north.id, "name": "Second"})

    def test_a_host_name_waits_until_the_owner_has_approved_it(self):
        hosts = self.as_nora(self.env["telecom.brand.host"])
        host = hosts.create({"name": "HTTPS://New.North.test/x", "brand_id": self.norths.id, "state": "active"})
        self.assertEqual((host.name, host.state), ("new.north.test", "waiting"))
        self.assertFalse(self.brands._telecom_of_host("new.north.test"))
        for attack in (lambda: host.write({"state": "active"}), lambda: host.write({"brand_id": self.owners.id}),
                       host.action_approve):  # fmt: skip
            with self.assertRaises(AccessError):
                attack()
        host.sudo(False).with_user(self.boss).with_context(allowed_company_ids=self.north.ids).action_approve()
        self.assertEqual(self.brands._telecom_of_host("new.north.test:8443"), self.norths)
        host.name = "other.north.test"
        self.assertEqual(host.state, "waiting", "another name is another host")
        self.assertFalse(self.brands._telecom_of_host("new.north.test"))

    def test_a_host_name_belongs_to_one_brand(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.as_nora(self.env["telecom.brand.host"]).create({"name": "owner.test", "brand_id": self.norths.id})

    def test_a_host_cannot_be_given_to_a_strangers_brand(self):
        with self.assertRaises(AccessError):
            self.as_nora(self.env["telecom.brand.host"]).create({"name": "x.test", "brand_id": self.owners.id})
        with self.assertRaises(AccessError):
            values = {"kind": "home", "body": "{{content}}", "brand_id": self.owners.id}
            self.as_nora(self.env["telecom.brand.page"]).create(values)

    def test_what_a_brand_cannot_be_is_said_and_not_saved(self):
        svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>").decode()
        brand, before = self.as_nora(self.norths), self.norths.read()
        for change, words in (
            ({"logo": svg}, "Logo: it is no PNG"),
            ({"logo": picture(size=(4001, 1))}, "4001 x 1"),
            ({"favicon": "AAAA"}, "Icon: it is no PNG"),
            ({"primary_color": "red"}, "#1f2a44"),
            ({"secondary_color": "#12345"}, "#1f2a44"),
            ({"sender_email": "me"}, "name@example.com"),
            ({"sender_email": "a@b.test\nBcc: x@y.test"}, "name@example.com"),
            ({"sender_name": "a\nBcc: x@y.test"}, "one line"),
            ({"style": ".a{}\n@import 'x';"}, "@import in line 2"),
            ({"page_ids": [(0, 0, {"kind": "home", "body": "<script></script>{{content}}"})]}, "<script> in line 1"),
            ({"host_ids": [(0, 0, {"name": "no host"})]}, "phone.example.com"),
        ):
            with self.subTest(words), self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                brand.write(change)
        self.norths.invalidate_recordset()
        self.assertEqual(self.norths.read(), before)

    def test_documents_take_the_brand_from_the_company(self):
        self.norths.write({"document_header": "North head", "document_footer": "Bank 1", "secondary_color": "#00ff00"})
        self.assertEqual(self.north.logo, self.norths.logo)
        self.assertEqual((self.north.primary_color, self.north.secondary_color), ("#aa3300", "#00ff00"))
        self.assertEqual(self.north.report_header.striptags(), "North head")
        self.assertIn("Bank 1", self.north.report_footer)

    def test_links_lead_to_the_brand_of_the_record(self):
        self.assertEqual(self.nora.get_base_url(), "https://north.test")
        self.assertEqual(self.acme.partner_id.get_base_url(), "https://north.test")
        self.assertEqual(self.school.partner_id.get_base_url(), "https://owner.test")
        self.env["ir.config_parameter"].sudo().set_param("telecom_brand.https_port", "8443")
        self.brands.invalidate_model(["url"])
        self.assertEqual(self.nora.get_base_url(), "https://north.test:8443")

    def wizard(self, user, **values):
        return self.env["telecom.reseller.wizard"].with_user(user).create(
            {
                "provider_id": self.owner_tenant.id,
                "name": "Fresh Voice",
                "email": "hello@fresh.test",
                "country_id": self.country.id,
                "tz": "Europe/London",
                "currency_id": self.euro.id,
                "admin_name": "Fay",
                "admin_email": "fay@fresh.test",
                "brand_name": "Fresh!",
                "host_name": "phone.fresh.test",
                "logo": picture("yellow"),
                "primary_color": "#123456",
                **values,
            }
        )  # fmt: skip

    def test_the_wizard_makes_the_brand_and_the_invitation_leads_to_its_host(self):
        wizard = self.wizard(self.boss)
        self.assertIn("phone.fresh.test", wizard.summary)
        with self.mock_mail_gateway():
            wizard.action_create()
            self.env["mail.mail"].process_email_queue()
        company = self.env["telecom.tenant"].search([("name", "=", "Fresh Voice")]).company_id
        brand = self.brands._telecom_of_company(company)
        self.assertEqual((brand.name, brand.primary_color, bool(brand.logo)), ("Fresh!", "#123456", True))
        self.assertEqual(self.brands._telecom_of_host("phone.fresh.test"), brand)
        [mail] = self._mails
        self.assertIn("https://phone.fresh.test/web/signup?", mail["body"])
        self.assertIn("https://phone.fresh.test/brand/logo", mail["body"])
        self.assertEqual(mail["email_from"], '"Fresh!" <hello@fresh.test>')

    def test_the_wizard_refuses_a_taken_or_broken_host_name_and_makes_nothing(self):
        for name, words in (("North.test", "north.test is taken"), ("north", "phone.example.com")):
            with self.subTest(name), self.assertRaisesRegex(ValidationError, words):
                self.wizard(self.boss, host_name=name)
        self.assertFalse(self.env["telecom.tenant"].search([("name", "=", "Fresh Voice")]))

    def test_a_host_that_a_reseller_gives_its_own_reseller_waits(self):
        wizard = self.wizard(self.nora, provider_id=self.north_tenant.id)
        wizard.action_create()
        host = self.env["telecom.brand.host"].search([("name", "=", "phone.fresh.test")])
        self.assertEqual((host.state, host.brand_id.name), ("waiting", "Fresh!"))
