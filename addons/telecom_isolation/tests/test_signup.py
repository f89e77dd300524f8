import re

from odoo.addons.mail.tests.common import MailCase
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

KNOWN, UNKNOWN = "mary@example.com", "newcomer@example.com"
LINK = re.compile(r'href="(?:https?://[^/"]*)?(/web/signup[^"]*)"')


@tagged("post_install", "-at_install")
class TestSignup(MailCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        cls.env["ir.config_parameter"].set_param("auth_signup.reset_password", "True")
        if "website" in cls.env:
            cls.env["website"].search([]).auth_signup_uninvited = "b2c"
        cls.known = new_test_user(cls.env, KNOWN, groups="base.group_portal", email=KNOWN)

    def sign_up(self, address, url="/web/signup", name="Mary Somebody", **values):
        self.authenticate(None, None)
        page = self.url_open(url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        data = {"csrf_token": token, "name": name, "login": address, **values}
        return self.url_open(url, data=data, allow_redirects=False)

    def said(self, answer, address):
        """Return what a visitor sees of an answer, without what differs in every answer."""
        text = answer.text.replace(address, "ADDRESS")
        return answer.status_code, re.sub(r'csrf_token[^>]*|session_info[^<]*|\?unique=[^"]*', "", text)

    def test_a_known_address_gets_the_answer_of_an_unknown_one(self):
        with self.mock_mail_gateway():
            known = self.said(self.sign_up(KNOWN), KNOWN)
            unknown = self.said(self.sign_up(UNKNOWN), UNKNOWN)
        self.assertEqual(known, unknown)
        self.assertIn("We have sent a message", known[1])
        told = {address: mail["body"] for mail in self._mails for address in (KNOWN, UNKNOWN) if address in str(mail)}
        self.assertIn("/web/reset_password", told[KNOWN])
        self.assertIn("/web/signup", told[UNKNOWN])
        self.assertFalse(self.env["res.users"].search([("login", "=", UNKNOWN)]), "nobody before the link is followed")

    def test_the_link_makes_the_log_in_of_its_address_only(self):
        with self.mock_mail_gateway():
            self.sign_up(UNKNOWN)
        link = LINK.search(self._mails[-1]["body"])[1].replace("&amp;", "&")
        password = {"password": "Long-enough-1-password", "confirm_password": "Long-enough-1-password"}
        with self.mock_mail_gateway(), mute_logger("odoo.addons.auth_signup.controllers.main"):
            answer = self.sign_up(KNOWN, url=link, **password)  # another address than the message went to
        self.assertNotIn("already registered", answer.text)
        newcomer = self.env["res.users"].search([("login", "=", UNKNOWN)])
        self.assertTrue(newcomer._is_portal())
        self.assertFalse(newcomer.partner_id.telecom_signup)
        self.assertEqual(newcomer.company_id, newcomer.partner_id.company_id)

    def test_nobody_learns_a_log_in_by_an_address(self):
        for route in ("signup", "reset_password"):
            self.authenticate(None, None)
            answer = self.url_open(f"/web/{route}?signup_email={KNOWN}", allow_redirects=False)
            with self.subTest(route):
                self.assertEqual(answer.status_code, 200)
                self.assertNotIn(KNOWN, answer.text)

    def test_what_is_no_address_is_said(self):
        for address, name in (("nonsense", "Mary"), (UNKNOWN, " "), ("", "Mary")):
            with self.subTest(address), self.mock_mail_gateway():
                self.assertIn("Give your name, and an e-mail address", self.sign_up(address, name=name).text)
                self.assertFalse(self._mails)

    def test_the_second_message_waits(self):
        with self.mock_mail_gateway():
            self.sign_up(UNKNOWN)
            self.sign_up(UNKNOWN.upper())
        self.assertEqual(len(self._mails), 1)

    def test_who_never_answers_is_forgotten(self):
        with self.mock_mail_gateway():
            self.sign_up(UNKNOWN)
        newcomer = self.env["res.partner"].search([("email", "=", UNKNOWN)])
        self.env["res.partner"]._telecom_forget_newcomers()
        self.assertTrue(newcomer.exists())
        self.env.cr.execute(
            "update res_partner set create_date = now() - interval '8 days' where id = %s", newcomer.ids
        )
        newcomer.invalidate_recordset()
        self.env["res.partner"]._telecom_forget_newcomers()
        self.assertFalse(newcomer.exists())
