import time

from odoo.addons.telecom_security.models.ir_http import BEGAN
from odoo.http import root
from odoo.tests import HttpCase, new_test_user, tagged

HOUR_S = 3600


@tagged("post_install", "-at_install")
class TestSessions(HttpCase):
    def log_in_as(self, group):
        login = f"session_{group}"
        new_test_user(self.env, login, groups=f"telecom_base.{group}", password="a long pass phrase")
        return self.authenticate(login, "a long pass phrase")

    def sees_pages(self, path="/my/account"):
        answer = self.url_open(path, allow_redirects=False)
        return answer.status_code == 200

    def age(self, session, name, value):
        session[name] = value
        root.session_store.save(session)

    def test_a_session_of_staff_ends_twelve_hours_after_the_log_in_however_much_it_was_used(self):
        session = self.log_in_as("group_support")
        self.assertTrue(self.sees_pages())
        self.age(session, BEGAN, time.time() - 11 * HOUR_S)
        self.assertTrue(self.sees_pages())
        self.age(session, BEGAN, time.time() - 13 * HOUR_S)
        self.assertGreater(session["create_time"], time.time() - HOUR_S)
        self.assertFalse(self.sees_pages())

    def test_staff_give_their_password_again_after_half_an_hour_without_activity(self):
        session = self.log_in_as("group_auditor")
        self.assertEqual(self.env.ref("telecom_base.group_staff").lock_timeout_inactivity, 30)
        self.age(session, "identity-check-next", time.time() - 1)
        answer = self.url_open("/my/account", allow_redirects=False)
        self.assertIn("check-identity", answer.headers.get("Location", ""))

    def test_a_session_of_a_resellers_person_ends_after_twelve_hours(self):
        session = self.log_in_as("group_reseller_admin")
        self.assertTrue(self.sees_pages())
        self.age(session, "create_time", time.time() - 13 * HOUR_S)
        self.assertFalse(self.sees_pages())
