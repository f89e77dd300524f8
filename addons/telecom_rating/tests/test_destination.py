from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import ForeignKeyViolation

from .common import RatingCase


@tagged("post_install", "-at_install")
class TestDestination(RatingCase):
    def test_prefixes_are_typed_in_one_field(self):
        self.fixed.prefixes = "999 9992\n009993;9992"
        self.assertEqual(self.fixed.prefixes, "999 9992 9993")
        self.fixed.prefixes = "+999 2, 00999-3\n9994;9992"
        self.assertEqual(self.fixed.prefixes, "9992 9993 9994")
        with self.assertRaisesRegex(ValidationError, "cannot be a prefix"):
            self.fixed.prefixes = "+9992 +9993"
        self.fixed.prefixes = "999 9992"
        self.assertEqual(self.fixed.prefixes, "999 9992")
        self.assertEqual(self.env["telecom.destination.prefix"].search_count([("prefix", "=", "9993")]), 0)

    def test_a_prefix_has_1_to_15_digits_of_a_number(self):
        for text in ("0", "0999", "99a", "1234567890123456", "*21", "９９９", "+"):
            with self.subTest(prefix=text), self.assertRaisesRegex(ValidationError, "cannot be a prefix"):
                self.env["telecom.destination.prefix"].create({"prefix": text, "destination_id": self.fixed.id})

    def test_a_prefix_leads_to_one_destination_only(self):
        with self.assertRaisesRegex(ValidationError, "99917 belongs to Testland mobile already"):
            self.fixed.prefixes = "999 99917"

    def test_the_longest_prefix_of_a_number_decides(self):
        destinations = self.env["telecom.destination"]
        self.assertEqual(destinations._by_number("99917123456"), self.mobile | self.fixed)
        self.assertEqual(destinations._by_number("99917123456")[0], self.mobile)
        self.assertEqual(destinations._by_number("9991612345"), self.fixed)
        self.assertFalse(destinations._by_number("88812345"))
        self.assertFalse(destinations._by_number("garbage"))

    def test_search_by_a_written_number(self):
        for text in ("+999 17 123456", "0099917123456", "99917"):
            self.assertEqual(self.env["telecom.destination"].search([("number", "=", text)]), self.mobile)
        self.assertFalse(self.env["telecom.destination"].search([("number", "=", "no number")]))

    def test_a_priced_destination_stays(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation):
            self.mobile.unlink()
        self.island.unlink()
        self.assertFalse(self.env["telecom.destination.prefix"].search([("prefix", "=", "88866")]))
