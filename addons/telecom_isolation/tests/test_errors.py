import xmlrpc.client
from unittest.mock import patch

from odoo.addons.base.models.res_partner import ResPartner
from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.tests import HttpCase, tagged
from odoo.tests.common import Transport
from odoo.tools import mute_logger

PASSWORD = "long-enough-for-tests"
SECRET = "Zebra 4711"
INSIDES = ("Traceback", SECRET, "/addons/", 'File "')


def broken(*_args, **_kwargs):
    raise KeyError(SECRET)


@tagged("post_install", "-at_install")
class TestErrors(HttpCase, TelecomCase):
    """Errors tell people who are not staff what to do, and nothing of the system's insides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora = cls.outsider("nora", "reseller_admin", cls.north)
        cls.sam = cls.staff("support")
        (cls.nora | cls.sam).password = PASSWORD

    def call(self, login, method="name_search", args=(), path="/web/dataset/call_kw"):
        self.authenticate(*((login, PASSWORD) if login else (None, None)))
        params = {"model": "res.partner", "method": method, "args": list(args), "kwargs": {}}
        with mute_logger("odoo.http", "odoo.addons.telecom_isolation.errors"):
            return self.url_open(path, json={"jsonrpc": "2.0", "method": "call", "params": params}).json()["error"]

    def test_outsiders_read_what_to_do_and_staff_the_traceback(self):
        with patch.object(ResPartner, "name_search", broken, create=True):
            told, seen = (self.call(login, args=[[]]) for login in ("nora", self.sam.login))
        self.assertEqual(told["data"]["name"], "builtins.KeyError")
        self.assertRegex(told["data"]["message"], "tell your provider the reference [0-9a-f]{8}")
        for word in INSIDES:
            self.assertNotIn(word, str(told))
        self.assertIn("Traceback", seen["data"]["debug"])

    def test_what_is_written_for_users_is_said(self):
        told = self.call("nora", "read", [[self.school.partner_id.id], ["name"]])
        self.assertEqual(told["data"]["name"], "odoo.exceptions.AccessError")
        self.assertIn("access", told["data"]["message"])
        for word in (*INSIDES, "Lighthouse"):
            self.assertNotIn(word, str(told))

    def test_a_visitor_gets_no_traceback_either(self):
        told = self.call(None)
        self.assertEqual(told["data"]["debug"], "")
        self.assertIn("Session", told["message"])

    def test_xml_rpc_tells_no_insides(self):
        for service in ("/xmlrpc/object", "/xmlrpc/2/object"):
            proxy = xmlrpc.client.ServerProxy(self.base_url() + service, transport=Transport(self))
            with (
                self.subTest(service),
                patch.object(ResPartner, "name_search", broken, create=True),
                mute_logger("odoo.http", "odoo.addons.telecom_isolation.errors", "odoo.addons.rpc.controllers.xmlrpc"),
                self.assertRaises(xmlrpc.client.Fault) as caught,
            ):
                proxy.execute_kw(self.env.cr.dbname, self.nora.id, PASSWORD, "res.partner", "name_search", [[]])
            text = f"{caught.exception.faultCode} {caught.exception.faultString}"
            self.assertIn("tell your provider the reference", text)
            for word in INSIDES:
                self.assertNotIn(word, text)

    def test_an_error_page_tells_no_insides(self):
        self.authenticate("nora", PASSWORD)
        with (
            patch("odoo.addons.portal.controllers.portal.CustomerPortal._prepare_home_portal_values", broken),
            mute_logger("odoo.http", "odoo.addons.telecom_isolation.errors"),
        ):
            page = self.url_open("/my/home?debug=1")
        self.assertEqual(page.status_code, 500)
        for word in INSIDES:
            self.assertNotIn(word, page.text)

    def test_a_forgotten_password_tells_not_who_exists(self):
        with patch("odoo.addons.auth_signup.models.res_users.ResUsers.action_reset_password", lambda self: None):
            told = [self.env["res.users"].reset_password(login) for login in ("nora", "nobody@nowhere.example")]
        self.assertEqual(told, [None, None])
