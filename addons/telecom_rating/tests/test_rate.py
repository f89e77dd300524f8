from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import RatingCase

OUT_OF_BOUNDS = (
    ("amounts_bounds", {"price": -0.01}),
    ("amounts_bounds", {"connect_fee": -1.0}),
    ("amounts_bounds", {"second_price": -0.000001}),
    ("amounts_bounds", {"min_cost": -5.0}),
    ("amounts_bounds", {"price": 1_000_000.000001}),
    ("percent_bounds", {"percent": -1.0}),
    ("increments_bounds", {"first_increment_s": 0}),
    ("increments_bounds", {"next_increment_s": -6}),
    ("increments_bounds", {"next_increment_s": 604_801}),
    ("seconds_bounds", {"included_s": -1}),
    ("seconds_bounds", {"grace_s": -1}),
    ("validity_order", {"valid_from": "2026-05-01 00:00:00", "valid_to": "2026-05-01 00:00:00"}),
)


@tagged("post_install", "-at_install")
class TestRate(RatingCase):
    def test_values_out_of_bounds_are_refused_by_the_table(self):
        for constraint, values in OUT_OF_BOUNDS:
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, constraint),
                self.env.cr.savepoint(),
            ):
                self.add_rate(self.wholesale, self.island, **values)

    def test_an_amount_has_at_most_6_decimals(self):
        for name in ("price", "connect_fee", "second_price", "min_cost", "percent", "absolute"):
            with self.subTest(field=name), self.assertRaisesRegex(ValidationError, "at most 6 decimals"):
                self.add_rate(self.wholesale, self.island, **{name: 0.0000012})
        rate = self.add_rate(self.wholesale, self.island, price=999_999.000001)
        self.env.invalidate_all()
        self.env.cr.execute("select price from telecom_rate where id = %s", [rate.id])
        self.assertEqual(str(self.env.cr.fetchone()[0]), "999999.000001")

    def test_a_rate_prices_one_destination_or_one_group(self):
        for values in ({}, {"destination_id": self.island.id, "group_id": self.testland.id}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, "one_target"),
                self.env.cr.savepoint(),
            ):
                self.add_rate(self.wholesale, None, price=0.1, **values)

    def test_two_rates_of_a_destination_begin_at_different_moments(self):
        self.add_rate(self.wholesale, self.fixed, price=0.03, valid_from="2026-05-01 00:00:00")
        for start in (False, "2026-05-01 00:00:00"):
            with (
                self.subTest(start=start),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, "start_unique"),
                self.env.cr.savepoint(),
            ):
                self.add_rate(self.wholesale, self.fixed, price=0.04, valid_from=start)

    def test_own_prices_take_no_mark_up(self):
        for method in ("percent", "absolute"):
            with (
                self.subTest(method=method),
                self.assertRaisesRegex(ValidationError, "a price instead of a mark-up"),
                self.env.cr.savepoint(),
            ):
                self.add_rate(self.wholesale, self.island, method=method)

    def test_grace_needs_its_rule(self):
        with self.assertRaisesRegex(ValidationError, "Choose the grace rule"):
            self.add_rate(self.wholesale, self.island, grace_s=3)

    def test_in_force(self):
        past = self.add_rate(self.wholesale, self.island, valid_to="2020-01-01 00:00:00")
        future = self.add_rate(self.wholesale, self.island, valid_from="2120-01-01 00:00:00")
        open_ended = self.add_rate(self.wholesale, self.island, valid_from="2020-01-01 00:00:00")
        domain = [("plan_id", "=", self.wholesale.id), ("destination_id", "=", self.island.id)]
        rates = self.env["telecom.rate"]
        self.assertEqual(rates.search([*domain, ("in_force", "=", True)]), open_ended)
        self.assertEqual(set(rates.search([*domain, ("in_force", "=", False)])), {past, future})
        self.assertEqual((past.in_force, future.in_force, open_ended.in_force), (False, False, True))

    def test_the_form_makes_a_rate(self):
        with Form(self.env["telecom.rate"].with_context(default_plan_id=self.wholesale.id)) as form:
            form.group_id = self.testland
            form.destination_id = self.island  # takes the group's place
            form.price = 0.5
        rate = form.record
        self.assertEqual((rate.destination_id, rate.group_id.id, rate.price), (self.island, False, 0.5))
        self.assertEqual((rate.first_increment_s, rate.next_increment_s, rate.company_id), (1, 1, self.owner))
