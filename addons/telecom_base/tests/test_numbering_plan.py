from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestNumberingPlan(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = {
            "country_id": cls.env.ref("base.jp").id,
            "country_code": "81",
            "national_prefix": "0",
            "international_prefix": "010",
            "emergency_numbers": "110,119",
        }

    def test_seeded_countries_have_right_digits(self):
        plans = self.env["telecom.numbering.plan"].search([])
        self.assertGreaterEqual(len(plans), 15)
        britain = plans.filtered(lambda plan: plan.country_id.code == "GB")
        self.assertEqual((britain.country_code, britain.national_prefix), ("44", "0"))
        self.assertEqual((britain.international_prefix, britain.emergency_numbers), ("00", "112,999"))

    def test_emergency_numbers_are_tidied(self):
        plan = self.env["telecom.numbering.plan"].create({**self.values, "emergency_numbers": " 110; 119 110, 112"})
        self.assertEqual(plan.emergency_numbers, "110,119,112")

    def test_wrong_digits_are_refused(self):
        wrong = [
            ("country_code", "+81"),
            ("country_code", "0"),
            ("country_code", "8181"),
            ("national_prefix", "O"),
            ("international_prefix", "zero"),
            ("international_prefix", "٠١٠"),
            ("emergency_numbers", "1"),
            ("emergency_numbers", "police"),
            ("emergency_numbers", "1234567"),
            ("emergency_numbers", ",".join(str(number) for number in range(100, 121))),
        ]
        for name, value in wrong:
            with self.subTest(name=name, value=value), self.assertRaises(ValidationError):
                self.env["telecom.numbering.plan"].create({**self.values, name: value})
