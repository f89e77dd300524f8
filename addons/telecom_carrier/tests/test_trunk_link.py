from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import CarrierCase


@tagged("post_install", "-at_install")
class TestTrunkLink(CarrierCase):
    """How a trunk keeps its connection."""

    def test_to_register_or_to_call_in_our_name_takes_a_user_name(self):
        for values in ({"registers": True}, {"identity": "login"}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "user name"):
                self.trunk.write(values)
            self.trunk.write({**values, "username": "bss"})
            with self.assertRaisesRegex(ValidationError, "user name"):
                self.trunk.username = False
            self.trunk.write({"registers": False, "identity": "number", "username": False})

    def test_a_carrier_is_checked_every_2_to_3600_seconds_or_never(self):
        self.assertEqual(self.trunk.check_s, 30)
        for value in (2, 3600, False):
            self.trunk.check_s = value
            self.env.flush_all()
        self.assertIs(self.trunk.check_s, False)
        for value in (1, 3601):
            with (
                self.subTest(value=value),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, "check_bounds"),
                self.env.cr.savepoint(),
            ):
                self.trunk.check_s = value
                self.env.flush_all()

    def test_each_new_log_in_is_counted_and_nothing_else_is(self):
        trunk = self.trunk.with_user(self.staff("pricing"))
        self.assertEqual(self.trunk.sudo().login_version, 0)
        trunk.new_password = "one"
        trunk.write({"username": "bss", "new_password": "two"})
        counted = self.trunk.sudo().login_version
        self.assertGreaterEqual(counted, 2)
        trunk.write({"port": 5070, "registers": True, "name": "Renamed"})
        self.assertEqual(self.trunk.sudo().login_version, counted)
        with self.assertRaises(AccessError):
            trunk.login_version = 7

    def test_trunks_that_register_at_one_address_are_told_apart(self):
        self.trunk.write({"username": "one", "registers": True})
        second = self.add_trunk("Second", username="two", registers=True)
        self.assertFalse(second.same_address)
        (second | self.trunk).match_ips = "192.0.2.77"
        second.invalidate_recordset()
        self.assertEqual(second.same_address, "Baltic Main")
