import re
from itertools import product

from odoo.tests import BaseCase, tagged

from ..tools.digit_patterns import DIGITS, END, NEVER, after, read_pattern

PATTERNS = (
    "7[1-57-9]\\d{2}",
    "(?:1|2[03])\\d",
    "4(?:5[0-2]|8)?",
    "\\d{1,3}",
    "[235-7](?:0|1\\d?)[89]",
    "5",
)


def takes(pattern, number):
    for digit in number:
        pattern = after(pattern, digit)
    return pattern == END or (pattern[0] == "either" and END in pattern[1])


@tagged("post_install", "-at_install")
class TestDigitPatterns(BaseCase):
    def test_the_same_numbers_as_regular_expressions(self):
        for text in PATTERNS:
            pattern, meant = read_pattern(text), re.compile(text)
            for length in range(1, 5):
                for digits in product(DIGITS, repeat=length):
                    number = "".join(digits)
                    self.assertEqual(takes(pattern, number), bool(meant.fullmatch(number)), f"{text} {number}")

    def test_nothing_is_left_where_no_number_begins_so(self):
        self.assertEqual(after(read_pattern("7[1-5]"), "8"), NEVER)

    def test_what_is_not_read_is_refused(self):
        for text in ("(?:1", "1+", "a", "1)"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                read_pattern(text)
