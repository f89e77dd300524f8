from unittest.mock import patch

from odoo.tests import tagged

from .common import NUMBER, RerateCase

COST_MICRO = 20_000


@tagged("post_install", "-at_install")
class TestRerateCosts(RerateCase):
    """What carriers take and pay is corrected beside what was settled; ledger and margin follow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier = cls.env["telecom.carrier"].create(
            {"name": "Rerate Carrier", "company_id": cls.owner.id, "currency_id": cls.euro.id}
        )
        cls.deck = cls.deck_price(0.02)
        cls.env.flush_all()

    @classmethod
    def deck_price(cls, price, prefix="888", **values):
        return cls.env["telecom.deck.rate"].create(
            {
                "carrier_id": cls.carrier.id,
                "prefix": prefix,
                "price": price,
                "first_increment_s": 1,
                "next_increment_s": 1,
                **values,
            }
        )

    def carried(self, number, **values):
        """One settled call of 60 s that the carrier took, at 0.02."""
        leg = self.leg(
            number, charges=self.two_charges(), e164=NUMBER, dialled=NUMBER, answered_s=60, duration_us=60_000_000,
            destination_id=self.place.id, carrier_id=self.carrier.id, carrier_billed_s=60,
            carrier_cost_micro=COST_MICRO, terms={"authorised_at": "2025-11-23T22:12:16+00:00"},
        ) | values  # fmt: skip
        self.assertEqual(self.settle(leg), ["settled"])
        return self.env["telecom.call.record"].search([("leg_uniqueid", "=", leg["leg_uniqueid"])])

    def brought(self, number, **values):
        """One settled call of 60 s that the carrier brought, and paid 0.01 for."""
        amounts = {"carrier_cost_micro": None, "carrier_revenue_micro": 10_000}
        return self.carried(number, direction="inbound", charges=[], **amounts | values)

    def set_price(self, price):
        self.deck.price = price
        self.env.flush_all()

    def ledger(self):
        """Return legs, billed minutes, what we owe and what the carrier owes, of all days."""
        lines = self.env["telecom.carrier.ledger"].search([("carrier_id", "=", self.carrier.id)])
        sums = [sum(lines.mapped(name)) for name in ("legs", "billed_minutes", "cost", "revenue")]
        return [round(one, 6) for one in sums]

    def compared(self, **values):
        return self.previewed(subject="costs", carrier_ids=self.carrier.ids, **values)

    def posted(self, **values):
        run = self.compared(**values)
        run.action_apply()
        self.work()
        self.assertEqual((run.state, run.message), ("applied", False))
        return run

    def test_a_cost_is_compared_then_corrected_in_record_ledger_and_margin(self):
        record = self.carried(1)
        self.assertEqual(self.compared().cost_changed_count, 0)
        self.set_price(0.03)
        run = self.compared()
        self.assertEqual((run.cost_count, run.cost_changed_count, run.cost_fault_count), (1, 1, 0))
        self.assertEqual((run.call_count, run.changed_count), (0, 0))
        one = run.cost_sum_ids
        self.assertEqual((one.carrier_id, one.calls, one.old_amount, one.amount), (self.carrier, 1, 0.02, 0.03))
        self.assertEqual((one.margin_difference, one.currency_id), (-0.01, self.euro))
        line = self.env["telecom.rerate.cost.line"].search([("run_id", "=", run.id)])
        self.assertEqual((line.record_id, line.e164, line.amount), (record, NUMBER, 0.03))
        self.assertEqual((self.ledger(), record.carrier_cost), ([1, 1, 0.02, 0], 0.02))  # nothing happened yet

        balances = [self.balance(account) for account in (self.acme, self.north_account)]
        run.action_apply()
        self.work()
        self.assertEqual((run.state, self.ledger()), ("applied", [1, 1, 0.03, 0]))
        self.assertEqual((record.carrier_cost, record.carrier_settled, record.cost_corrected), (0.03, 0.02, True))
        self.assertEqual(round(record.margin, 6), 0.01)  # North paid 0.04
        self.assertIn("0.030000 EUR per 60 s", record.carrier_price)
        self.assertEqual([self.balance(account) for account in (self.acme, self.north_account)], balances)
        self.env.cr.execute("select carrier_cost_micro from telecom_call_record where id = %s", [record.id])
        self.assertEqual(self.env.cr.fetchone(), (COST_MICRO,))  # what was settled stays as it was
        self.assertEqual(self.compared().cost_changed_count, 0)  # never twice

    def test_undo_puts_the_cost_back(self):
        record = self.carried(1)
        self.set_price(0.03)
        run = self.posted()
        run.action_undo()
        self.work()
        self.assertEqual((run.state, self.ledger()), ("undone", [1, 1, 0.02, 0]))
        self.assertEqual((record.carrier_cost, record.cost_corrected, record.carrier_billed_s), (0.02, False, 60))
        self.assertEqual(self.compared().cost_changed_count, 1)  # and the deck is as it was

    def test_prices_are_those_of_the_instant_of_the_call(self):
        early = self.carried(1)
        late = self.carried(2, terms={"authorised_at": "2025-11-23T22:12:17+00:00"})
        self.deck.valid_to = "2025-11-23 22:12:17"
        self.deck_price(0.05, valid_from="2025-11-23 22:12:17")
        self.env.flush_all()
        self.posted()
        self.assertEqual((early.carrier_cost, late.carrier_cost), (0.02, 0.05))

    def test_what_carriers_pay_is_corrected_too(self):
        record, free = (
            self.brought(1),
            self.brought(2, carrier_revenue_micro=None, carrier_currency=None, carrier_billed_s=None),
        )
        self.deck_price(0.04, direction="inbound")
        self.env.flush_all()
        run = self.posted()
        self.assertEqual(run.cost_sum_ids.mapped(lambda one: (one.direction, one.calls)), [("inbound", 2)])
        self.assertEqual((record.carrier_revenue, free.carrier_revenue), (0.04, 0.04))
        self.assertEqual(free.carrier_currency_id, self.euro)
        self.assertEqual(self.ledger(), [2, 2, 0, 0.08])
        run.action_undo()
        self.work()
        self.assertEqual((record.carrier_revenue, free.carrier_revenue), (0.01, 0))
        self.assertEqual((free.carrier_currency_id.id, free.carrier_billed_s), (False, 0))
        self.assertEqual(self.ledger(), [2, 1, 0, 0.01])

    def test_legs_without_a_price_keep_their_cost_and_say_why(self):
        kept = self.carried(1)
        dollar = self.carried(2, carrier_currency="USD")
        self.set_price(0.03)
        self.deck.prefix = "8889"
        self.env.flush_all()
        run = self.compared()
        self.assertEqual((run.cost_changed_count, run.cost_fault_count), (0, 2))
        self.assertIn("Rerate Carrier has no price for the number at that time", run.fault_text)
        self.assertIn("Rerate Carrier has another currency now", run.fault_text)
        self.assertEqual((kept.carrier_cost, dollar.carrier_cost), (0.02, 0.02))

    def test_both_are_priced_at_once_and_posted_together(self):
        record = self.carried(1)
        self.rate.price = 0.06
        self.set_price(0.03)
        run = self.previewed(subject="both")
        self.assertEqual((run.changed_count, run.cost_changed_count), (1, 1))
        run.action_apply()

        def fails(*args):
            raise ZeroDivisionError

        with patch.object(type(run), "_reference", fails), self.assertLogs("odoo.addons.telecom_base", "ERROR"):
            self.work()
        self.assertEqual((run.state, record.carrier_cost, round(record.revenue, 6)), ("previewed", 0.02, 0.04))
        run.action_apply()
        self.work()
        self.assertEqual((record.carrier_cost, round(record.revenue, 6), round(record.margin, 6)), (0.03, 0.06, 0.03))
        self.assert_books()

    def test_a_run_that_another_one_has_overtaken_changes_nothing(self):
        record = self.carried(1)
        self.set_price(0.03)
        first, second = self.compared(), self.compared()
        for run in (first, second):
            run.action_apply()
        self.work()
        self.assertEqual((first.state, second.state), ("applied", "previewed"))
        self.assertIn("compare again", second.message)
        self.set_price(0.04)
        self.posted()
        first.action_undo()
        self.work()
        self.assertEqual((first.state, record.carrier_cost), ("applied", 0.04))
        self.assertIn("undo that one first", first.message)
        self.assertEqual(self.ledger(), [1, 1, 0.04, 0])

    def test_the_carriers_own_seconds_and_rounding_count(self):
        self.carrier.write({"duration_rule": "down", "rounding_method": "half_up", "rounding_decimals": 2})
        self.deck.write({"first_increment_s": 30, "next_increment_s": 6})
        record = self.carried(1, duration_us=60_999_999)
        self.set_price(0.046)
        self.posted()
        self.assertEqual((record.carrier_billed_s, record.carrier_cost), (60, 0.05))

    def test_a_draft_forgets_what_was_found(self):
        self.carried(1)
        self.set_price(0.03)
        run = self.compared()
        run.subject = "charges"
        self.assertEqual((run.state, len(run.cost_sum_ids)), ("draft", 0))
