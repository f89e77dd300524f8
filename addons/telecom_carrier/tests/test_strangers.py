from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CarrierCase

MODELS = ("telecom.carrier", "telecom.trunk", "telecom.deck.rate", "telecom.route", "telecom.route.line")


@tagged("post_install", "-at_install")
class TestStrangers(CarrierCase):
    """Carriers and what they charge are the owner's secret."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.add_price("99921")
        cls.route = cls.env["telecom.route"].create({"prefix": "99921"})
        cls.line = cls.env["telecom.route.line"].create({"route_id": cls.route.id, "trunk_id": cls.trunk.id})
        cls.rows = (cls.baltic, cls.trunk, cls.price, cls.route, cls.line)

    def test_people_outside_have_no_access_at_all(self):
        reseller = self.outsider("carrier_north", "reseller_admin", self.north)
        customer = self.outsider("carrier_school", "customer_admin", self.owner, self.school.partner_id)
        for user in (reseller, customer):
            for row in self.rows:
                with self.subTest(user=user.login, model=row._name):
                    for operation in ("read", "write", "create", "unlink"):
                        self.assertFalse(row.with_user(user).has_access(operation))
                    with self.assertRaises(AccessError):
                        row.with_user(user).search([])
                    with self.assertRaises(AccessError):
                        row.with_user(user).read(["display_name"])

    def test_staff_in_a_resellers_company_see_none(self):
        pricing = self.staff("pricing")
        for row in self.rows:
            with self.subTest(model=row._name):
                in_owner = row.with_user(pricing).with_context(allowed_company_ids=self.owner.ids)
                self.assertEqual(in_owner.search([("id", "=", row.id)]), row)
                in_north = row.with_user(pricing).with_context(allowed_company_ids=self.north.ids)
                self.assertFalse(in_north.search([("id", "=", row.id)]))
                with self.assertRaises(AccessError):
                    in_north.read(["display_name"])
                with self.assertRaises(AccessError):
                    in_north.unlink()

    def test_staff_by_role(self):
        for group, may_write in (("pricing", True), ("admin", True), ("auditor", False), ("accountant", False)):
            user = self.staff(group)
            for model in MODELS:
                with self.subTest(group=group, model=model):
                    self.assertTrue(self.env[model].with_user(user).has_access("read"))
                    self.assertEqual(self.env[model].with_user(user).has_access("write"), may_write)

    def test_support_sees_carriers_but_not_what_they_charge(self):
        user = self.staff("support")
        for row in self.rows:
            with self.subTest(model=row._name):
                self.assertEqual(row.with_user(user).has_access("read"), row != self.price)
                self.assertFalse(row.with_user(user).has_access("write"))
        self.assertEqual(self.baltic.with_user(user).deck_rate_count, 1)

    def test_pricing_sets_up_a_carrier_alone(self):
        env = self.env(user=self.staff("pricing"))
        carrier = env["telecom.carrier"].create({"name": "Fresh", "currency_id": self.euro.id})
        trunk = env["telecom.trunk"].create(
            {"carrier_id": carrier.id, "name": "Fresh", "host": "a.b", "username": "u", "new_password": "p"}
        )
        env["telecom.deck.rate"].create({"carrier_id": carrier.id, "prefix": "99922", "price": 0.01})
        env["telecom.route"].create({"prefix": "99922", "line_ids": [(0, 0, {"trunk_id": trunk.id})]})
        self.assertTrue(trunk.has_password)
