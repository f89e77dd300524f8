from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import CarrierCase

OUT_OF_BOUNDS = (
    ("expected_bounds", {"expected_s": 0}),
    ("expected_bounds", {"expected_s": 14_401}),
    ("margin_bounds", {"min_margin": -0.01}),
    ("margin_bounds", {"min_margin_percent": -1.0}),
)


@tagged("post_install", "-at_install")
class TestRoute(CarrierCase):
    def add_route(self, prefix="99921", **values):
        return self.env["telecom.route"].create({"prefix": prefix, **values})

    def test_a_route_is_the_owners(self):
        self.assertEqual(self.add_route().company_id, self.owner)
        with self.assertRaisesRegex(ValidationError, "Carriers and routes belong to"):
            self.add_route("99922", company_id=self.north.id)

    def test_values_out_of_bounds_are_refused_by_the_table(self):
        for constraint, values in OUT_OF_BOUNDS:
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, constraint),
                self.env.cr.savepoint(),
            ):
                self.add_route(**values)

    def test_a_margin_has_at_most_6_decimals(self):
        for name in ("min_margin", "min_margin_percent"):
            with self.subTest(field=name), self.assertRaisesRegex(ValidationError, "at most 6 decimals"):
                self.add_route(**{name: 0.0000001})

    def test_prefixes(self):
        self.assertEqual(self.add_route("+999 21").prefix, "99921")
        for prefix, emergency in (("0999", False), ("99x", False), ("9" * 16, False), ("+112", True), ("1" * 7, True)):
            with (
                self.subTest(prefix=prefix),
                self.assertRaisesRegex(ValidationError, "cannot be a prefix"),
                self.env.cr.savepoint(),
            ):
                self.add_route(prefix, is_emergency=emergency)
        australian = self.add_route("000", is_emergency=True)
        australian.prefix = "0001"  # stays as dialled
        self.assertEqual(australian.prefix, "0001")

    def test_one_active_route_for_a_prefix(self):
        self.env["telecom.route"].search([("prefix", "in", ("", False))]).active = False
        first = self.add_route("")
        self.add_route("", is_emergency=True)
        for empty in ("", False):
            with (
                self.subTest(empty=empty),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, "prefix_unique"),
                self.env.cr.savepoint(),
            ):
                self.add_route(empty)
        first.active = False
        self.env.flush_all()
        self.add_route("")

    def test_names_for_people(self):
        self.assertEqual(self.add_route("99921").display_name, "+99921")
        self.assertEqual(self.add_route("112", is_emergency=True).display_name, "Emergency 112")
        self.assertEqual(self.env["telecom.route"].new({}).display_name, "All other numbers")

    def test_lines(self):
        route = self.add_route()
        self.assertEqual(route.trunk_names, "All active trunks")
        lines = self.env["telecom.route.line"]
        second = self.add_trunk("Second")
        lines.create({"route_id": route.id, "trunk_id": self.trunk.id, "priority": 20})
        lines.create({"route_id": route.id, "trunk_id": second.id})
        self.assertEqual(route.trunk_names, "Second, Baltic Main")
        for constraint, values in (
            ("trunk_unique", {}),
            ("priority_bounds", {"trunk_id": self.add_trunk("Third").id, "priority": 0}),
            ("weight_bounds", {"trunk_id": self.add_trunk("Fourth").id, "weight": -1}),
        ):
            with (
                self.subTest(constraint=constraint),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, constraint),
                self.env.cr.savepoint(),
            ):
                lines.create({"route_id": route.id, "trunk_id": second.id, **values})
