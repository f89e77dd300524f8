from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import CarrierCase

REFUSED = {
    "host": (
        "", " ", "a b", "sip.example.com;transport=tcp", "host:5060", "-a.example", "a..b", "300.1.1.1", "1.2.3",
        "[::1]", "::1", "x\r\ny", "@evil", "a" * 64, ("a" * 60 + ".") * 5,
    ),
    "match_ips": ("sip.example.com", "1.2.3.4/33", "0.0.0.0/0", "1.2.3", "::1", "1.2.3.4:5060", "192.0.2.7,,x"),
    "username": ("a b", "a;b", 'a"b', "a\nb", "a" * 65, "ü"),
    "new_password": ("a b", 'a"b', "a\nb", "a" * 129, "ü"),
    "add_prefix": ("+44", "a", "1" * 16, "1&2", "1,2"),
    "codecs": ("", "opus", "alaw,alaw", "alaw,!all", "all"),
}  # fmt: skip
TAKEN = {
    "host": ("192.0.2.9", "sip.example.com", "localhost", "a-b.c", "10-0-0-1.example"),
    "match_ips": ("192.0.2.7", "192.0.2.0/28,198.51.100.3", "10.0.0.0/8", ""),
    "username": ("bss", "+44207@sip", "a.b_c~d-e", ""),
    "add_prefix": ("0077", "*31*", "9#", ""),
    "codecs": ("g722", "alaw,ulaw,g722,gsm"),
}


@tagged("post_install", "-at_install")
class TestTrunk(CarrierCase):
    """Whatever stands in these fields becomes a part of Asterisk's objects and dial strings."""

    def test_bad_input_is_refused(self):
        for name, values in REFUSED.items():
            for value in values:
                with (
                    self.subTest(field=name, value=value),
                    self.assertRaises(ValidationError),
                    self.env.cr.savepoint(),
                ):
                    self.trunk[name] = value

    def test_good_input_is_taken(self):
        for name, values in TAKEN.items():
            for value in values:
                with self.subTest(field=name, value=value):
                    self.trunk[name] = value
                    self.env.flush_all()

    def test_numbers_out_of_bounds_are_refused_by_the_table(self):
        for constraint, name, value in (
            ("port_bounds", "port", 0),
            ("port_bounds", "port", 65_536),
            ("strip_bounds", "strip_digits", -1),
            ("strip_bounds", "strip_digits", 16),
            ("give_up_bounds", "give_up_s", 13),
        ):
            with (
                self.subTest(field=name, value=value),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, constraint),
                self.env.cr.savepoint(),
            ):
                self.trunk[name] = value
                self.env.flush_all()

    def test_a_dead_carrier_is_given_up_after_4_seconds_if_nothing_else_is_set(self):
        self.assertEqual(self.trunk.give_up_s, 4)
        with self.assertRaisesRegex(ValidationError, "Give Up after .*whole number from 1"):
            self.trunk.give_up_s = 0
        self.trunk.give_up_s = False
        self.env.flush_all()
        self.env.cr.execute("select give_up_s from telecom_trunk where id = %s", [self.trunk.id])
        self.assertEqual(self.env.cr.fetchone(), (None,))

    def test_a_limit_is_empty_or_1_and_more(self):
        for name in ("max_channels", "max_calls_per_second"):
            self.assertIs(self.trunk[name], False)
            self.trunk[name] = 30
            for value in (0, -1, "x"):
                with self.subTest(field=name, value=value), self.assertRaisesRegex(ValidationError, "is no limit"):
                    self.trunk.write({name: value})
            self.assertEqual(self.trunk[name], 30)
            self.trunk[name] = False
            self.assertIs(self.trunk[name], False)

    def test_spaces_are_taken_out(self):
        self.trunk.write({"match_ips": " 192.0.2.7 ; 192.0.2.8\n192.0.2.9", "codecs": "alaw, ulaw", "host": " a.b "})
        self.assertEqual(self.trunk.match_ips, "192.0.2.7,192.0.2.8,192.0.2.9")
        self.assertEqual((self.trunk.codecs, self.trunk.host), ("alaw,ulaw", "a.b"))

    def test_a_password_is_set_and_never_read(self):
        pricing = self.staff("pricing")
        trunk = self.trunk.with_user(pricing)
        self.assertFalse(trunk.has_password)
        trunk.write({"username": "bss", "new_password": "s3cret;x"})
        self.env.flush_all()
        self.env.cr.execute("select password from telecom_trunk where id = %s", [trunk.id])
        self.assertEqual(self.env.cr.fetchone(), ("s3cret;x",))
        self.env.invalidate_all()
        self.assertEqual((trunk.has_password, trunk.new_password), (True, False))
        for read in (
            lambda: trunk.read(["password"]),
            lambda: trunk.search([("password", "=", "s3cret;x")]),
            lambda: trunk.write({"password": "x"}),
        ):
            with self.assertRaises(AccessError):
                read()
        self.assertNotIn("s3cret", str(trunk.read()))
        self.assertFalse(self.trunk.copy({"name": "Copy"}).has_password)

    def test_the_example_shows_what_is_sent(self):
        for values, sent in (
            ({}, "442079460000"),
            ({"plus_sign": True}, "+442079460000"),
            ({"strip_digits": 2, "add_prefix": "0"}, "02079460000"),
            ({"strip_digits": 0, "add_prefix": "0077", "plus_sign": True}, "+0077442079460000"),
        ):
            with self.subTest(values=values):
                trunk = self.trunk.copy({"name": str(values), **values})
                self.assertEqual(trunk.example, sent)

    def test_a_second_trunk_of_one_address_is_told(self):
        self.assertFalse(self.trunk.same_address)
        second = self.add_trunk("Second", self.add_carrier("Other"))
        self.assertEqual(second.same_address, "Baltic Main")
        second.match_ips = "192.0.2.77"
        self.assertFalse(second.same_address)

    def test_a_routed_trunk_is_archived_not_deleted(self):
        route = self.env["telecom.route"].create({"prefix": "99921"})
        line = self.env["telecom.route.line"].create({"route_id": route.id, "trunk_id": self.trunk.id})
        with self.assertRaisesRegex(UserError, "Routes use this trunk"):
            self.trunk.unlink()
        self.trunk.active = False
        line.unlink()
        self.trunk.unlink()

    def test_encrypted_voice_needs_tls(self):
        with Form(self.trunk) as form:
            form.transport = "tls"
            form.encrypts_media = True
            self.assertEqual(form.port, 5061)
        with self.assertRaisesRegex(IntegrityError, "media_needs_tls"), mute_logger("odoo.sql_db"):
            self.trunk.transport = "tcp"
            self.trunk.flush_recordset()

    def test_the_usual_port_follows_the_transport_and_another_one_stays(self):
        with Form(self.trunk) as form:
            form.transport = "tls"
            form.port = 15061
            form.encrypts_media = True
            form.transport = "udp"
            self.assertEqual((form.port, form.encrypts_media), (15061, False))
            form.port = 5061
            form.transport = "tls"
            self.assertEqual(form.port, 5061)
