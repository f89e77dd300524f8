import hashlib

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import PbxCase


@tagged("post_install", "-at_install")
class TestPhone(PbxCase):
    def test_the_user_name_is_made_from_account_number_and_extension(self):
        phone = self.add_phone(extension="101")
        self.assertEqual(phone.sip_username, f"{self.acme.number.lower()}-101")

    def test_the_same_account_number_at_two_providers_gives_two_user_names(self):
        twin = self.open_account(self.reseller, "Twin", number="TWIN1")
        mine = self.open_account(self.company, "Mine", number="TWIN1")
        self.assertEqual(self.add_phone(mine).sip_username, "twin1-101")
        self.assertEqual(self.add_phone(twin).sip_username, f"c{self.reseller.id}x1twin1-101")

    def test_an_archived_telephone_frees_its_extension_but_not_its_user_name(self):
        first = self.add_phone()
        first.active = False
        second = self.add_phone()
        self.assertNotEqual(second.sip_username, first.sip_username)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            first.active = True

    def test_only_the_digest_of_a_password_is_stored(self):
        phone = self.add_phone(sip_password="correct-horse-99")
        text = f"{phone.sip_username}:bss:correct-horse-99"
        self.assertEqual(phone.sudo().sip_digest, hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
        phone.invalidate_recordset()
        self.assertFalse(phone.sip_password)
        self.assertTrue(phone.has_password)
        self.cr.execute("select t::text from telecom_phone t where id = %s", [phone.id])
        self.assertNotIn("correct-horse-99", self.cr.fetchone()[0])

    def test_a_new_password_is_shown_once_and_works(self):
        phone = self.add_phone()
        self.assertFalse(phone.has_password)
        action = phone.action_new_password()
        password = action["context"]["default_sip_password"]
        self.assertEqual(len(password), 20)
        text = f"{phone.sip_username}:bss:{password}"
        self.assertEqual(phone.sudo().sip_digest, hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
        self.assertNotEqual(phone.action_new_password()["context"]["default_sip_password"], password)
        self.assertNotIn(password, str(phone.message_ids.mapped("body")))

    def test_the_dialog_opens_for_support_and_stores_nothing(self):
        support = new_test_user(self.env, "pbx_dialog", groups="telecom_base.group_support")
        action = self.add_phone().with_user(support).action_new_password()
        dialog = self.env[action["res_model"]].with_user(support).with_context(**action["context"])
        shown = dialog.onchange({}, [], {"sip_username": {}, "sip_password": {}})["value"]
        self.assertEqual(shown["sip_password"], action["context"]["default_sip_password"])
        dialog_id = dialog.create({}).id
        self.assertFalse(self.env[action["res_model"]].browse(dialog_id).sip_password)

    def test_nobody_reads_the_digest(self):
        phone = self.add_phone(sip_password="correct-horse-99")
        support = new_test_user(self.env, "pbx_support", groups="telecom_base.group_admin")
        with self.assertRaises(AccessError):
            phone.with_user(support).read(["sip_digest"])
        with self.assertRaises(AccessError):
            self.env["telecom.phone"].with_user(support).search([("sip_digest", "=like", "a%")])
        with self.assertRaises(AccessError):
            phone.with_user(support).write({"sip_digest": "0" * 32})

    def test_weak_passwords_are_refused(self):
        for password in ("short", "has spaces in it", 'quote"quote"quote', "é" * 12, "x" * 65):
            with self.subTest(password=password), self.assertRaises(ValidationError):
                self.add_phone(sip_password=password)

    def test_what_is_no_extension_is_refused(self):
        for extension in ("1", "0101", "1234567", "10a", "*10", "１０１"):
            with self.subTest(extension=extension), self.assertRaises(ValidationError):
                self.add_phone(extension=extension)

    def test_an_emergency_number_is_no_extension(self):
        for extension in ("999", "112"):
            with self.subTest(extension=extension), self.assertRaises(ValidationError):
                self.add_phone(extension=extension)

    def test_spaces_in_extension_and_codecs_are_taken_out(self):
        phone = self.add_phone(extension=" 10 2 ", codecs="alaw, g722")
        self.assertEqual((phone.extension, phone.codecs), ("102", "alaw,g722"))

    def test_an_extension_is_unique_in_its_account_only(self):
        self.add_phone(self.acme, "101")
        self.add_phone(self.cafe, "101")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.add_phone(self.acme, "101")

    def test_unknown_codecs_are_refused(self):
        for codecs in ("alaw,mp3", "alaw,,ulaw", "ALAW"):
            with self.subTest(codecs=codecs), self.assertRaises(ValidationError):
                self.add_phone(codecs=codecs)

    def test_registrations_have_bounds(self):
        for contacts in (0, 11, -1):
            with (
                self.subTest(contacts=contacts),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.add_phone(max_contacts=contacts)

    def test_account_and_user_name_stay(self):
        phone = self.add_phone()
        with self.assertRaises(UserError):
            phone.account_id = self.cafe
        with self.assertRaises(UserError):
            phone.sip_username = "other-101"
        phone.write({"account_id": self.acme.id, "name": "Front"})
        self.assertEqual(phone.name, "Front")

    def test_a_closed_account_gets_no_telephone(self):
        self.cafe.action_close()
        with self.assertRaises(ValidationError):
            self.add_phone(self.cafe)

    def test_caller_id_is_a_number_of_the_own_account(self):
        phone = self.add_phone()
        phone.cli_number_id = self.add_number("442079460111", self.acme)
        with self.assertRaises(ValidationError):
            phone.cli_number_id = self.add_number("442079460112", self.cafe)
        with self.assertRaises(ValidationError):
            phone.cli_number_id = self.add_number("442079460113")

    def test_people_archive_and_never_delete(self):
        """Call records name telephones and numbers: they stay, whoever asks."""
        admin = new_test_user(self.env, "pbx_admin", groups="telecom_base.group_admin")
        for row in (self.add_phone(), self.add_number()):
            with self.subTest(model=row._name):
                with self.assertRaises(AccessError):
                    row.with_user(admin).unlink()
                row.with_user(admin).action_archive()
                self.assertFalse(row.active)

    def test_a_telephone_that_a_number_rings_is_not_deleted(self):
        phone = self.add_phone()
        target = self.env["telecom.dial.target"].search([("phone_id", "=", phone.id)])
        number = self.add_number(account=self.acme, target_id=target.id)
        with self.assertRaises(UserError):
            phone.unlink()
        number.target_id = False
        phone.unlink()
        self.assertFalse(target.exists())
