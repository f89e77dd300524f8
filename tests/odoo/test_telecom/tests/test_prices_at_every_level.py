"""From what was entered in Odoo, through the views of the seam, to the amounts of a call."""

from datetime import UTC, datetime

from odoo.tests import TransactionCase, tagged

from telecom_switch_bridge.core.markup import marked_up
from telecom_switch_bridge.core.prefix import PrefixTable
from telecom_switch_bridge.core.rating import Rounding, Tariff, band_from_json, charge_of, price_call, rule_from_json

from .demo import load_demo

ANSWERED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestPricesAtEveryLevel(TransactionCase):
    """The demo's prices, computed by the core from the views alone; amounts in 1/1,000,000 euro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_demo(cls.env)
        cls.env.flush_all()

    def rows(self, query, *parameters):
        self.env.cr.execute(query, parameters)
        return self.env.cr.dictfetchall()

    def account(self, key):
        account_id = self.env.ref(f"__demo_telecom__.{key}").id
        return self.rows("select * from switch_v1_account where account_id = %s", account_id)[0]

    def destination(self, e164):
        table = PrefixTable(
            {row["prefix"]: row["destination_id"] for row in self.rows("select * from switch_v1_destination_prefix")}
        )
        return table.longest(e164)[1]

    def tariff(self, account, e164):
        """Return the tariff of an account for a number: its plan's own price, or its provider's marked up."""
        plan = self.rows("select * from switch_v1_plan where plan_id = %s", account["plan_id"])[0]
        found = self.rows(
            "select * from switch_v1_rate where plan_id = %s and destination_id = %s",
            plan["plan_id"],
            self.destination(e164),
        )
        if plan["base"] == "explicit":
            (rate,) = found
            rounding = Rounding(plan["rounding_method"], plan["rounding_decimals"])
            bands = tuple(band_from_json(band) for band in rate["bands"])
            return Tariff(timezone=plan["timezone"], bands=bands, rounding=rounding)
        above = self.rows("select * from switch_v1_account where account_id = %s", account["parent_account_id"])[0]
        percent_micro = found[0]["percent_micro"] if found else plan["default_percent_micro"]
        return marked_up(self.tariff(above, e164), percent_micro=percent_micro)

    def amounts(self, key, e164, seconds):
        """Return (net, tax, gross) of a call for an account."""
        account = self.account(key)
        priced = price_call(self.tariff(account, e164), ANSWERED_AT, seconds)
        return tuple(charge_of(priced, rule_from_json(account)))[:3]

    def carrier_cost(self, carrier, e164, seconds):
        row = self.rows(
            "select deck.* from switch_v1_deck_rate deck join switch_v1_carrier using (carrier_id)"
            " where name = %s and starts_with(%s, prefix) order by length(prefix) desc limit 1",
            carrier,
            e164,
        )[0]
        return row["price_micro"] * seconds // row["price_unit_s"]

    def test_75_seconds_to_a_fixed_line(self):
        self.assertEqual(self.amounts("northwind", "442079460000", 75), (35_000, 0, 35_000))
        self.assertEqual(self.amounts("acme", "442079460000", 75), (43_800, 0, 43_800))
        self.assertEqual(self.carrier_cost("Atlantic Carrier", "442079460000", 75), 12_500)

    def test_tax_is_on_the_exact_net(self):
        # exact net 0.04375 -> 0.0438; tax 20 % of 0.04375 = 0.00875
        self.assertEqual(self.amounts("harbour", "442079460000", 75), (43_800, 8_750, 52_550))

    def test_a_mobile_has_its_own_markup_and_a_first_minute(self):
        self.assertEqual(self.amounts("northwind", "447700900123", 1), (40_000, 0, 40_000))
        self.assertEqual(self.amounts("acme", "447700900123", 1), (44_000, 0, 44_000))
        self.assertEqual(self.amounts("acme", "447700900123", 61), (44_700, 0, 44_700))

    def test_the_longest_prefix_decides(self):
        self.assertEqual(self.amounts("lighthouse", "4930123456", 60), (48_000, 0, 48_000))
        self.assertEqual(self.amounts("lighthouse", "4915112345678", 60), (120_000, 0, 120_000))

    def test_a_premium_number_has_no_price_anywhere(self):
        premium = self.destination("449012345678")
        self.assertEqual(self.rows("select 1 from switch_v1_rate where destination_id = %s", premium), [])
