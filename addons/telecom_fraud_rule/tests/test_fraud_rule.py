from odoo.addons.telecom_base.tests.common import TelecomCase
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError


@tagged("post_install", "-at_install")
class TestFraudRule(TelecomCase):
    """Who makes rules, and which are refused; that calls are held to them: tests/bridge."""

    def rule(self, person=None, **values):
        rules = self.env["telecom.fraud.rule"].with_user(person or self.env.user)
        return rules.create({"name": "Dialler", "company_id": self.owner.id, "most_calls": 3, **values})

    def counted(self, account, number="442079460000"):
        """What explain is told: (rule, counted calls) of each rule that counts a call."""
        self.env.flush_all()
        self.env.cr.execute(
            "select name, calls from telecom_fraud_told(%s, %s, array[null::integer])", [account.ids, [number]]
        )
        return self.env.cr.fetchall()

    def test_a_rule_of_countries_names_some(self):
        with self.assertRaisesRegex(ValidationError, "Rule Dialler needs countries"):
            self.rule(kind="country")
        self.assertTrue(self.rule(kind="country", country_ids=self.env.ref("base.uk").ids))

    def test_a_rule_is_for_accounts_of_its_provider_only(self):
        with self.assertRaisesRegex(ValidationError, "take the others out"):
            self.rule(company_id=self.north.id, account_ids=self.school.ids)

    def test_numbers_out_of_range_are_refused(self):
        for values in ({"most_calls": -1}, {"most_calls": 100_001}, {"within_min": 0}, {"within_min": 1441}):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.rule(**values)

    def test_support_reads_rules_and_makes_none(self):
        rule, support = self.rule(), self.staff("support")
        self.assertEqual(rule.with_user(support).name, "Dialler")
        with self.assertRaises(AccessError):
            self.rule(support)
        self.assertTrue(self.rule(self.staff("accountant")))

    def test_who_is_asked_learns_what_is_counted_and_nothing_is(self):
        self.rule()
        self.rule(name="Of another", company_id=self.north.id)
        self.env.cr.execute(
            "insert into telecom_fraud_call (account_id, call_ref, e164) values (%s, 'a-1', '442079460000')",
            [self.school.id],
        )
        self.assertEqual(self.counted(self.school), [("Dialler", 1)])
        self.assertEqual(self.counted(self.school), [("Dialler", 1)])
        self.assertEqual(self.counted(self.school, "442079460001"), [("Dialler", 0)])
