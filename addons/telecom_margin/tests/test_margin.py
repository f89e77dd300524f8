import time

from odoo.addons.telecom_rating.tests.common import RatingCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestMargin(RatingCase):
    """Two carriers: fixed for 0.03 and 0.01 a minute, mobile for 0.05. The owner sells them for 0.02 and 0.04."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dear = cls.add_carrier("Dear", {"999": 0.03, "99917": 0.05})
        cls.cheap = cls.add_carrier("Cheap", {"999": 0.01, "99917": 0.06, "9991755": 0.07})

    @classmethod
    def add_carrier(cls, name, prices):
        carrier = cls.env["telecom.carrier"].create(
            {"name": name, "company_id": cls.owner.id, "currency_id": cls.euro.id}
        )
        cls.env["telecom.trunk"].create({"name": name, "carrier_id": carrier.id, "host": "192.0.2.9", "port": 5060})
        cls.env["telecom.deck.rate"].create(
            [{"carrier_id": carrier.id, "prefix": prefix, "price": price} for prefix, price in prices.items()]
        )
        return carrier

    def lines(self, plan, user=None):
        plan = plan.with_user(user) if user else plan
        action = plan.action_margin()
        return self.env[action["res_model"]].with_user(user or self.env.user).search(action["domain"])

    def line(self, plan, destination, user=None):
        return self.lines(plan, user).filtered(lambda line: line.destination_id == destination)

    def test_the_owner_against_the_cheapest_carrier(self):
        lines = self.lines(self.wholesale)
        fixed, mobile, island = (
            lines.filtered(lambda line, place=place: line.destination_id == place)
            for place in (self.fixed, self.mobile, self.island)
        )
        self.assertEqual((fixed.state, fixed.carrier_id, fixed.prefix), ("gain", self.cheap, "999"))
        self.assertAlmostEqual(fixed.price, 0.07, 6)
        self.assertAlmostEqual(fixed.cost, 0.03, 6)
        self.assertAlmostEqual(fixed.margin, 0.04, 6)
        self.assertAlmostEqual(fixed.percent, 57.14, 2)
        self.assertEqual((mobile.state, mobile.carrier_id), ("loss", self.dear))
        self.assertAlmostEqual(mobile.margin, 0.12 - 0.15, 6)
        self.assertEqual(island.state, "unsold")
        self.assertEqual(lines[0], mobile)  # losses first

    def test_what_no_carrier_has(self):
        self.add_rate(self.wholesale, self.island, price=1.0)
        self.assertEqual(self.line(self.wholesale, self.island).state, "unknown")

    def test_a_carrier_without_a_trunk_counts_for_nothing(self):
        self.cheap.trunk_ids.active = False
        self.assertEqual(self.line(self.wholesale, self.fixed).carrier_id, self.dear)

    def test_a_price_that_is_over_or_to_come_counts_for_nothing(self):
        deck = self.env["telecom.deck.rate"]
        deck.create({"carrier_id": self.dear.id, "prefix": "99", "price": 0.0001, "valid_to": "2020-01-01"})
        deck.create({"carrier_id": self.dear.id, "prefix": "999", "price": 0.0001, "valid_from": "2090-01-01"})
        self.assertAlmostEqual(self.line(self.wholesale, self.fixed).cost, 0.03, 6)

    def test_a_reseller_against_its_providers_price(self):
        reseller = self.outsider("margin_rosa", "reseller_admin", self.north)
        fixed = self.line(self.standard, self.fixed, reseller)
        self.assertAlmostEqual(fixed.price, 0.0875, 6)
        self.assertAlmostEqual(fixed.cost, 0.07, 6)
        self.assertAlmostEqual(fixed.margin, 0.0175, 6)
        self.assertEqual(fixed.state, "gain")
        with self.assertRaises(AccessError):
            fixed.read(["carrier_id"])
        with self.assertRaises(AccessError):
            self.wholesale.with_user(reseller).action_margin()

    def test_everybody_sees_the_list_that_they_opened(self):
        self.lines(self.standard)
        reseller = self.outsider("margin_rosa", "reseller_admin", self.north)
        mine = self.lines(self.standard, reseller)
        self.assertEqual(mine.sudo().create_uid, reseller)
        self.assertEqual(len(mine), len(mine.destination_id))

    def test_support_and_customers_see_none(self):
        support = self.staff("support")
        customer = self.outsider("margin_carl", "customer_admin", self.owner, self.school.partner_id)
        for user in support | customer:
            with self.assertRaises(AccessError):
                self.wholesale.with_user(user).action_margin()

    def test_an_inbound_plan_has_none(self):
        plan = self.add_plan(self.owner, "In", direction="inbound")
        with self.assertRaisesRegex(UserError, "outbound"):
            plan.action_margin()

    def test_it_is_quick_with_ten_thousand_destinations(self):
        prefixes = [f"89{number:05}" for number in range(10_000)]
        made = self.env["telecom.destination"].create(
            [{"name": f"Quick {one}", "group_id": self.testland.id} for one in prefixes]
        )
        self.env["telecom.destination.prefix"].create(
            [{"prefix": one, "destination_id": place.id} for one, place in zip(prefixes, made, strict=True)]
        )
        self.add_rate(self.wholesale, None, group_id=self.testland.id, price=0.05)
        self.env["telecom.deck.rate"].create([{"carrier_id": self.cheap.id, "prefix": "89", "price": 0.04}])
        self.env.flush_all()
        began = time.monotonic()
        lines = self.lines(self.wholesale)
        self.assertLess(time.monotonic() - began, 10)  # measured: 1 s on a busy machine
        quick = lines.filtered(lambda line: line.destination_id in made)
        self.assertEqual((len(quick), set(quick.mapped("state"))), (10_000, {"gain"}))
