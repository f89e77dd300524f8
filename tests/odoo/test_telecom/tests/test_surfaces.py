"""Routes and secrets of ours, taken from the registry: a new one with a flaw fails here."""

import io
import logging
from types import SimpleNamespace

from odoo.tests import HttpCase, tagged

from .roles import env_of, make_staff
from .surfaces import field_flaws, our_routes, route_flaws, secret_fields
from .test_isolation import telecom_models
from .worlds import Worlds

TRUNK_PASSWORD, SIP_PASSWORD = "Trunk-secret-4417", "Phone-secret-9923"


@tagged("post_install", "-at_install")
class TestSurfaces(HttpCase):
    def test_flaws_are_found(self):
        self.assertTrue(route_flaws({"type": "http", "csrf": False}))
        self.assertTrue(route_flaws({"type": "jsonrpc", "auth": "none"}))
        self.assertTrue(route_flaws({"type": "http", "cors": "*"}))
        field = SimpleNamespace(store=True, groups=None, copy=True, tracking=True)
        self.assertEqual(len(field_flaws(field)), 3)

    def test_no_route_of_ours_goes_without_token_or_session(self):
        flaws = {path: route_flaws(routing) for path, routing in our_routes(self.env)}
        self.assertEqual({path: found for path, found in flaws.items() if found}, {})

    def test_a_page_refuses_a_post_without_token(self):
        """Of Odoo, whose check our routes rely on, and of each route of ours that has no argument."""
        self.authenticate("admin", "admin")
        paths = [
            path
            for path, routing in our_routes(self.env)
            if routing.get("type") == "http" and "<" not in path and "POST" in (routing.get("methods") or ["POST"])
        ]
        for path in ("/web/login", *paths):
            with self.subTest(path=path), self.assertLogs("odoo.http", logging.WARNING):
                self.assertEqual(self.url_open(path, data={"login": "admin"}).status_code, 400)

    def test_secrets_are_stored_for_nobody_to_read_nor_copied_nor_tracked(self):
        found = [field for model in telecom_models(self.env) for field in secret_fields(model)]
        self.assertLessEqual({"sip_digest", "password"}, {field.name for field in found})
        flaws = {str(field): field_flaws(field) for field in found}
        self.assertEqual({name: wrong for name, wrong in flaws.items() if wrong}, {})

    def test_secrets_come_out_of_no_view_log_line_or_chatter(self):
        worlds = Worlds(self.env).build()
        admin = make_staff(self.env, worlds.companies["owner"], worlds.companies["owner"])["admin"]
        env = env_of(self.env, admin)
        told = io.StringIO()
        handler = logging.StreamHandler(told)
        logging.getLogger().addHandler(handler)
        self.addCleanup(logging.getLogger().removeHandler, handler)
        trunk = env["telecom.trunk"].browse(worlds.rows["owner"]["telecom.trunk"])
        phone = env["telecom.phone"].browse(worlds.rows["direct"]["telecom.phone"])
        trunk.write({"username": "us", "new_password": TRUNK_PASSWORD})
        phone.sip_password = SIP_PASSWORD
        self.env.flush_all()
        with self.assertRaises(Exception), self.env.cr.savepoint(flush=False):  # noqa: B017 - the database refuses it
            self.env.cr.execute(
                "update telecom_trunk set password = %s, carrier_id = null where id = %s", [TRUNK_PASSWORD, trunk.id]
            )
        self.assertIn("update telecom_trunk (values hidden", told.getvalue())
        digest = phone.sudo().sip_digest
        self.assertEqual(len(digest), 32)
        seen = [told.getvalue()]
        for record in (trunk, phone):
            names = [field.name for field in record._fields.values() if record._has_field_access(field, "read")]
            seen += [
                str(record.read(names)),
                str(record.message_ids.sudo().read()),
                str(record.get_views([(False, "form")])),
            ]
            seen.append(str(record.message_ids.sudo().tracking_value_ids.read()))
        for secret in (TRUNK_PASSWORD, SIP_PASSWORD, digest):
            self.assertEqual([text for text in seen if secret in text], [])
