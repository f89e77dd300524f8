from unittest.mock import MagicMock, patch

from odoo import Command
from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import key_scopes
from ..tools.key_scopes import READING, SCOPES

ACCOUNT = "telecom.billing.account"


@tagged("post_install", "-at_install")
class TestKeyScopes(TelecomCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.staff("admin")
        cls.person.group_ids = [Command.link(cls.env.ref("base.group_system").id)]

    def key(self, scope):
        """Make a key as the page does; return it."""
        page = self.env["res.users.apikeys.description"].with_user(self.person)
        asked = page.create({"name": scope, "duration": "1", "telecom_scope": scope})
        request = MagicMock()
        request.session = {"identity-check-last": 2**40}  # has just given the password
        request.httprequest.environ = {"REMOTE_ADDR": "192.0.2.1"}
        with patch("odoo.addons.base.models.res_users.request", new=request):
            return asked.make_key()["context"]["default_key"]

    def ask(self, key, model, method, **arguments):
        headers = {"Authorization": f"Bearer {key}"}
        with mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.telecom_isolation.errors"):
            return self.url_open(f"/json/2/{model}/{method}", json={"context": {}, **arguments}, headers=headers)

    def test_a_key_for_reading_reads_and_changes_nothing(self):
        key = self.key("telecom_read")
        found = self.ask(key, ACCOUNT, "search_read", domain=[["id", "=", self.school.id]], fields=["state"])
        self.assertEqual(found.json(), [{"id": self.school.id, "state": "active"}])
        for method, arguments in (
            ("write", {"ids": self.school.ids, "vals": {"credit_limit": 1}}),
            ("action_suspend", {"ids": self.school.ids}),
            ("unlink", {"ids": self.school.ids}),
            ("create", {"vals_list": [{}]}),
        ):
            with self.subTest(method):
                answer = self.ask(key, ACCOUNT, method, **arguments)
                self.assertEqual(answer.status_code, 403)
                self.assertIn("Its scope is: Read", answer.text)
        self.assertEqual(self.ask(key, "res.users", "search_read").status_code, 403)
        self.assertEqual(self.school.state, "active")

    def test_what_a_key_for_reading_calls_cannot_write_even_if_the_method_does(self):
        key = self.key("telecom_read")
        with patch.object(key_scopes, "READING", READING | {"action_suspend"}):
            answer = self.ask(key, ACCOUNT, "action_suspend", ids=self.school.ids)
        self.assertGreaterEqual(answer.status_code, 400)
        self.school.invalidate_recordset()
        self.assertEqual(self.school.state, "active")

    def test_a_key_for_billing_suspends_and_sees_no_user(self):
        key = self.key("telecom_billing")
        self.assertEqual(self.ask(key, ACCOUNT, "action_suspend", ids=self.school.ids).status_code, 200)
        self.school.invalidate_recordset()
        self.assertEqual(self.school.state, "suspended")
        for model, method in (("res.users", "read"), (ACCOUNT, "write"), ("telecom.phone", "search_read")):
            with self.subTest(model=model):
                self.assertEqual(self.ask(key, model, method, ids=[1]).status_code, 403)

    def test_a_key_for_calls_sees_no_account(self):
        self.assertEqual(self.ask(self.key("telecom_calls"), ACCOUNT, "search_read").status_code, 403)

    def test_a_scope_never_gives_a_right(self):
        self.person.group_ids = [Command.set(self.env.ref("telecom_base.group_auditor").ids)]
        self.person.group_ids = [Command.link(self.env.ref("base.group_user").id)]
        key = self.key("telecom_billing")
        self.assertEqual(self.ask(key, ACCOUNT, "search_count", domain=[]).status_code, 200)
        self.assertEqual(self.ask(key, ACCOUNT, "action_suspend", ids=self.school.ids).status_code, 403)
        self.school.invalidate_recordset()
        self.assertEqual(self.school.state, "active")

    def test_a_full_key_does_what_its_person_may(self):
        key = self.key("full")
        self.assertEqual(self.ask(key, "res.users", "search_count", domain=[]).status_code, 200)
        self.assertEqual(self.ask(key, ACCOUNT, "action_suspend", ids=self.school.ids).status_code, 200)

    def test_no_other_door_takes_a_scoped_key(self):
        keys = {scope: self.key(scope) for scope in SCOPES}
        for scope, key in keys.items():
            headers = {"Authorization": f"Bearer {key}"}
            with self.subTest(scope), mute_logger("odoo.http", "odoo.addons.base.models.res_users"):
                self.assertEqual(self.url_open("/doc-bearer/index.json", headers=headers).status_code, 403)
                uid = self.xmlrpc_common.authenticate(self.env.cr.dbname, self.person.login, key, {})
                self.assertFalse(uid)

    def test_a_key_that_is_wrong_or_over_opens_nothing(self):
        key = self.key("telecom_read")
        wrong = key[:-1] + ("1" if key.endswith("0") else "0")
        self.assertEqual(self.ask(wrong, ACCOUNT, "search_count").status_code, 401)
        self.assertEqual(self.ask("", ACCOUNT, "search_count").status_code, 401)
        self.env.cr.execute("update res_users_apikeys set expiration_date = now() - interval '1 day'")
        self.assertEqual(self.ask(key, ACCOUNT, "search_count").status_code, 401)

    def test_the_context_makes_no_key_of_another_scope(self):
        keys = self.env["res.users.apikeys"].with_user(self.person).with_context(telecom_key_scope="2fa")
        keys._generate(None, "Odd", False)
        self.assertFalse(keys.sudo().search([("name", "=", "Odd")]).scope)

    def test_what_is_listed_is_there(self):
        for name, scope in SCOPES.items():
            for model, method in scope.acts:
                with self.subTest(scope=name, model=model, method=method):
                    if model in self.env:
                        self.assertTrue(callable(getattr(self.env[model], method, None)))
            self.assertFalse(scope.acts & {(model, method) for model, method in scope.acts if method in READING})
