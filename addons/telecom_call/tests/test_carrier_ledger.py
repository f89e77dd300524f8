from odoo.exceptions import AccessError
from odoo.tests import tagged
from psycopg2.errors import InsufficientPrivilege

from .common import CARRIER_MICRO, CallCase

REVENUE_MICRO = 9_000


@tagged("post_install", "-at_install")
class TestCarrierLedger(CallCase):
    """What carriers are owed and owe: exactly what the call records say, whatever is delivered twice or folded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        owner = cls.env["telecom.tenant"].search([("parent_id", "=", False)]).company_id
        cls.carrier = cls.env["telecom.carrier"].create(
            {"name": "Ledger Carrier", "company_id": owner.id, "currency_id": cls.env.ref("base.EUR").id}
        )

    def inbound(self, number, **values):
        amounts = {"carrier_cost_micro": None, "carrier_revenue_micro": REVENUE_MICRO}
        return self.leg(number, direction="inbound", carrier_id=self.carrier.id, charges=[], **amounts, **values)

    def outbound(self, number, **values):
        return self.leg(number, carrier_id=self.carrier.id, **values)

    def ledger(self):
        """Return (direction, legs, answered, we owe, carrier owes) summed from the pages' model."""
        groups = self.env["telecom.carrier.ledger"].formatted_read_group(
            [("carrier_id", "=", self.carrier.id)],
            ["direction"],
            ["legs:sum", "answered:sum", "cost:sum", "revenue:sum"],
            order="direction",
        )
        return [
            (g["direction"], g["legs:sum"], g["answered:sum"], float(g["cost:sum"]), float(g["revenue:sum"]))
            for g in groups
        ]

    def lines(self):
        return self.env["telecom.carrier.ledger"].search_count([("carrier_id", "=", self.carrier.id)])

    def test_each_settlement_adds_its_legs_once(self):
        batch = [self.outbound(1), self.outbound(2), self.inbound(3)]
        self.settle(*batch)
        self.settle(*batch)
        self.settle(self.outbound(2), self.outbound(4, disposition="failed", answered_at=None, carrier_cost_micro=None))
        self.assertEqual(
            self.ledger(),
            [("inbound", 1, 1, 0.0, 0.009), ("outbound", 3, 2, 2 * CARRIER_MICRO / 1e6, 0.0)],
        )

    def test_legs_without_an_amount_stand_in_the_carriers_currency(self):
        nothing = {"answered_at": None, "carrier_cost_micro": 0, "carrier_currency": None}
        self.settle(self.outbound(1, disposition="failed", **nothing))
        line = self.env["telecom.carrier.ledger"].search([("carrier_id", "=", self.carrier.id)])
        self.assertEqual((line.legs, line.cost, line.currency_id), (1, 0.0, self.carrier.currency_id))

    def test_folding_changes_no_sum(self):
        for number in range(1, 6):
            self.settle(self.outbound(number))
            self.settle(self.inbound(number, started_at="2025-11-24T00:00:16+00:00"))
        before = self.ledger()
        self.assertEqual(self.lines(), 10)
        self.env["telecom.carrier.ledger"]._fold()
        self.env.invalidate_all()
        self.assertEqual((self.lines(), self.ledger()), (2, before))
        self.settle(self.outbound(9))
        self.assertEqual(self.ledger()[1][1], 6)

    def test_the_ledger_equals_the_records(self):
        self.settle(self.outbound(1), self.inbound(2), self.outbound(3, carrier_cost_micro=1))
        self.env.cr.execute(
            """
            select (select sum(cost_micro) - sum(revenue_micro) from telecom_carrier_ledger where carrier_id = %(id)s),
                (select sum(carrier_cost_micro) - sum(carrier_revenue_micro) from telecom_call_record
                  where carrier_id = %(id)s)
            """,
            {"id": self.carrier.id},
        )
        ledger, records = self.env.cr.fetchone()
        self.assertEqual((ledger, records), (CARRIER_MICRO + 1 - REVENUE_MICRO, ledger))

    def test_margin_counts_what_the_carrier_pays(self):
        self.settle(self.inbound(1), self.inbound(2, carrier_currency="USD"))
        records = self.env["telecom.call.record"].search([("carrier_id", "=", self.carrier.id)], order="leg_uniqueid")
        self.assertEqual(records.mapped("margin"), [0.009, 0.009])  # nothing was sold: no other currency to meet
        self.assertEqual(records.mapped("margin_currency_id.name"), ["EUR", "USD"])
        self.assertEqual(records.mapped("carrier_revenue"), [0.009, 0.009])
        charges = [self.charge(0, self.school, 1_000)]
        self.settle(
            self.inbound(3) | {"charges": charges}, self.inbound(4, carrier_currency="USD") | {"charges": charges}
        )
        self.env.cr.execute(
            "select margin from telecom_call_record_view where leg_uniqueid in ('a-1763935936.3', 'a-1763935936.4')"
            " order by leg_uniqueid"
        )
        euro, dollar = self.env.cr.fetchall()
        self.assertEqual((float(euro[0]), dollar[0]), (0.010, None))

    def test_who_sees_it(self):
        self.settle(self.outbound(1))
        ledger = self.env["telecom.carrier.ledger"]
        self.assertTrue(ledger.with_user(self.staff("auditor")).search([("carrier_id", "=", self.carrier.id)]))
        with self.assertRaises(AccessError):
            ledger.with_user(self.staff("support")).search([])
        admin = self.staff("admin")
        for operation in ("write", "create", "unlink"):
            self.assertFalse(ledger.with_user(admin).has_access(operation))

    def test_the_bridge_cannot_write_it_but_by_settling(self):
        with self.assertRaises(InsufficientPrivilege), self.env.cr.savepoint():
            self.env.cr.execute("set local role bss_bridge")
            self.env.cr.execute("insert into telecom_carrier_ledger (day) values (now())")

    # -- the page of a call ------------------------------------------------------------------------------------

    def test_a_call_shows_every_attempt_with_cause_and_frozen_price(self):
        tariff = {
            "bands": [
                {"connect_fee_micro": 50_000, "steps": [{"price_micro": 10_000, "price_unit_s": 60, "increment_s": 6}]}
            ]
        }
        terms = {"carrier_tariff": tariff, "dial": "PJSIP/44@trunk-1", "authorised_at": "2025-11-23T22:12:15+00:00"}
        failed = {"disposition": "failed", "hangup_cause": 102, "answered_at": None, "charges": []}
        self.settle(
            self.outbound(1, attempt=1, terms=terms, carrier_cost_micro=None, **failed),
            self.outbound(2, attempt=2),
            self.leg(3, linkedid="another"),
        )
        legs = self.env["telecom.call.record"].search([("leg_uniqueid", "=", "a-1763935936.2")]).leg_ids
        self.assertEqual(legs.mapped("attempt"), [1, 2])
        first, second = legs
        self.assertEqual(first.cause_text, "the other side gave no sign of life (102)")
        self.assertEqual(first.carrier_price, "0.010000 EUR per 60 s, increments 6 s, connect fee 0.050000")
        self.assertEqual((first.dial, str(first.authorised_at)), ("PJSIP/44@trunk-1", "2025-11-23 22:12:15"))
        self.assertEqual((second.cause_text, second.carrier_price), ("normal clearing (16)", False))
