from odoo.tests import tagged

from .common import RatingCase

ON_FIXED = "+999 20 7946"
ON_MOBILE = "+999 17 123456"


@tagged("post_install", "-at_install")
class TestPreview(RatingCase):
    def cost(self, plan, number, seconds, **values):
        shown = self.preview(plan, number, seconds, **values)
        self.assertFalse(shown.refusal)
        self.assertTrue(shown.is_priced)
        return shown.cost

    def test_the_first_call_of_the_book(self):
        """0.010 + 75 x 0.020/60 = 0.035; marked up 0.0125 + 75 x 0.025/60 = 0.04375, half up at 4 decimals."""
        self.assertEqual(self.cost(self.wholesale, ON_FIXED, 75), 0.035)
        self.assertEqual(self.cost(self.standard, ON_FIXED, 75), 0.0438)

    def test_the_edges_of_increments(self):
        for seconds, cost in ((0, 0.0), (1, 0.04), (60, 0.04), (61, 0.0407), (120, 0.08)):
            with self.subTest(seconds=seconds):
                self.assertEqual(self.cost(self.wholesale, ON_MOBILE, seconds), cost)

    def test_a_rate_of_the_destination_wins_over_its_group_and_the_default(self):
        self.assertEqual(self.cost(self.standard, ON_MOBILE, 60), 0.044)  # + 10 %
        group_rate = self.add_rate(self.standard, None, group_id=self.testland.id, method="absolute", absolute=0.005)
        self.assertEqual(self.cost(self.standard, ON_MOBILE, 60), 0.044)
        self.assertEqual(self.cost(self.standard, ON_FIXED, 60), 0.035)  # 0.01 + 0.025: the fee is not marked up
        group_rate.write({"method": "fixed", "price": 0.3})
        self.assertEqual(self.cost(self.standard, ON_FIXED, 60), 0.3)

    def test_a_changed_price_of_the_provider_reaches_the_plan(self):
        self.wholesale.rate_ids.filtered(lambda rate: rate.destination_id == self.fixed).price = 0.04
        self.assertEqual(self.cost(self.standard, ON_FIXED, 60), 0.0625)

    def test_the_rate_that_began_last_is_in_force(self):
        self.add_rate(self.wholesale, self.fixed, price=0.06, valid_from="2026-03-01 00:00:00")
        self.add_rate(
            self.wholesale, self.fixed, price=9.0, valid_from="2026-03-05 00:00:00", valid_to="2026-03-06 00:00:00"
        )
        for at, cost in (
            ("2026-02-28 23:59:59", 0.03),
            ("2026-03-01 00:00:00", 0.06),
            ("2026-03-05 12:00:00", 9.0),
            ("2026-03-06 00:00:00", 0.06),
        ):
            with self.subTest(at=at):
                self.assertEqual(self.cost(self.wholesale, ON_FIXED, 60, answered_at=at), cost)

    def test_second_price_included_seconds_minimum_and_grace(self):
        terms = {"connect_fee": 0.05, "price": 0.06, "included_s": 10, "second_price_from_s": 60, "second_price": 0.6}
        rate = self.add_rate(self.wholesale, self.island, **terms)
        for seconds, cost in ((10, 0.05), (11, 0.051), (60, 0.1), (61, 0.11), (120, 0.7)):
            with self.subTest(seconds=seconds):
                self.assertEqual(self.cost(self.wholesale, "+88866123", seconds), cost)
        rate.write({"min_duration_s": 30, "min_cost": 0.08, "grace_s": 3, "grace_mode": "free_if_not_longer"})
        self.assertEqual(self.cost(self.wholesale, "+88866123", 20), 0.08)  # 0.05 + 20 x 0.001 is less
        rate.min_duration_s = 0
        self.assertEqual(self.cost(self.wholesale, "+88866123", 3), 0.0)

    def test_no_price_is_no_call(self):
        self.assertIn("has no price for this number", self.preview(self.standard, "+88866123", 60).refusal)
        self.assertIn("No destination has a prefix", self.preview(self.standard, "+8887777777", 60).refusal)
        self.standard.default_method = "none"
        self.assertIn("has no price", self.preview(self.standard, ON_FIXED, 60).refusal)
        self.assertEqual(self.preview(self.standard, ON_FIXED, 60).cost, 0.0)

    def test_a_price_of_its_own_does_not_help_where_the_provider_has_none(self):
        self.add_rate(self.standard, self.island, price=0.5)
        self.assertIn("provider has no price", self.preview(self.standard, "+88866123", 60).refusal)

    def test_without_a_plan_at_the_provider_there_is_no_price(self):
        self.north_account.rate_plan_id = False
        now = self.env.cr.now()
        self.assertIn("has no rate plan", self.preview(self.standard, ON_FIXED, 60, now).refusal)

    def test_garbage_is_no_number(self):
        for number in ("x", "12", "0" * 30, "+", "'; drop table", "112", "９９９17123456"):
            with self.subTest(number=number):
                shown = self.preview(self.wholesale, number, 60)
                self.assertTrue(shown.refusal)
                self.assertFalse(shown.is_priced)

    def test_numbers_are_read_as_dialled_at_home(self):
        self.owner.country_id = self.country
        home = self.add_destination("Test London", "44207946097")
        self.add_rate(self.wholesale, home, price=0.6)
        self.assertEqual(self.cost(self.wholesale, "020 7946 0970", 10), 0.1)

    def test_the_sum_is_explained_for_each_level(self):
        text = self.preview(self.standard, ON_FIXED, 75).explanation
        for part in ("Standard", "0.043800", "exact 0.043750", "Wholesale", "0.035000", "provider&#39;s price + 25 %"):
            self.assertIn(part, text)

    def test_seconds_are_bounded(self):
        for seconds in (-1, 86_401):
            with self.subTest(seconds=seconds), self.assertRaisesRegex(Exception, "0 to 86,400"):
                self.preview(self.wholesale, ON_FIXED, seconds)
