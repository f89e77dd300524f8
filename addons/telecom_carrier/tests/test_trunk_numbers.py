from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import CarrierCase


@tagged("post_install", "-at_install")
class TestTrunkNumbers(CarrierCase):
    """The test boxes say what the switch does: the rules themselves are tested with the switch's own code."""

    def uk(self):
        country = self.env.ref("base.uk")
        plans = self.env["telecom.numbering.plan"]
        return plans.search([("country_id", "=", country.id)]) or plans.create(
            {
                "country_id": country.id,
                "country_code": "44",
                "national_prefix": "0",
                "international_prefix": "00",
                "emergency_numbers": "999",
            }
        )

    def test_a_number_is_tried_before_anything_is_saved(self):
        with Form(self.trunk) as form:
            form.numbering_plan_id = self.uk()
            form.number_style = "national"
            form.cli_style = "plus"
            form.try_number = "+44 (20) 7946-0123"
            self.assertEqual((form.example, form.cli_example), ("02079460123", "+442079460123"))
            form.try_number = "0012"
            form.strip_digits = 2
            form.try_number = "1 212 555 0100"
            self.assertEqual(form.example, "12125550100")
            form.try_number = "call me"
            self.assertEqual((form.example, form.cli_example), ("not a number", "not a number"))
            form.in_strip_digits = 2
            form.try_called = "9902079460123"
            self.assertEqual(form.called_example, "442079460123")
            form.try_called = "sip:1"
            self.assertEqual(form.called_example, "not a number")
        self.assertEqual((self.trunk.number_style, self.trunk.in_strip_digits), ("national", 2))

    def test_national_numbers_need_a_country(self):
        for name in ("number_style", "cli_style"):
            with self.subTest(field=name), self.assertRaisesRegex(ValidationError, "home country"):
                self.trunk.write({name: "national", "numbering_plan_id": False})

    def test_what_is_put_in_front_is_digits(self):
        for value in ("+44", "0a", "1" * 16, "*1"):
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, "what comes in"):
                self.trunk.in_add_prefix = value
        self.trunk.in_add_prefix = "4420"
