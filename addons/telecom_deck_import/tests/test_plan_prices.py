import base64
from datetime import datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import NOW, PricesCase

NEXT = NOW + timedelta(seconds=1)
HEADER = "Destination,Code,Price per Minute,Connection Fee,Intervals"


@tagged("post_install", "-at_install")
class TestPlanPrices(PricesCase):
    """Rates of a plan: by name of destination or group, or by code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["telecom.destination.group"].create({"name": "Utopia"})
        cls.fixed, cls.mobile = (
            cls.env["telecom.destination"].create({"name": name, "group_id": cls.group.id, "prefixes": prefixes})
            for name, prefixes in (("Utopia Fixed", "8882"), ("Utopia Mobile", "8887 8888"))
        )
        cls.plan = cls.env["telecom.rate.plan"].create(
            {"name": "Imported", "company_id": cls.owner_company.id, "rounding_method": "half_up"}
        )

    def rate(self, destination, price=0.01, **values):
        return self.env["telecom.rate"].create(
            {"plan_id": self.plan.id, "destination_id": destination.id, "price": price, **values}
        )

    def rates(self):
        rates = self.env["telecom.rate"].search([("plan_id", "=", self.plan.id)])
        return sorted((rate.display_name, rate.price, rate.valid_from or NOW, rate.valid_to) for rate in rates)

    def plan_import(self, *lines, header=HEADER, **values):
        return self.verified(*lines, header=header, plan_id=self.plan.id, **values)

    def test_verified_applied_and_rolled_back(self):
        self.rate(self.fixed, min_cost=0.5, min_duration_s=7)
        self.env["telecom.rate"].create({"plan_id": self.plan.id, "group_id": self.group.id, "price": 0.7})
        self.rate(self.fixed, 0.9, valid_from=datetime(2027, 1, 1), grace_s=3, grace_mode="subtract")
        fields = [
            "destination_id",
            "group_id",
            "price",
            "min_cost",
            "min_duration_s",
            "grace_s",
            "grace_mode",
            "valid_from",
            "valid_to",
        ]
        before = self.env["telecom.rate"].search_read([("plan_id", "=", self.plan.id)], fields, load=None)
        one = self.plan_import("utopia  fixed,,0.02,0,60/60", "Mobile there,8887,0.03,0.1,1/1")
        self.assertEqual(self.counts(one), {"raised": 1, "new": 1, "closed": 1})
        one.action_apply()
        self.assertEqual(
            self.rates(),
            [("Utopia", 0.7, NOW, NEXT), ("Utopia Fixed", 0.01, NOW, NEXT), ("Utopia Fixed", 0.02, NEXT, False),
             ("Utopia Mobile", 0.03, NEXT, False)],
        )  # fmt: skip
        one.action_roll_back()
        after = self.env["telecom.rate"].search_read([("plan_id", "=", self.plan.id)], fields, load=None)
        strip = [[{**row, "id": 0} for row in rows] for rows in (before, after)]
        self.assertCountEqual(*strip)

    def test_exported_and_imported_again_everything_is_unchanged(self):
        self.rate(
            self.fixed,
            0.012345,
            min_cost=0.5,
            max_cost=2.0,
            max_cost_strategy="free_after",
            second_price_from_s=60,
            second_price=0.001,
            included_s=3,
        )
        self.rate(self.mobile, 0.9, valid_from=datetime(2027, 1, 1), grace_s=3, grace_mode="free_if_not_longer")
        self.env["telecom.rate"].create({"plan_id": self.plan.id, "group_id": self.group.id, "price": 0.7})
        for kind in ("csv", "xlsx", "xls", "ods"):
            wizard = self.env["telecom.price.export"].create({"kind": kind, "plan_id": self.plan.id})
            wizard.action_export()
            data = base64.b64decode(wizard.with_context(bin_size=False).file)
            one = self.upload(data, plan_id=self.plan.id, filename=f"plan.{kind}")
            one.action_verify()
            self.assertEqual((self.problems(one), self.counts(one)), ([], {"unchanged": 3}))

    def test_prices_by_time_are_not_overwritten_by_a_file(self):
        hours = self.env["telecom.band.set"].create(
            {"name": "Hours", "company_id": self.owner_company.id, "band_ids": [(0, 0, {"name": "Night"})]}
        )
        rate = self.rate(self.fixed, 0.02)
        rate.band_set_id = hours
        rate.band_price_ids = [(0, 0, {"band_id": hours.band_ids.id, "price": 0.01})]
        one = self.plan_import("Utopia Fixed,,0.03,0,1/1")
        with self.assertRaisesRegex(UserError, "Utopia Fixed have prices by time"):
            one.action_apply()
        self.assertEqual((rate.price, rate.band_price_ids.price, rate.valid_to), (0.02, 0.01, False))
        same = self.plan_import("Utopia Fixed,,0.02,0,1/1")
        same.action_apply()
        self.assertEqual(rate.band_price_ids.price, 0.01)

    def test_what_is_not_known_is_named(self):
        one = self.plan_import(
            "Nowhere,,0.01,0,1/1", "Nowhere,99999,0.01,0,1/1", ",,0.01,0,1/1", "Utopia Fixed,,-1,0,1/1"
        )
        self.assertEqual(one.state, "problems")
        for (line, reason), (expected, words) in zip(
            self.problems(one),
            (
                (2, "no destination 'Nowhere'"),
                (3, "no destination has the prefix 99999"),
                (4, "missing"),
                (5, "negative"),
            ),
            strict=True,
        ):
            self.assertEqual(line, expected)
            self.assertIn(words, reason)

    def test_two_prices_of_one_destination(self):
        one = self.plan_import("x,8887,0.01,0,1/1", "x,8888,0.02,0,1/1")
        self.assertRegex(str(self.problems(one)), "3, .*another price on line 2")

    def test_mark_ups_belong_to_plans_that_mark_up(self):
        """The rates' own checks hold for imports: it is their door."""
        one = self.plan_import("Utopia Fixed,20", header="Destination,Mark-up (%)")
        self.assertEqual(one.state, "verified", one.message)
        with self.assertRaisesRegex(ValidationError, "has its own prices"), self.env.cr.savepoint():
            one.action_apply()
        self.assertEqual(self.rates(), [])

    def test_a_plan_that_was_changed_meanwhile(self):
        rate = self.rate(self.fixed)
        one = self.plan_import("Utopia Fixed,,0.02,0,1/1")
        rate.price = 0.5
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "Verify it again"):
            one.action_apply()
