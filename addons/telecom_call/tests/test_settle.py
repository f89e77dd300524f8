from datetime import datetime

import psycopg2
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CallCase


@tagged("post_install", "-at_install")
class TestSettle(CallCase):
    def setUp(self):
        super().setUp()
        self.topup(self.acme, 20_000_000)

    def test_a_call_is_recorded_and_charged_at_every_level(self):
        self.reserve(self.request("a-1763935936.1-1", [100_000, 80_000]))
        self.assertEqual(self.settle(self.leg()), ["settled"])
        self.assertEqual(self.wallet(self.acme), (19_956_200, 0))
        self.assertEqual(self.wallet(self.north_account), (-35_000, 0))
        self.assertIsNone(self.reservation("a-1763935936.1-1"))
        record = self.env["telecom.call.record"].search([("leg_uniqueid", "=", "a-1763935936.1")])
        self.assertEqual((record.answered_s, record.carrier_cost, record.duration_s), (75, 0.0125, 75.0))
        self.assertEqual((record.revenue, record.margin), (0.035, 0.0225))
        self.assertEqual((record.account_id, record.company_id), (self.acme, self.north))
        self.assertEqual(record.started_at, datetime(2025, 11, 23, 22, 12, 16))
        low, high = record.charge_ids.sorted("level")
        self.assertEqual((low.gross, low.account_id, low.company_id), (0.0438, self.acme, self.north))
        self.assertEqual((high.gross, high.account_id, high.company_id), (0.035, self.north_account, self.owner))
        self.assertEqual(low.entry_id.amount, -0.0438)
        self.assertEqual(low.entry_id.balance_after, 19.9562)
        self.assertEqual(low.entry_id.reference, "442079460000")
        self.assert_books_are_right()

    def test_a_leg_delivered_three_times_is_charged_once(self):
        for outcome in ("settled", "repeated", "repeated"):
            self.assertEqual(self.settle(self.leg()), [outcome])
        self.assertEqual(self.settle(self.leg(2), self.leg(2), self.leg(1)), ["settled", "repeated", "repeated"])
        self.assertEqual(self.wallet(self.acme), (19_912_400, 0))
        self.assertEqual(len(self.charges()), 2)
        self.assert_books_are_right()

    def test_a_repeated_leg_does_not_release_a_later_reservation(self):
        self.settle(self.leg())
        self.reserve(self.request("a-1763935936.1-1", [100_000, 80_000]))
        self.assertEqual(self.settle(self.leg()), ["repeated"])
        self.assertEqual(self.wallet(self.acme), (19_956_200, 100_000))

    def test_an_unanswered_leg_costs_nothing_and_may_keep_the_reservation(self):
        self.reserve(self.request("a-1763935936.1-1", [100_000, 80_000]))
        busy = {"disposition": "busy", "answered_at": None, "answered_s": 0, "charges": [], "carrier_cost_micro": 0}
        self.assertEqual(self.settle(self.leg(1, **busy, release=False)), ["settled"])
        self.assertEqual(self.wallet(self.acme), (20_000_000, 100_000))
        second = self.leg(2, **busy, call_ref="a-1763935936.1-1")
        self.assertEqual(self.settle(second), ["settled"])
        self.assertEqual(self.wallet(self.acme), (20_000_000, 0))
        self.assert_books_are_right()

    def test_a_charge_of_zero_has_no_entry(self):
        self.settle(self.leg(charges=[self.charge(0, self.acme, 0)]))
        charge = self.charges()
        self.assertEqual((charge.gross, charge.entry_id.id), (0.0, False))
        self.assertEqual(self.wallet(self.acme), (20_000_000, 0))

    def test_a_call_whose_reservation_is_gone_is_charged_all_the_same(self):
        self.assertEqual(self.settle(self.leg(call_ref="gone")), ["settled"])
        self.assertEqual(self.wallet(self.acme), (19_956_200, 0))

    def test_the_owners_revenue_is_the_charge_of_the_highest_level(self):
        reseller, customer = self.charge(1, self.north_account, 35_000, 7_000), self.charge(0, self.acme, 43_800)
        self.settle(self.leg(charges=[reseller, customer]))
        record = self.env["telecom.call.record"].search([("leg_uniqueid", "=", "a-1763935936.1")])
        self.assertEqual((record.revenue, record.margin), (0.042, 0.0225))
        self.assertEqual(record.revenue_currency_id, self.euro)

    def test_tax_is_kept_apart_and_taken_with_the_charge(self):
        self.settle(self.leg(charges=[self.charge(0, self.acme, 43_800, 8_760)]))
        charge = self.charges()
        self.assertEqual((charge.net, charge.tax, charge.gross), (0.0438, 0.00876, 0.05256))
        self.assertEqual(self.wallet(self.acme), (19_947_440, 0))

    def test_the_page_names_each_tax_and_the_plans_own_currency(self):
        terms = {
            "tax_lines": [
                {"tax_id": 1, "name": "VAT 20%", "amount_micro": 8_750},
                {"tax_id": 2, "name": "Levy", "amount_micro": 10},
            ],
            "plan_currency": "USD", "plan_amount_micro": 50_000,
        }  # fmt: skip
        self.settle(self.leg(charges=[self.charge(0, self.acme, 43_800, 8_760, terms=terms)]))
        charge = self.charges()
        self.assertEqual(charge.tax_detail, "VAT 20%: 0.008750\nLevy: 0.000010")
        self.assertEqual((charge.plan_amount, charge.kind), ("0.050000 USD", "charge"))

    def test_each_leg_of_a_batch_gets_its_own_entries(self):
        legs = [self.leg(number, charges=[self.charge(0, self.acme, number)]) for number in range(1, 9)]
        self.assertEqual(self.settle(*legs), ["settled"] * 8)
        for number in range(1, 9):
            charge = self.charges(f"a-1763935936.{number}")
            self.assertEqual(charge.entry_id.idempotency_key, f"leg:a-1763935936.{number}:outbound:{self.acme.id}")
            self.assertAlmostEqual(charge.entry_id.amount, -number / 1_000_000, 9)
        self.assertEqual(self.wallet(self.acme), (20_000_000 - 36, 0))

    def test_outbound_and_inbound_of_one_channel_are_two_legs(self):
        inbound = self.leg(direction="inbound", charges=[])
        self.assertEqual(self.settle(self.leg(), inbound), ["settled", "settled"])

    def test_one_bad_leg_leaves_nothing_of_the_batch(self):
        nobody = {**self.charge(0, self.acme, 1), "account_id": 0}
        unequal = {**self.charge(0, self.acme, 1), "gross_micro": 2}
        for code, wrong in (
            ("BSS01", {"charges": [nobody]}),
            ("23514", {"charges": [unequal]}),  # check: gross = net + tax
            ("23514", {"disposition": "perhaps"}),
            ("23514", {"direction": "sideways"}),
            ("23502", {"started_at": None}),  # not null
            ("22007", {"started_at": "yesterday evening"}),  # no such time
            ("23502", {"leg_uniqueid": None}),
            ("22P02", {"account_id": "x"}),  # not a number
            ("22023", {"charges": {"level": 0}}),  # not a list
            ("23502", {"charges": [{"level": 0, "account_id": self.acme.id}]}),  # no amounts
        ):
            with (
                self.subTest(wrong=wrong),
                self.assertRaises(psycopg2.Error) as caught,
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.settle(self.leg(1), self.leg(2, **wrong))
            self.assertEqual(caught.exception.pgcode, code)
        self.assertEqual(self.wallet(self.acme), (20_000_000, 0))
        self.assertFalse(self.charges())

    def test_an_empty_batch_is_answered(self):
        self.assertEqual(self.settle(), [])

    def test_hostile_text_is_only_text(self):
        text = "'; DROP TABLE telecom_wallet; --"
        self.settle(self.leg(from_number=text, dialled=text, e164=None))
        self.assertEqual(self.charges()[:1].from_number, text)
