from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext, mute_logger
from psycopg2 import IntegrityError
from psycopg2.extras import Json


@tagged("post_install", "-at_install")
class TestSpendLimit(TelecomCase):
    """Who sets what an account may spend, and what is refused; that calls keep to it: tests/bridge."""

    def charge(self, account, amount_micro, key):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT telecom_wallet_charge(ARRAY[%s], ARRAY[%s]::bigint[], ARRAY[%s], ARRAY['x'], '{}'::text[])",
            [account.id, -amount_micro, key],
        )
        account.invalidate_recordset(["spent_today"])

    def lock(self, account, rule="day", spent_micro=990_000):
        """As the reservation of a call does it."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT telecom_spend_lock(%s, %s, 1000000, %s, %s)",
            [account.id, rule, spent_micro, Json({"call_ref": "a.1-1", "frozen": {"e164": "4915112340000"}})],
        )
        self.env["telecom.spend.lock"]._forget()
        return account.spend_lock_id

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "telecom.spend.lock")], order="id")

    def test_what_calls_have_cost_today_is_shown(self):
        self.charge(self.school, 250_000, "leg:a:outbound:1")
        self.charge(self.school, 1_000_000, "month:1")
        self.assertEqual(self.school.spent_today, 0.25, "charges that are no calls do not count")

    def test_only_who_lends_money_sets_limits(self):
        for group, allowed in (("support", False), ("accountant", True), ("admin", True)):
            account = self.school.with_user(self.staff(group))
            with self.subTest(group=group):
                if allowed:
                    account.write({"max_spend_day": 5, "max_spend_call": 1})
                    account.write({"max_spend_day": 0, "max_spend_call": 0})
                    continue
                with self.assertRaises(AccessError):
                    account.write({"max_spend_day": 5})
                account.write({"max_spend_day": self.school.max_spend_day})

    @mute_logger("odoo.sql_db")
    def test_impossible_limits_are_refused(self):
        for name in ("max_spend_call", "max_spend_day"):
            with self.subTest(name=name), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.school.write({name: -1})
            with self.subTest(name=name), self.assertRaisesRegex(ValidationError, "6 decimals"):
                self.school.write({name: 0.0000001})
        with self.subTest("hours"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.school.write({"spend_night_from": 24})

    def test_an_account_is_locked_once_and_shows_why(self):
        lock = self.lock(self.school)
        self.assertEqual(self.lock(self.school, "night"), lock, "the first one stays")
        self.assertEqual((lock.rule, lock.most, lock.spent, lock.called), ("day", 1.0, 0.99, "4915112340000"))
        self.assertEqual(lock.reason, "Most per day")
        locked = self.env["telecom.billing.account"].search([("spend_lock_id", "!=", False)])
        self.assertEqual(locked, self.school)
        free = self.env["telecom.billing.account"].search([("spend_lock_id", "=", False)])
        self.assertNotIn(self.school, free)
        self.assertIn(self.acme, free)

    def test_both_sides_are_told_once_in_the_providers_name(self):
        self.acme.partner_id.email = "acme@lock.example"
        self.acme.company_id.email = "north@lock.example"
        lock = self.lock(self.acme)
        for _ in range(2):
            self.env["telecom.spend.lock"]._cron_notices()
        mails = self.mails()
        self.assertEqual(mails.mapped("email_to"), ["acme@lock.example", "north@lock.example"])
        self.assertFalse(mails.recipient_ids, "what the provider is told goes to nobody else")
        self.assertTrue(all("north@lock.example" in mail.email_from for mail in mails))
        self.assertIn("Most per day, 1.00", " ".join(html2plaintext(mails[0].body_html).split()))
        self.assertIn("4915112340000", mails[1].body_html)
        self.assertNotIn("4915112340000", mails[0].body_html)
        self.assertTrue(lock.mailed_at)
        self.assertIn("Locked: Most per day", self.acme.message_ids[0].body)

    def test_who_has_no_address_stops_no_other_notice(self):
        self.acme.partner_id.email = self.acme.company_id.email = False
        self.school.partner_id.email = "school@lock.example"
        self.lock(self.acme)
        self.lock(self.school)
        self.env["telecom.spend.lock"]._cron_notices()
        self.assertIn("school@lock.example", self.mails().mapped("email_to"))
        self.assertTrue(self.acme.spend_lock_id.mailed_at)

    def test_who_may_unlock(self):
        self.lock(self.school)
        for group, allowed in (("support", False), ("pricing", False), ("auditor", False), ("accountant", True)):
            person = self.staff(group)
            account = self.school.with_user(person)
            with self.subTest(group=group):
                if not allowed:
                    with self.assertRaises(AccessError):
                        account.action_spend_unlock()
                    continue
                account.action_spend_unlock()
                self.assertFalse(self.school.spend_lock_id)
                self.assertIn("Unlocked", self.school.message_ids[0].body)
        lock = self.school.spend_lock_ids
        self.assertEqual((lock.state, lock.user_id), ("unlocked", person))

    def test_strangers_see_no_lock_and_unlock_nothing(self):
        locks = self.lock(self.acme) | self.lock(self.school)
        stranger = self.outsider("far_user", "customer_user", self.school.company_id, self.school.partner_id)
        seen = self.env["telecom.spend.lock"].with_user(stranger).search([])
        self.assertEqual(seen, self.school.spend_lock_id)
        with self.assertRaises(AccessError):
            self.acme.with_user(stranger).action_spend_unlock()
        with self.assertRaises(AccessError):
            self.school.with_user(stranger).action_spend_unlock()
        with self.assertRaises(AccessError):
            locks.with_user(stranger).action_unlock()
        self.assertTrue(self.acme.spend_lock_id and self.school.spend_lock_id)
