from odoo.tests import tagged

from .common import RatingCase


@tagged("post_install", "-at_install")
class TestPriceList(RatingCase):
    def line(self, plan, destination):
        plan.action_price_list()
        lines = self.env["telecom.price.list.line"].search([("plan_id", "=", plan.id)])
        return lines.filtered(lambda line: line.destination_id == destination)

    def test_what_is_sold_and_bought(self):
        line = self.line(self.standard, self.fixed)
        self.assertEqual((line.connect_fee, line.price, line.increments), (0.0125, 0.025, "1 / 1"))
        self.assertEqual((line.buy_fee, line.buy_price), (0.01, 0.02))
        self.assertEqual(line.source, "default: provider's price + 25 %")
        line = self.line(self.standard, self.mobile)
        self.assertEqual((line.price, line.increments, line.prefixes), (0.044, "60 / 1", "99917 99918"))
        self.assertEqual(line.source, "own rate: provider's price + 10 %")

    def test_what_is_not_sold_stands_there_too(self):
        line = self.line(self.standard, self.island)
        self.assertEqual((line.is_sold, line.price, line.source), (False, 0.0, False))

    def test_a_destination_without_a_price_costs_what_the_shorter_prefix_costs(self):
        """The same as for a live call: the longest prefix that has a price."""
        self.wholesale.rate_ids.filtered(lambda rate: rate.destination_id == self.mobile).unlink()
        line = self.line(self.wholesale, self.mobile)
        self.assertEqual((line.is_sold, line.connect_fee, line.price), (True, 0.01, 0.02))

    def test_the_list_is_made_anew(self):
        self.assertEqual(len(self.line(self.standard, self.fixed)), 1)
        self.wholesale.rate_ids.filtered(lambda rate: rate.destination_id == self.fixed).price = 0.08
        self.assertEqual(self.line(self.standard, self.fixed).mapped("price"), [0.1])

    def test_a_later_price_is_told(self):
        self.add_rate(self.wholesale, self.island, price=0.06, second_price_from_s=300, second_price=0.03)
        self.assertEqual(self.line(self.wholesale, self.island).later_price, "0.030000 from 300 s")
