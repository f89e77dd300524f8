from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import ClassCase


@tagged("post_install", "-at_install")
class TestServiceClass(ClassCase):
    def test_premium_and_a_country_in_two_clicks(self):
        """A switch and a choice: both are rules like any other, and go away the same way."""
        with Form(self.env["telecom.service.class"]) as form:
            form.name = "Careful"
            form.block_premium = True
            form.blocked_country_ids.add(self.country)
        one = form.record
        self.assertEqual(
            sorted(one.rule_ids.mapped(lambda rule: (rule.action, rule.kind, rule.display_name))),
            [("block", "country", self.country.name), ("block", "network_type", "Premium Rate")],
        )
        with Form(one) as form:
            form.block_premium = False
            form.blocked_country_ids.remove(self.country.id)
        self.assertFalse(one.rule_ids)

    def test_a_switch_leaves_rules_that_hold_by_the_hour_alone(self):
        one = self.add_class({"kind": "network_type", "network_type": "premium", "hours": "closed"})
        self.assertFalse(one.block_premium)
        one.block_premium = True
        self.assertEqual(len(one.rule_ids), 2)
        one.block_premium = False
        self.assertEqual(one.rule_ids.hours, "closed")

    def test_try_a_number(self):
        one = self.add_class(
            {"kind": "network_type", "network_type": "premium"},
            {"kind": "number", "action": "allow", "digits": "+888 9 (0) 1"},
        )
        for number, result in (
            ("+888 1 77", "Allowed: no rule is about it"),
            ("+888 9 77", "Blocked by the rule: Premium Rate"),
            ("8889-0-1", "Allowed by the rule: +888901"),
            ("09 0", "09 0 is no number: write + and the country code first."),
        ):
            with self.subTest(number=number):
                one.try_number = number
                self.assertEqual(one.try_result, result)

    def test_what_a_rule_is_about_is_one_thing(self):
        one = self.add_class({"kind": "destination", "destination_id": self.fixed.id})
        one.rule_ids.write({"kind": "prefix", "digits": "+888 1"})
        self.assertEqual((one.rule_ids.digits, one.rule_ids.destination_id.id), ("8881", False))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.add_class({"kind": "country"})

    def test_a_rule_twice_is_refused(self):
        one = self.add_class({"kind": "prefix", "digits": "888"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            one.rule_ids = [Command.create({"kind": "prefix", "digits": "+888", "action": "allow"})]

    def test_what_is_no_number_is_refused(self):
        for digits in ("020 7946", "44x", "4" * 16, ""):
            with self.subTest(digits=digits), self.assertRaisesRegex(ValidationError, "country code first"):
                self.add_class({"kind": "number", "digits": digits or "+"})

    def test_one_class_for_all_others(self):
        self.add_class(is_default=True)
        self.add_class(account_id=self.acme.id, is_default=True)
        self.add_class(account_id=self.cafe.id, is_default=True)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.add_class(is_default=True)

    def test_an_account_takes_a_class_of_its_provider_only(self):
        self.acme.service_class_id = self.add_class()
        for values in ({"company_id": self.reseller.id}, {"account_id": self.acme.id}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "of its provider"):
                self.acme.service_class_id = self.add_class(**values)

    def test_a_telephone_takes_a_class_of_its_account_only(self):
        phone = self.add_phone()
        phone.service_class_id = self.add_class(account_id=self.acme.id)
        for values in ({}, {"account_id": self.cafe.id}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "of its own account"):
                phone.service_class_id = self.add_class(**values)

    def test_a_class_stays_with_whom_it_was_made_for(self):
        one = self.add_class(account_id=self.acme.id)
        self.assertEqual(one.company_id, self.company)
        for values in ({"account_id": False}, {"account_id": self.cafe.id}, {"company_id": self.reseller.id}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "stays with whom"):
                one.write(values)
        with self.assertRaises(UserError):
            self.add_class(account_id=self.acme.id, company_id=self.reseller.id).flush_recordset()

    def test_a_class_in_use_cannot_be_deleted(self):
        one = self.acme.service_class_id = self.add_class()
        with self.assertRaisesRegex(UserError, f"{self.acme.number}.*give it another one"):
            one.unlink()
        self.assertEqual(one.used_by, "1 accounts")
