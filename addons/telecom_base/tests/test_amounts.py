from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools.amounts import InexactAmountError, as_typed, from_micro, to_micro


@tagged("post_install", "-at_install")
class TestAmounts(BaseCase):
    def test_amounts_become_exact_integers(self):
        for value, micro in (
            (0.1, 100_000),
            (0.000001, 1),
            (-20.0, -20_000_000),
            ("0.0438", 43_800),
            (Decimal("999999999.999999"), 999_999_999_999_999),
            (900000000000.0, 900_000_000_000_000_000),
            (False, 0),
            (3, 3_000_000),
        ):
            with self.subTest(value=value):
                self.assertEqual(to_micro(value), micro)

    def test_what_has_no_exact_place_is_refused(self):
        for value in (
            0.0000001,
            "1.2345678",
            9_000_000_000_000,
            1234567890.123456,
            float("nan"),
            float("-inf"),
            "ten",
            "1,5",
        ):
            with self.subTest(value=value), self.assertRaises(InexactAmountError):
                to_micro(value)

    def test_back_and_forth_is_the_same(self):
        for micro in (0, 1, -1, 43_750, 999_999_999_999_999, 10**18):
            self.assertEqual(to_micro(from_micro(micro)), micro)

    def test_a_refused_value_is_said_as_it_was_typed(self):
        for value, text in ((0.0000001, "0.0000001"), (1e16, "10000000000000000"), ("ten", "ten"), (-0.5, "-0.5")):
            with self.subTest(value=value):
                self.assertEqual(as_typed(value), text)
