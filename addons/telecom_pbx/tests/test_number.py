from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import PbxCase


@tagged("post_install", "-at_install")
class TestNumber(PbxCase):
    def target_of(self, phone):
        return self.env["telecom.dial.target"].search([("phone_id", "=", phone.id)])

    def test_a_written_number_becomes_digits(self):
        self.assertEqual(self.add_number("+44 (20) 7946-0.123").e164, "442079460123")

    def test_what_is_no_number_is_refused(self):
        for e164 in ("02079460123", "44", "4420794601234567", "44x079460123", "++442079460123", "４４2079460123", "-"):
            with self.subTest(e164=e164), self.assertRaises(ValidationError):
                self.add_number(e164)

    def test_a_number_is_held_once(self):
        self.add_number("442079460123")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env["telecom.number"].create({"e164": "+442079460123", "company_id": self.reseller.id})

    def test_an_account_of_another_company_is_refused(self):
        number = self.add_number()
        with self.assertRaises(ValidationError):
            number.account_id = self.far
        number.write({"company_id": self.reseller.id, "account_id": self.far.id})
        self.assertEqual(number.partner_id.name, "Far Customer")

    def test_a_target_of_another_account_is_refused(self):
        number = self.add_number(account=self.acme)
        number.target_id = self.target_of(self.add_phone(self.acme))
        with self.assertRaises(ValidationError):
            number.target_id = self.target_of(self.add_phone(self.cafe))
        with self.assertRaises(ValidationError):
            number.account_id = self.cafe
        number.write({"account_id": self.cafe.id, "target_id": False})
        self.assertFalse(number.target_works)

    def test_the_caller_id_of_a_telephone_cannot_leave_its_account(self):
        number = self.add_number(account=self.acme)
        phone = self.add_phone(cli_number_id=number.id)
        for account in (self.cafe.id, False):
            with self.subTest(account=account), self.assertRaises(ValidationError):
                number.account_id = account
        phone.cli_number_id = False
        number.account_id = False

    def test_the_list_tells_which_numbers_ring_nothing(self):
        phone = self.add_phone()
        rings = self.add_number("442079460201", self.acme, target_id=self.target_of(phone).id)
        silent = self.add_number("442079460202", self.acme)
        self.assertTrue(rings.target_works)
        self.assertFalse(silent.target_works)
        phone.active = False
        self.assertFalse(rings.target_works)

    def test_a_limit_is_empty_or_1_and_more(self):
        number = self.env["telecom.number"].create({"e164": "442079460123", "max_calls_inbound": 2})
        self.assertEqual(number.max_calls_inbound, 2)
        for value in (0, -1):
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, "Calls In at Once: .* is no limit"):
                number.max_calls_inbound = value
        number.max_calls_inbound = False
        self.assertIs(number.max_calls_inbound, False)
