"""The page Price and Route says what the bridge would decide, to each viewer what they may see."""

from datetime import UTC, datetime, timedelta

import numpy as np
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from telecom_switch_bridge.core.rating import price_call
from telecom_switch_bridge.ports import CallRequest, Refused
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.store.catalogue import LoadedCatalogue
from telecom_switch_bridge.store.deck_index import EMPTY
from telecom_switch_bridge.store.packed_deck import ROWS, PackedDeck
from telecom_switch_bridge.store.queries import query
from telecom_switch_bridge.store.rows import (
    account_of,
    plain,
    rate_of,
    route_line_of,
    route_of,
    service_classes_of,
)
from telecom_switch_bridge.values import AccountPlan, Carrier, Destination, Number, Phone, Plan, Trunk

from .demo import load_demo

SOLD = ("02079460000", "07700900123", "004930123456", "0015551234567", "004915112345678")
REFUSED = ("0081312345678", "12", "00442")


@tagged("post_install", "-at_install")
class TestPriceAndRoute(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_demo(cls.env)
        cls.acme, cls.northwind = cls.env.ref("__demo_telecom__.acme"), cls.env.ref("__demo_telecom__.northwind")
        cls.phone = cls.env["telecom.phone"].search([("account_id", "=", cls.acme.id)], order="extension", limit=1)
        cls.owner, cls.reseller = cls.northwind.company_id, cls.acme.company_id
        companies = {"company_id": cls.owner.id, "company_ids": [(6, 0, (cls.owner + cls.reseller).ids)]}
        cls.users = {
            role: new_test_user(cls.env, f"par_{role}", f"telecom_base.group_{role}", **companies)
            for role in ("support", "pricing")
        }

    def page(self, number, role=None, companies=None, **values):
        env = self.env
        if role:
            companies = companies or self.owner + self.reseller
            env = self.env(user=self.users[role], context={"allowed_company_ids": companies.ids})
        values = {"account_id": self.acme.id, "phone_id": self.phone.id, "number": number, **values}
        return env["telecom.price.and.route"].create(values)

    def answer(self, number, role=None, companies=None, **values):
        return self.page(number, role, companies, **values).answer()

    # -- the same as live calls

    def live_catalogue(self):
        """The whole catalogue as a bridge holds it."""
        self.env.flush_all()

        def rows(name, *values):
            self.env.cr.execute(query(name).replace("$1", "%s").replace("$2", "%s"), values or None)
            return self.env.cr.dictfetchall()

        def deck(carrier_id):
            found = rows("deck", carrier_id, "outbound")
            return PackedDeck(np.array([tuple(row.values()) for row in found], dtype=ROWS))

        lines = [(row["route_id"], route_line_of(row)) for row in rows("route_lines")]
        carriers = tuple(plain(Carrier, row) for row in rows("carriers"))
        decks = {one.carrier_id: deck(one.carrier_id) for one in carriers}
        return LoadedCatalogue(
            account_rows=tuple(map(account_of, rows("accounts"))),
            account_plan_rows=tuple(plain(AccountPlan, row) for row in rows("account_plans")),
            phone_rows=tuple(plain(Phone, row) for row in rows("phones")),
            number_rows=tuple(plain(Number, row) for row in rows("numbers")),
            destination_rows=tuple(plain(Destination, row) for row in rows("destinations")),
            prefix_rows=tuple((row["prefix"], row["destination_id"]) for row in rows("prefixes")),
            plan_rows=tuple(plain(Plan, row) for row in rows("plans")),
            rate_rows=tuple(map(rate_of, rows("rates"))),
            carrier_rows=carriers,
            trunk_rows=tuple(plain(Trunk, row) for row in rows("trunks")),
            route_rows=tuple(
                route_of(row, tuple(line for route_id, line in lines if route_id == row["route_id"]))
                for row in rows("routes")
            ),
            class_rows=service_classes_of(rows("service_classes"), rows("service_rules")),
            decks=decks,
            deck_index=EMPTY.with_decks(decks),
        )

    def check(self, numbers, at):
        """Compare the page with the decision of the whole catalogue; return how many calls would start."""
        catalogue, started = self.live_catalogue(), 0
        for number in numbers:
            told = self.answer(number, called_at=at.replace(tzinfo=None), seconds=75)
            request = CallRequest(self.phone.sip_username, number, 1, "", "explain-0.0", "")
            terms = prepare_call(request, catalogue=catalogue, now=at)
            with self.subTest(number=number, at=at):
                if isinstance(terms, Refused):
                    self.assertEqual((told["refused"], told["detail"]), (terms.reason.value, terms.detail))
                    continue
                started += 1
                nets = [price_call(level.tariff, at, 75).cost_micro for level in terms.levels]
                self.assertEqual([round(float(level["net"]) * 1e6) for level in told["levels"]], nets)
                self.assertEqual(told["routes"], [route.dial for route in terms.routes])
                self.assertEqual([one["dial"] for one in told["route"]["tried"]], told["routes"])
        return started

    def test_the_page_decides_as_a_bridge_with_the_whole_catalogue(self):
        now = datetime.now(UTC).replace(microsecond=0)
        self.assertEqual(self.check((*SOLD, *REFUSED), now), len(SOLD))

    def test_also_before_and_after_edges_of_plans_prices_and_decks(self):
        edge = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
        naive = edge.replace(tzinfo=None)
        direct = self.env.ref("__demo_telecom__.plan_direct")
        self.env["telecom.plan.assignment"].create(
            {"account_id": self.northwind.id, "plan_id": direct.id, "valid_from": naive}
        )
        self.env["telecom.rate"].create(
            {"plan_id": self.acme.rate_plan_id.id, "destination_id": self.env.ref("__demo_telecom__.us").id,
             "method": "percent", "percent": 80.0, "valid_from": naive}
        )  # fmt: skip
        self.env["telecom.deck.rate"].create(
            {"carrier_id": self.env.ref("__demo_telecom__.atlantic").id, "prefix": "442", "price": 0.02,
             "first_increment_s": 1, "next_increment_s": 1, "valid_from": naive}
        )  # fmt: skip
        for at in (edge - timedelta(seconds=1), edge):
            self.assertEqual(self.check(SOLD, at), len(SOLD))
        before, after = (
            self.answer("02079460000", called_at=at, seconds=75) for at in (naive - timedelta(seconds=1), naive)
        )
        self.assertEqual([level["gross"] for level in before["levels"]], ["0.043800", "0.035000"])
        self.assertEqual([level["gross"] for level in after["levels"]], ["0.062500", "0.050000"])
        self.assertIn("valid from", after["route"]["tried"][-1]["deck"])

    def test_past_calls_are_explained_by_what_was_in_force(self):
        rate = self.env.ref("__demo_telecom__.rate_wholesale_uk_fixed")
        rate.valid_to = "2026-03-01 00:00:00"
        self.env["telecom.rate"].create(
            {"plan_id": rate.plan_id.id, "destination_id": rate.destination_id.id, "price": 1.0,
             "valid_from": "2026-03-01 00:00:00"}
        )  # fmt: skip
        told = self.answer("02079460000", called_at="2026-02-28 23:59:59", seconds=75)
        self.assertEqual(told["levels"][1]["gross"], "0.035000")
        self.assertIn("until 2026-03-01 00:00:00 UTC", told["levels"][1]["source"])

    # -- who sees what

    def test_support_sees_no_carriers_or_costs_and_prices_only_when_given(self):
        told = self.answer("02079460000", "support")
        self.assertTrue({"route", "routes", "levels", "credit"}.isdisjoint(told))
        page = self.page("02079460000", "support")
        self.assertEqual(page.sentence, "The call starts (outbound).")
        self.assertNotIn("EUR", page.steps)
        self.users["support"].group_ids += self.env.ref("telecom_base.group_prices")
        told = self.answer("02079460000", "support")
        self.assertEqual(len(told["levels"]), 2)
        page = self.page("02079460000", "support")
        for secret in ("Atlantic", "Pacific", "trunk-", "PJSIP"):
            self.assertNotIn(secret, f"{page.steps} {page.sentence} {told}")
        self.assertIn("Atlantic", self.page("02079460000", "pricing").steps)

    def test_support_is_not_told_why_carriers_are_left_out(self):
        self.env["telecom.deck.rate"].search([]).write({"price": 9.0})
        told = self.answer("02079460000", "support")
        self.assertEqual(told["refused"], "unprofitable")
        self.assertNotIn("detail", told)
        told = self.answer("02079460000", "pricing")
        self.assertTrue(all(one["reason"].startswith("loss: ") for one in told["route"]["dropped"]))

    def test_levels_of_companies_that_are_not_ticked_stay_away(self):
        told = self.answer("02079460000", "pricing", self.reseller)
        self.assertEqual({level["account_id"] for level in told["levels"]}, {self.acme.id, self.northwind.id})
        lighthouse = self.env.ref("__demo_telecom__.lighthouse")
        phone = self.env["telecom.phone"].search([("account_id", "=", lighthouse.id)], limit=1)
        with self.assertRaises(AccessError):
            self.answer("02079460000", "support", self.reseller, account_id=lighthouse.id, phone_id=phone.id)

    def test_the_page_of_somebody_else_is_not_read(self):
        page = self.page("02079460000", "support")
        with self.assertRaises(AccessError):
            page.with_user(self.users["pricing"]).answer()

    # -- the page

    def test_the_page_says_it_while_one_types(self):
        form = Form(self.env["telecom.price.and.route"].with_context(default_phone_id=self.phone.id))
        form.account_id = self.acme
        form.phone_id = self.phone
        form.number = "+44 20 7946-0000"
        form.seconds = 75
        self.assertIn("The call starts, with 120 s at first. 75 s cost:", form.sentence)
        paid = f"{self.acme.name} 0.043800 EUR, {self.northwind.name} 0.035000 EUR"
        self.assertIn(f"75 s cost: {paid}", form.sentence)
        self.assertFalse(form.is_refused)
        for text in ("Northwind Standard", "default mark-up 25.000000 %", "Granted at first", "Pacific"):
            self.assertIn(text, form.steps)
        form.number = "+81 3 1234 5678"
        self.assertTrue(form.is_refused)
        self.assertIn("has no price for 81312345678", form.sentence)

    def test_fraud_rules_and_limits_of_spending_are_named(self):
        rule = self.env["telecom.fraud.rule"].create(
            {"name": "Dialler", "company_id": self.reseller.id, "most_calls": 2, "within_min": 30}
        )
        page = self.page("02079460000", "pricing")
        self.assertFalse(page.is_refused)
        self.assertIn("fraud rule Dialler: 0 of 2 calls to one number in the last 30 min", page.steps)
        rule.most_calls = 0
        page = self.page("02079460000", "pricing")
        self.assertTrue(page.is_refused)
        self.assertIn("fraud rule Dialler: 0 of 0 calls to one number", page.sentence)
        self.assertNotIn("Dialler", str(self.answer("004930123456", "support", self.owner, phone_id=False,
            account_id=self.env.ref("__demo_telecom__.lighthouse").id)))  # fmt: skip
        rule.active = False
        self.acme.max_spend_day = 0.0001
        page = self.page("02079460000", "pricing")
        self.assertIn("most per day", page.sentence)

    def test_what_locked_an_account_is_named(self):
        for rule, name, words in (
            ("night", None, "locked since it reached a limit: most per night"),
            ("repeated", "Dialler", "locked since it reached a limit: fraud rule Dialler (calls to one number)"),
        ):
            with self.subTest(rule=rule):
                self.env.cr.execute(
                    "select telecom_spend_lock(%s, %s, null, null, '{}', %s)", [self.acme.id, rule, name]
                )
                page = self.page("02079460000", "support")
                self.assertTrue(page.is_refused)
                self.assertIn(words, page.sentence)
                self.env.cr.execute("select telecom_spend_unlock(%s, null)", [self.acme.id])
        self.assertFalse(self.page("02079460000", "support").is_refused)

    def test_an_account_calls_by_its_first_telephone(self):
        told = self.answer("02079460000", phone_id=False)
        self.assertEqual(told["from"], self.phone.sip_username)

    def test_a_carrier_that_calls_a_number(self):
        target = self.env["telecom.dial.target"].search([("phone_id", "=", self.phone.id)])
        number = self.env["telecom.number"].create(
            {"e164": "442079460777", "company_id": self.reseller.id, "account_id": self.acme.id, "target_id": target.id}
        )
        told = self.answer(f"+{number.e164}", way="inbound")
        self.assertEqual(told["direction"], "inbound")
        self.assertEqual([one["account_id"] for one in told["free"]], [self.acme.id, self.northwind.id])
        page = self.page(f"+{number.e164}", way="inbound")
        self.assertIn("Northwind Voice pays nothing for calls to its number", page.steps)

    def test_what_cannot_be_asked_is_said(self):
        for number, words in (("0800 FLOWERS", "is no number"), ("+44 (0)20 7946 0000", "two ways")):
            page = self.page(number)
            self.assertTrue(page.is_refused)
            self.assertIn(words, page.sentence)
        with self.assertRaisesRegex(UserError, "0 to 14,400"):
            self.page("02079460000", seconds=14_401)
        poor = self.acme.copy({"partner_id": self.acme.partner_id.id})
        with self.assertRaisesRegex(UserError, "has no telephone"):
            self.answer("02079460000", account_id=poor.id, phone_id=False)

    def test_telephone_account_and_call_record_lead_to_it(self):
        for record in (self.phone, self.acme):
            context = record.action_price_and_route()["context"]
            self.assertEqual(context["default_account_id"], self.acme.id)
