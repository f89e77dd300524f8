from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields, http
from odoo.addons.telecom_security.models.telecom_login_failure import MAX_FAILURES, WINDOW_MIN
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import HttpCase, mute_logger, new_test_user, tagged

RES_USERS = "odoo.addons.telecom_security.models.res_users"
QUIET = ("odoo.addons.base.models.res_users", "odoo.addons.auth_totp.models.res_users")


@tagged("post_install", "-at_install")
class TestLogins(HttpCase):
    def setUp(self):
        super().setUp()
        company = self.env["telecom.tenant"].search([("parent_id", "=", False)]).company_id
        of_owner = {"company_id": company.id, "password": "a long pass phrase"}
        self.support = new_test_user(self.env, "sec_support", groups="telecom_base.group_support", **of_owner)
        self.other = new_test_user(self.env, "sec_other", groups="base.group_portal", **of_owner)
        self.failures = self.env["telecom.login.failure"]
        # Odoo's own limit, by address, would come first
        self.env["ir.config_parameter"].set_param("base.login_cooldown_after", "0")

    def log_in(self, login, password):
        """Return where the log-in page leads; None when it refuses."""
        self.authenticate(None, None)
        fields_sent = {"login": login, "password": password, "csrf_token": http.Request.csrf_token(self)}
        with mute_logger(*QUIET):
            answer = self.url_open("/web/login", data=fields_sent, allow_redirects=False)
        return answer.headers.get("Location") if answer.status_code in (302, 303) else None

    def fail(self, times, login="sec_support"):
        self.failures.create([{"login": login, "source": f"192.0.2.{turn}"} for turn in range(times)])

    def test_a_failure_is_kept_with_name_and_address_and_success_forgets_it(self):
        self.assertIsNone(self.log_in("sec_support", "wrong"))
        failure = self.failures.search([("login", "=", "sec_support")])
        self.assertEqual(failure.mapped("source"), ["127.0.0.1"])
        self.assertTrue(self.log_in("sec_support", "a long pass phrase"))
        self.assertFalse(self.failures.search([("login", "=", "sec_support")]))

    def test_a_name_that_failed_too_often_is_refused_with_the_right_password_until_that_is_over(self):
        self.fail(MAX_FAILURES - 1)
        self.assertTrue(self.log_in("sec_support", "a long pass phrase"))
        self.fail(MAX_FAILURES)
        self.assertIsNone(self.log_in("sec_support", "a long pass phrase"))
        self.assertEqual(self.failures.search_count([("login", "=", "sec_support")]), MAX_FAILURES)
        self.assertTrue(self.log_in("sec_other", "a long pass phrase"))
        over = fields.Datetime.now() - timedelta(minutes=WINDOW_MIN, seconds=1)
        self.failures.search([("login", "=", "sec_support")]).failed_at = over
        self.assertTrue(self.log_in("sec_support", "a long pass phrase"))

    def test_remote_calls_which_give_the_persons_id_are_refused_too(self):
        self.fail(MAX_FAILURES)
        asked = SimpleNamespace(httprequest=SimpleNamespace(remote_addr="192.0.2.9"))
        for user, refused in ((self.support.id, True), (self.other.id, False)):
            with self.subTest(user=user), patch(f"{RES_USERS}.request", asked), ExitStack() as expected:
                if refused:
                    expected.enter_context(self.assertRaises(AccessDenied))
                with self.env["res.users"]._assert_can_auth(user=user):
                    pass

    def test_a_name_of_any_length_and_of_nobody_is_kept_short(self):
        self.assertIsNone(self.log_in("x" * 5000, "wrong"))
        self.assertEqual(self.failures.search([], limit=1).login, "x" * 200)

    def test_only_administrators_read_failures_and_nobody_changes_them(self):
        self.fail(1)
        with self.assertRaises(AccessError):
            self.failures.with_user(self.support).search([])
        admin = new_test_user(self.env, "sec_admin", groups="telecom_base.group_admin")
        failure = self.failures.with_user(admin).search([("login", "=", "sec_support")])
        self.assertEqual(len(failure), 1)
        with self.assertRaises(AccessError):
            failure.unlink()

    def test_passwords_have_a_least_length(self):
        self.env["ir.config_parameter"].set_param("auth_password_policy.minlength", "12")
        with self.assertRaises(UserError):
            self.other.password = "elevenchars"
        self.other.password = "twelve chars"

    def test_staff_must_give_a_second_factor_when_that_is_enforced(self):
        self.assertNotIn("totp", self.log_in("sec_support", "a long pass phrase"))
        self.env["res.config.settings"].create(
            {"auth_totp_enforce": True, "auth_totp_policy": "employee_required"}
        ).execute()
        self.assertIn("/web/login/totp", self.log_in("sec_support", "a long pass phrase"))
        self.assertEqual(self.url_open("/odoo", allow_redirects=False).status_code, 303)
        self.assertNotIn("totp", self.log_in("sec_other", "a long pass phrase"))
