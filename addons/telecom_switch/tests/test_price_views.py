from odoo.tests import tagged

from .common import SwitchCase


@tagged("post_install", "-at_install")
class TestPriceViews(SwitchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["telecom.destination.group"].create({"name": "Switch Group"})
        cls.destination = cls.env["telecom.destination"].create(
            {"name": "Switch Land", "group_id": cls.group.id, "network_type": "fixed"}
        )
        cls.env["telecom.destination.prefix"].create({"prefix": "99911", "destination_id": cls.destination.id})
        cls.plan = cls.add_plan(name="Explicit", company_id=cls.owner.id, base="explicit")

    @classmethod
    def add_plan(cls, **values):
        return cls.env["telecom.rate.plan"].create(
            {
                "currency_id": cls.currency.id,
                "direction": "outbound",
                "timezone": "Europe/London",
                "rounding_method": "half_up",
                "rounding_decimals": 4,
                **values,
            }
        )

    def add_rate(self, **values):
        return self.env["telecom.rate"].create(
            {"plan_id": self.plan.id, "destination_id": self.destination.id, "method": "fixed", **values}
        )

    def steps_of(self, rate):
        return [
            (step["from_s"], step["price_micro"], step["increment_s"])
            for step in self.row("switch_v1_rate", rate_id=rate.id)["bands"][0]["steps"]
        ]

    def test_destinations_and_prefixes(self):
        row = self.row("switch_v1_destination", destination_id=self.destination.id)
        self.assertEqual((row["name"], row["group_id"]), ("Switch Land", self.group.id))
        row = self.row("switch_v1_destination_prefix", prefix="99911")
        self.assertEqual(row["destination_id"], self.destination.id)

    def test_a_fixed_rate_is_one_band_all_week(self):
        rate = self.add_rate(connect_fee=0.01, price=0.02, first_increment_s=60, next_increment_s=6, min_cost=0.005)
        row = self.row("switch_v1_rate", rate_id=rate.id)
        self.assertEqual(row["min_cost_micro"], 5_000)
        (band,) = row["bands"]
        self.assertEqual((band["days"], band["from_s"], band["to_s"]), ([1, 2, 3, 4, 5, 6, 7], 0, 86400))
        self.assertEqual(band["connect_fee_micro"], 10_000)
        self.assertEqual({step["price_unit_s"] for step in band["steps"]}, {60})
        self.assertEqual(self.steps_of(rate), [(0, 20_000, 60), (60, 20_000, 6)])

    def test_the_first_increment_begins_after_the_included_seconds(self):
        rate = self.add_rate(price=0.02, first_increment_s=30, next_increment_s=6, included_s=60)
        self.assertEqual(self.row("switch_v1_rate", rate_id=rate.id)["included_s"], 60)
        self.assertEqual(self.steps_of(rate), [(0, 20_000, 30), (90, 20_000, 6)])

    def test_a_second_price_begins_at_its_second(self):
        rate = self.add_rate(
            price=0.02, first_increment_s=1, next_increment_s=1, second_price_from_s=300, second_price=0.01
        )
        self.assertEqual(self.steps_of(rate), [(0, 20_000, 1), (300, 10_000, 1)])

    def test_a_second_price_within_the_first_increment_holds_from_the_next_one(self):
        rate = self.add_rate(
            price=0.02, first_increment_s=60, next_increment_s=6, second_price_from_s=30, second_price=0.01
        )
        self.assertEqual(self.steps_of(rate), [(0, 20_000, 60), (30, 10_000, 60), (60, 10_000, 6)])

    def test_the_smallest_amounts_are_exact(self):
        rate = self.add_rate(price=0.000001, connect_fee=123456.123456, first_increment_s=1, next_increment_s=1)
        band = self.row("switch_v1_rate", rate_id=rate.id)["bands"][0]
        self.assertEqual(band["connect_fee_micro"], 123_456_123_456)
        self.assertEqual(band["steps"][0]["price_micro"], 1)

    def test_a_markup_rate_has_no_bands(self):
        self.reseller_account.rate_plan_id = self.plan
        marked_up = self.add_plan(
            name="Marked up",
            company_id=self.reseller.id,
            base="parent",
            default_method="percent",
            default_percent=25,
        )
        rate = self.env["telecom.rate"].create(
            {"plan_id": marked_up.id, "destination_id": self.destination.id, "method": "percent", "percent": 12.345678}
        )
        row = self.row("switch_v1_rate", rate_id=rate.id)
        self.assertEqual((row["bands"], row["percent_micro"]), (None, 12_345_678))
        row = self.row("switch_v1_plan", plan_id=marked_up.id)
        self.assertEqual((row["base"], row["default_method"]), ("parent", "percent"))
        self.assertEqual((row["default_percent_micro"], row["currency"]), (25_000_000, self.currency.name))
        self.assertEqual((row["rounding_method"], row["rounding_decimals"]), ("half_up", 4))
        marked_up.rounding_method = False
        row = self.row("switch_v1_plan", plan_id=marked_up.id)
        self.assertEqual((row["rounding_method"], row["rounding_decimals"]), (None, None))

    def test_validity_is_in_utc(self):
        rate = self.add_rate(
            price=0.02,
            first_increment_s=1,
            next_increment_s=1,
            valid_from="2026-03-01 12:00:00",
            valid_to="2026-04-01 00:00:00",
        )
        row = self.row("switch_v1_rate", rate_id=rate.id)
        self.assertEqual(row["valid_from"].isoformat(), "2026-03-01T12:00:00+00:00")
        self.assertEqual(row["valid_to"].isoformat(), "2026-04-01T00:00:00+00:00")


@tagged("post_install", "-at_install")
class TestRouteViews(SwitchCase):
    def test_a_carrier_with_its_deck(self):
        carrier = self.add_carrier(duration_rule="nearest", rounding_method="half_up", rounding_decimals=6)
        row = self.row("switch_v1_carrier", carrier_id=carrier.id)
        self.assertEqual((row["duration_rule"], row["rounding_decimals"], row["state"]), ("nearest", 6, "active"))
        self.env["telecom.deck.rate"].create(
            {"carrier_id": carrier.id, "prefix": "4420", "price": 0.0125, "first_increment_s": 1, "next_increment_s": 1}
        )
        row = self.row("switch_v1_deck_rate", carrier_id=carrier.id)
        self.assertEqual((row["prefix"], row["price_micro"], row["price_unit_s"]), ("4420", 12_500, 60))

    def test_a_trunk_says_how_to_write_the_number(self):
        trunk = self.add_trunk(strip_digits=2, add_prefix="0077", plus_sign=True)
        row = self.row("switch_v1_trunk", trunk_id=trunk.id)
        self.assertEqual(row["endpoint"], f"trunk-{trunk.id}")
        self.assertEqual((row["strip_digits"], row["add_prefix"], row["plus_sign"]), (2, "0077", True))
        plain = self.row("switch_v1_trunk", trunk_id=self.add_trunk(trunk.carrier_id, name="Plain").id)
        self.assertEqual((plain["strip_digits"], plain["add_prefix"], plain["plus_sign"]), (0, "", False))

    def test_a_route_with_its_lines_and_margins(self):
        trunk = self.add_trunk()
        route = self.env["telecom.route"].create(
            {"prefix": "99911", "rule": "cost", "min_margin": 0.001, "min_margin_percent": 5}
        )
        self.env["telecom.route.line"].create({"route_id": route.id, "trunk_id": trunk.id, "priority": 7, "weight": 3})
        row = self.row("switch_v1_route", route_id=route.id)
        self.assertEqual((row["prefix"], row["rule"], row["expected_s"]), ("99911", "cost", 180))
        self.assertEqual((row["min_margin_micro"], row["min_margin_percent_micro"]), (1_000, 5_000_000))
        self.assertEqual((row["allow_loss"], row["is_emergency"]), (False, False))
        line = self.row("switch_v1_route_line", route_id=route.id)
        self.assertEqual((line["trunk_id"], line["priority"], line["weight"]), (trunk.id, 7, 3))
