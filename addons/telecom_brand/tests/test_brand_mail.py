from odoo.addons.mail.tests.common import MockEmail
from odoo.tests import tagged

from .common import BrandCase


@tagged("post_install", "-at_install")
class TestBrandMail(MockEmail, BrandCase):
    """E-mails come from the brand that they are about, whoever writes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.email = "owner@owner.test"
        cls.amir = cls.outsider("amir", "customer_admin", cls.north, cls.acme.partner_id)
        cls.lone = cls.outsider("lone", "customer_admin", cls.owner, cls.school.partner_id)
        cls.amir.partner_id.email, cls.lone.partner_id.email = "amir@acme.test", "lone@school.test"

    def sent(self, user, by):
        """Let somebody of the staff have a person's password set anew; return the mail that goes out."""
        self._init_mail_mock()
        with self.mock_mail_gateway():
            user.with_user(by)._action_reset_password()
        [mail] = self._mails
        return mail

    def test_sender_logo_footer_and_links_are_the_brands(self):
        mail = self.sent(self.amir, self.env.ref("base.user_admin"))
        self.assertEqual(mail["email_from"], '"North Billing" <billing@north.test>')
        self.assertEqual(mail["reply_to"], "help@north.test")
        for word in ("https://north.test/web/reset_password?", "https://north.test/brand/logo", "North Voice Ltd, York",
                     "help@north.test", "#aa3300"):  # fmt: skip
            self.assertIn(word, mail["body"])
        text = repr(mail).lower().replace(self.env.cr.dbname, "")
        for word in ("odoo", "owner"):
            self.assertNotIn(word, text, f"the mail names {word}")

    def test_the_owners_customers_hear_from_the_owner(self):
        mail = self.sent(self.lone, self.env.ref("base.user_admin"))
        self.assertEqual(mail["email_from"], '"Owner Brand" <owner@owner.test>')
        self.assertIn("https://owner.test/web/reset_password?", mail["body"])
        self.assertNotIn("north", repr(mail).lower())

    def test_a_contact_common_to_the_owners_companies_hears_from_the_owner(self):
        self.lone.partner_id.write({"company_id": False, "parent_id": False})
        mail = self.sent(self.lone, self.env.ref("base.user_admin"))
        self.assertEqual(mail["email_from"], '"Owner Brand" <owner@owner.test>')
        self.assertEqual(self.lone.partner_id.get_base_url(), "https://owner.test")
        self.assertEqual(self.amir.partner_id.get_base_url(), "https://north.test")

    def test_a_brand_without_any_address_writes_from_its_host(self):
        self.norths.write({"sender_email": False, "support_email": False})
        self.north.email = False
        mail = self.sent(self.amir, self.env.ref("base.user_admin"))
        self.assertEqual(mail["email_from"], '"North Billing" <no-reply@north.test>')

    def test_a_message_does_not_name_the_machine(self):
        message = self.env["mail.message"].create(
            {"body": "x", "model": "res.partner", "res_id": self.amir.partner_id.id}
        )
        self.assertRegex(message.message_id, "@mail.invalid>$")
