from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError


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
