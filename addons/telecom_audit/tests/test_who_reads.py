from odoo.exceptions import AccessError

from ..models.telecom_audit_line import STAFF
from .common import TrailCase


class TestWhoReads(TrailCase):
    def as_user(self, person):
        context = {"allowed_company_ids": person.company_ids.ids}
        return self.env["telecom.audit.line"].with_env(self.env(user=person.id, su=False, context=context))

    def test_a_reseller_sees_its_own_company_only(self):
        person = self.outsider("northerner", "reseller_admin", self.north)
        self.start_again()
        self.standard.with_user(person).default_percent = 30.0
        self.wholesale.rounding_decimals = 2
        self.north_account.credit_limit = 1.0
        self.env["ir.config_parameter"].set_param("telecom.trail", "1")
        self.env.flush_all()
        seen = self.as_user(person).search([("id", ">", self.since)])
        self.assertEqual(seen.mapped("company_id"), self.north)
        self.assertEqual([(one.old_value, one.new_value) for one in seen], [("25", "30")])
        self.assertIn("northerner", seen.who)

    def test_a_reseller_does_not_learn_who_its_provider_is(self):
        person = self.outsider("northerner", "reseller_admin", self.north)
        staff = self.staff("admin")
        self.start_again()
        self.standard.with_user(staff).default_percent = 31.0
        self.env.flush_all()
        line = self.as_user(person).search([("id", ">", self.since)])
        self.assertEqual(line.who, "your provider")
        hidden = ("user_id", "user_name", "address", "import_id", "carrier_id", "of_user_id", "model")
        self.assertEqual({line._fields[name].groups for name in hidden}, {STAFF})
        for name in hidden:
            with self.subTest(name), self.assertRaises(AccessError):
                line.read([name])

    def test_others_read_nothing(self):
        people = [self.staff(role) for role in ("support", "accountant", "pricing")]
        people += [
            self.outsider("north_support", "reseller_support", self.north),
            self.outsider("acme_admin", "customer_admin", self.north, self.acme.partner_id),
        ]
        for person in people:
            with self.subTest(person.login), self.assertRaises(AccessError):
                self.as_user(person).search([], limit=1)

    def test_an_auditor_sees_every_company_and_the_systems_own(self):
        auditor = self.staff("auditor")
        self.start_again()
        self.standard.default_percent = 32.0
        self.env["ir.config_parameter"].set_param("telecom.trail", "2")
        self.env.flush_all()
        seen = self.as_user(auditor).search([("id", ">", self.since)])
        self.assertEqual({one.company_id.id for one in seen}, {self.north.id, False})

    def test_nobody_writes_it(self):
        admin = self.staff("admin")
        self.start_again()
        self.school.action_suspend()
        line = self.as_user(admin).browse(self.lines().id)
        for change in (
            lambda: line.write({"record_name": "x"}),
            line.unlink,
            lambda: line.create({"record_name": "x"}),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_only_the_owners_administrator_decides_how_long(self):
        for role in ("auditor", "accountant"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["telecom.audit.keep"].with_user(self.staff(role)).create({}).action_keep()
