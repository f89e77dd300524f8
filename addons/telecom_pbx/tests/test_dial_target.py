from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import PbxCase


@tagged("post_install", "-at_install")
class TestDialTarget(PbxCase):
    def add_target(self, account=None, **values):
        return self.env["telecom.dial.target"].create({"account_id": (account or self.acme).id, **values})

    def test_every_telephone_is_a_target(self):
        phone = self.add_phone()
        target = self.env["telecom.dial.target"].search([("phone_id", "=", phone.id)])
        self.assertEqual((target.kind, target.account_id), ("phone", self.acme))
        self.assertEqual(target.display_name, "Telephone 101 Desk")

    def test_an_external_number_becomes_digits(self):
        target = self.add_target(kind="external", external_number="+44 7700 900123")
        self.assertEqual(target.external_number, "447700900123")

    def test_what_is_no_number_is_refused(self):
        for number in ("07700900123", "123", "44770090012345678", "44&PJSIP/x", "${EXTEN}"):
            with self.subTest(number=number), self.assertRaises(ValidationError):
                self.add_target(kind="external", external_number=number)

    def test_kind_and_content_go_together(self):
        phone = self.add_phone()
        for values in (
            {"kind": "external"},
            {"kind": "phone"},
            {"kind": "external", "phone_id": phone.id},
            {"kind": "phone", "external_number": "447700900123"},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.add_target(**values)

    def test_a_telephone_of_another_account_is_refused(self):
        phone = self.add_phone(self.cafe)
        phone_target = self.env["telecom.dial.target"].search([("phone_id", "=", phone.id)])
        with self.assertRaises(ValidationError):
            phone_target.account_id = self.acme

    def test_a_target_that_a_number_rings_stays(self):
        target = self.add_target(kind="external", external_number="447700900123")
        self.add_number(account=self.acme, target_id=target.id)
        with self.assertRaises(UserError):
            target.unlink()
        with self.assertRaises(ValidationError):
            target.account_id = self.cafe
