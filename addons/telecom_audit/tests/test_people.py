from odoo import Command
from odoo.tests import new_test_user

from .common import TrailCase

PASSWORD, DIGEST_PASSWORD = "Correct-Horse-7-battery", "Sip-Secret-9-staple"  # looked for in the trail


class TestPeople(TrailCase):
    def test_a_role_that_is_given_and_taken(self):
        admin = self.staff("admin")
        person = self.staff("support")
        pricing = self.env.ref("telecom_base.group_pricing")
        self.start_again()
        person.with_user(admin).group_ids = [Command.link(pricing.id)]
        given = self.lines(field="group_ids", action="added")
        self.assertEqual((given.new_value, given.of_user_id, given.user_id), (
            "Owner's Staff / Pricing Manager", person, admin))  # fmt: skip
        self.start_again()
        pricing.with_user(admin).write({"user_ids": [Command.unlink(person.id)]})  # from the other side
        taken = self.lines(field="group_ids", action="removed")
        self.assertEqual((taken.old_value, taken.of_user_id, taken.user_id), (
            "Owner's Staff / Pricing Manager", person, admin))  # fmt: skip

    def test_a_log_in_that_is_made_closed_and_moved(self):
        person = self.outsider("northerner", "reseller_support", self.north)
        made = self.lines(model="res.users", action="added", field=False)
        self.assertIn("login northerner", made.new_value)
        self.assertEqual(made.company_id, self.north)
        self.start_again()
        person.active = False
        self.assertEqual(self.told(of_user_id=person.id), [("active", "true", "false")])

    def test_secrets_are_told_as_changed_and_nothing_more(self):
        person = self.staff("support")
        self.start_again()
        person.password = PASSWORD
        self.assertEqual(self.told(of_user_id=person.id), [("password", "(secret)", "(secret)")])
        phone = self.env["telecom.phone"].create({"account_id": self.school.id, "name": "Desk", "extension": "101"})
        self.start_again()
        phone.sip_password = DIGEST_PASSWORD
        self.assertEqual(self.told(field="sip_digest"), [("sip_digest", False, "(secret)")])
        self.env["ir.config_parameter"].set_param("telecom.trail", PASSWORD)
        self.env.cr.execute("select line::text from telecom_audit_line line")
        everything = "".join(row for (row,) in self.env.cr.fetchall())
        self.env.cr.execute("select password from res_users where id = %s", [person.id])
        for secret in (PASSWORD, DIGEST_PASSWORD, phone.sudo().sip_digest, self.env.cr.fetchone()[0]):
            self.assertTrue(secret)
            self.assertNotIn(secret, everything)

    def test_api_keys_made_and_removed(self):
        person = new_test_user(self.env, "keyholder", groups="base.group_user")
        self.start_again()
        keys = self.env["res.users.apikeys"].with_user(person)
        key = keys.sudo()._generate("rpc", "Robot", None)
        made = self.lines(model="res.users.apikeys")
        self.assertEqual((made.action, made.new_value, made.of_user_id), ("added", "name Robot, scope rpc", person))
        self.assertEqual((made.user_id, made.category), (person, "credential"))
        keys.sudo().search([("user_id", "=", person.id)])._remove()
        self.assertEqual(self.lines(model="res.users.apikeys", action="removed").of_user_id, person)
        self.env.cr.execute("select line::text from telecom_audit_line line where model = 'res.users.apikeys'")
        self.assertNotIn(key, str(self.env.cr.fetchall()))

    def test_access_lines_and_record_rules(self):
        rule = self.env.ref("telecom_base.rule_tenant_company")
        self.start_again()
        rule.domain_force = "[(1, '=', 1)]"
        line = self.lines(model="ir.rule")
        self.assertEqual((line.field, line.new_value), ("domain_force", "[(1, '=', 1)]"))
        self.assertFalse(line.company_id, "the system's own")
        self.start_again()
        access = self.env["ir.model.access"].search([("model_id.model", "=", "telecom.rate")], limit=1)
        access.perm_unlink = not access.perm_unlink
        self.assertEqual(self.lines(model="ir.model.access").field, "perm_unlink")
