from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models.telecom_ring_group import MOST_MEMBERS
from .common import PbxCase


@tagged("post_install", "-at_install")
class TestRingGroup(PbxCase):
    def test_made_on_its_form_it_is_a_target(self):
        phone, outside = self.add_phone(), self.add_outside()
        with Form(self.env["telecom.ring.group"]) as form:
            form.name, form.account_id, form.extension = "Sales", self.acme, " 2 00"
            for target in (outside, self.target_of(phone)):
                with form.member_ids.new() as member:
                    member.target_id = target
        group = form.record
        self.assertEqual((group.extension, group.strategy, group.member_count), ("200", "parallel", 2))
        target = self.target_of(group)
        self.assertEqual((target.kind, target.account_id), ("group", self.acme))
        number = self.add_number(account=self.acme, target_id=target.id)
        self.assertTrue(number.target_id._leads_somewhere())

    def test_members_of_another_account_are_refused(self):
        for account in (self.cafe, self.far):
            for target in (self.add_outside(account=account), self.target_of(self.add_phone(account))):
                with self.subTest(target=target.display_name), self.assertRaises(ValidationError):
                    self.add_group(target)

    def test_groups_are_not_nested_and_nobody_is_in_one_twice(self):
        inner, outside = self.add_group(), self.add_outside()
        with self.assertRaises(ValidationError):
            self.add_group(self.target_of(inner))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.add_group(outside, outside)

    def test_it_has_a_bound_of_members(self):
        targets = [self.add_outside(f"4477009001{place:02}") for place in range(MOST_MEMBERS + 1)]
        self.assertEqual(self.add_group(*targets[:-1]).member_count, MOST_MEMBERS)
        with self.assertRaises(ValidationError):
            self.add_group(*targets)

    def test_extensions_that_cannot_be_dialled_are_refused(self):
        self.add_phone(extension="101")
        for extension in ("1", "0123", "1234567", "12a", "112", "999", "101"):
            with self.subTest(extension=extension), self.assertRaises(ValidationError):
                self.add_group(extension=extension)

    def test_an_extension_is_of_one_group_or_telephone_only(self):
        group = self.add_group(extension="200")
        self.add_group(account=self.cafe, extension="200")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.add_group(extension="200")
        with self.assertRaises(ValidationError) as refused:
            self.add_phone(extension="200")
        self.assertIn("Sales", str(refused.exception))
        group.active = False
        phone = self.add_phone(extension="200")
        with self.assertRaises(ValidationError):
            group.active = True
        phone.active = False
        group.active = True

    def test_it_stays_with_its_account(self):
        group = self.add_group(self.add_outside())
        with self.assertRaises(UserError):
            group.account_id = self.cafe

    def test_an_archived_or_empty_group_leads_nowhere(self):
        group = self.add_group()
        target = self.target_of(group)
        self.assertFalse(target._leads_somewhere())
        outside = self.add_outside()
        group.member_ids = [(0, 0, {"target_id": outside.id})]
        self.assertTrue(target._leads_somewhere())
        group.active = False
        self.assertFalse(target._leads_somewhere())

    def test_a_member_that_a_group_rings_stays(self):
        outside = self.add_outside()
        self.add_group(outside)
        with self.assertRaisesRegex(UserError, "Sales"):
            outside.unlink()
        with self.assertRaises(ValidationError):
            outside.account_id = self.cafe
