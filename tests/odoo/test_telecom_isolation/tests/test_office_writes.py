"""What people of resellers and customers may write leads nowhere else: each model of the list, tried in every way."""

from odoo.addons.test_telecom.tests.test_isolation import writable_by
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..probe.parties import ROLES
from ..probe.samples import samples
from ..probe.table import Table
from ..probe.writes import probe_writes
from .common import ProbeMixin

WRITERS = ("reseller admin", "reseller accountant", "reseller support", "customer admin")
CREATED = ("point at, create", "point at, default", "point at, form")


@tagged("post_install", "-at_install")
class TestOfficeWrites(ProbeMixin, TransactionCase):
    def test_nothing_that_they_write_leads_to_strangers(self):
        for role in ROLES:
            if role.name not in WRITERS:
                continue
            env, values = self.as_role(role), samples(self.env, role, self.rows)
            for name, operations in writable_by(self.users[role.name]).items():
                with self.subTest(role=role.name, model=name):
                    if "c" in operations:
                        with self.env.cr.savepoint() as savepoint:
                            self.assertTrue(env[name].create(dict(values[name])))
                            self.assertTrue(env[name].onchange(dict(values[name]), [], {"display_name": {}}))
                            savepoint.rollback()
                    table = Table()
                    probe_writes(env, role, self.rows, table, {name}, values)
                    self.assertEqual(table.found(), [])
                    self.assertEqual(dict(table.untested), {})
                    tried = {surface for surface, _role in table.tries}
                    transient = env[name]._transient
                    self.assertLessEqual({"write by id"} if not transient else {"point at, write"}, tried)
                    if "c" in operations:
                        self.assertLessEqual(set(CREATED), tried)

    def test_a_reseller_does_not_change_which_number_it_was_given(self):
        """The digits decide whose calls come here, and the holder whose number it is."""
        for role in ROLES:
            if role.name not in ("reseller admin", "reseller support"):
                continue
            number = self.as_role(role)["telecom.number"].search([], limit=1)
            self.assertTrue(number)
            for name, value in (("e164", "442079469999"), ("company_id", self.env.company.id), ("active", False)):
                with self.subTest(role=role.name, field=name), self.assertRaises(AccessError):
                    number.write({name: value})

    def test_nobody_mails_in_anothers_name_or_to_anybody(self):
        for role in ROLES:
            if role.name not in ("reseller admin", "customer admin"):
                continue
            phone = self.as_role(role)["telecom.phone"].search([], limit=1)
            phone.action_new_password()
            self.assertEqual(phone.sudo().message_ids[:1].author_id, self.users[role.name].partner_id)
            for values in ({}, {"email_from": "a@b.example"}, {"outgoing_email_to": "a@b.example"}):
                with self.subTest(role=role.name, values=values), self.assertRaises(AccessError):
                    phone.message_post(body="?", **values)
