from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models.telecom_dial_target import FORWARDS
from .common import PbxCase


@tagged("post_install", "-at_install")
class TestForward(PbxCase):
    def test_a_telephone_forwards_to_a_number_outside_on_its_form(self):
        phone, outside = self.add_phone(), self.add_outside()
        with Form(phone) as form:
            form.forward_busy_id = outside
            form.ring_s = 20
            form.screen_calls = True
        self.assertEqual((phone.forward_busy_id, phone.ring_s, phone.screen_calls), (outside, 20, True))

    def test_a_target_of_another_account_is_refused_for_every_kind_of_forward(self):
        phone = self.add_phone()
        foreign = (
            self.add_outside(account=self.cafe),
            self.target_of(self.add_phone(self.cafe)),
            self.target_of(self.add_group(account=self.cafe)),
            self.add_outside(account=self.far),
        )
        for name in FORWARDS:
            for target in foreign:
                with self.subTest(name=name, target=target.display_name), self.assertRaises(ValidationError):
                    phone[name] = target

    def test_a_telephone_does_not_forward_to_itself(self):
        phone = self.add_phone()
        with self.assertRaises(ValidationError):
            phone.forward_always_id = self.target_of(phone)

    def test_an_emergency_number_is_no_target_in_any_form(self):
        for number in ("112", "999", "44112", "+44 999"):
            with self.subTest(number=number):
                with self.assertRaises(ValidationError) as refused:
                    self.add_outside(number)
                self.assertIn("emergency", str(refused.exception))

    def test_ringing_has_bounds(self):
        for seconds in (0, 4, 181, -5):
            with (
                self.subTest(seconds=seconds),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.add_phone(ring_s=seconds)

    def test_a_target_that_a_telephone_forwards_to_stays_where_it_is(self):
        phone, outside = self.add_phone(), self.add_outside()
        phone.forward_unreachable_id = outside
        with self.assertRaisesRegex(UserError, "101"):
            outside.unlink()
        with self.assertRaises(ValidationError):
            outside.account_id = self.cafe
        phone.forward_unreachable_id = False
        outside.unlink()
        self.assertFalse(outside.exists())
