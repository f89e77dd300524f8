"""What Odoo's preview and price list say is what the bridge charges: two walks over the plans, one answer."""

from datetime import UTC, datetime

from odoo.tests import TransactionCase, tagged

from telecom_switch_bridge.core.rating import band_from_json, price_call
from telecom_switch_bridge.ports import Refused
from telecom_switch_bridge.services.price_chain import chain_of, price_chain
from telecom_switch_bridge.store.catalogue import LoadedCatalogue
from telecom_switch_bridge.store.queries import query
from telecom_switch_bridge.store.rows import account_of
from telecom_switch_bridge.values import Destination, Plan, Rate

from .demo import load_demo

ANSWERED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NUMBERS = ("442079460000", "447700900123", "449012345678", "4930123456", "4915112345678", "12025550100", "33144556677")
SECONDS = (0, 1, 6, 30, 31, 60, 61, 121, 3600)
WHOLESALE_TERMS = (
    {"included_s": 10, "connect_fee": 0.05, "first_increment_s": 30, "next_increment_s": 6},
    {"second_price_from_s": 60, "second_price": 0.001, "next_increment_s": 7},
    {"second_price_from_s": 45, "second_price": 0.9, "first_increment_s": 60, "included_s": 20},
    {"min_duration_s": 30, "min_cost": 0.05, "grace_s": 5, "grace_mode": "free_if_not_longer"},
    {"grace_s": 5, "grace_mode": "subtract", "price": 0.000001},
    {"valid_from": "2026-03-02 12:00:00", "price": 7.0},
    {"valid_to": "2026-03-02 12:00:00"},
    {"max_cost": 0.01, "max_cost_strategy": "free_after"},
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAYS = {day: day == "mon" for day in DAYS}
STANDARD_TERMS = (
    {"method": "percent", "percent": 33.333333},
    {"method": "absolute", "absolute": 0.007, "included_s": 3, "grace_s": 2, "grace_mode": "subtract"},
    {"method": "fixed", "price": 0.4, "connect_fee": 0.1, "first_increment_s": 6},
    {"method": "percent", "percent": 0.0, "min_duration_s": 45, "min_cost": 1.5},
)


@tagged("post_install", "-at_install")
class TestPreviewEqualsLivePrice(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_demo(cls.env)
        cls.acme = cls.env.ref("__demo_telecom__.acme")
        cls.standard = cls.acme.rate_plan_id
        cls.wholesale = cls.env.ref("__demo_telecom__.northwind").rate_plan_id

    def catalogue(self):
        """What the bridge would read now."""
        self.env.flush_all()
        return LoadedCatalogue(
            account_rows=tuple(account_of(row) for row in self.rows("accounts")),
            destination_rows=tuple(Destination(**row) for row in self.rows("destinations")),
            prefix_rows=tuple((row["prefix"], row["destination_id"]) for row in self.rows("prefixes")),
            plan_rows=tuple(Plan(**row) for row in self.rows("plans")),
            rate_rows=tuple(
                Rate(**{**row, "bands": tuple(map(band_from_json, row["bands"] or ()))}) for row in self.rows("rates")
            ),
        )

    def rows(self, name):
        self.env.cr.execute(query(name))
        return self.env.cr.dictfetchall()

    def live_cost(self, catalogue, number, seconds):
        """Net cost for Acme in 1/1,000,000; None where the call would be refused."""
        chain = chain_of(catalogue, catalogue.account(self.acme.id))
        prices = price_chain(catalogue, chain, number, ANSWERED_AT)
        return None if isinstance(prices, Refused) else price_call(prices[0].tariff, ANSWERED_AT, seconds).cost_micro

    def previewed_cost(self, number, seconds):
        shown = self.env["telecom.rate.preview"].new(
            {
                "plan_id": self.standard.id,
                "number": f"+{number}",
                "seconds": seconds,
                "answered_at": ANSWERED_AT.replace(tzinfo=None),
            }
        )
        return round(shown.cost * 1_000_000) if shown.is_priced else None

    def check(self):
        """Compare all numbers and durations; return how many had a price."""
        catalogue = self.catalogue()
        priced = 0
        for number in NUMBERS:
            for seconds in SECONDS:
                live = self.live_cost(catalogue, number, seconds)
                self.assertEqual(self.previewed_cost(number, seconds), live, f"{number}, {seconds} s")
                priced += live is not None
        return priced

    def test_the_demo(self):
        self.assertEqual(self.check(), 5 * len(SECONDS))

    def test_terms_of_the_provider(self):
        rate = self.wholesale.rate_ids[0]
        for terms in WHOLESALE_TERMS:
            with self.subTest(terms=terms), self.env.cr.savepoint() as savepoint:
                rate.write(terms)
                self.assertGreaterEqual(self.check(), 4 * len(SECONDS))
                savepoint.rollback()

    def test_prices_by_time(self):
        """Calls at Monday noon, for some seconds before an edge; dates, weekdays, the order of the list."""
        calendar = self.env["telecom.holiday.calendar"].create(
            {"name": "Days", "company_id": self.wholesale.company_id.id,
             "holiday_ids": [(0, 0, {"date": "2026-03-02", "name": "Today"}),
                             (0, 0, {"date": "2020-03-02", "name": "Each", "every_year": True})]}
        )  # fmt: skip
        edge = {"from_hour": 12 + 1 / 60, "to_hour": 12 + 20 / 60}
        for times in (
            [{**MONDAYS, **edge}],
            [{**MONDAYS, **edge}, {**MONDAYS, "to_hour": 23.0}],
            [{"kind": "holidays", "calendar_id": calendar.id, **edge}],
            [{day: day != "mon" for day in DAYS}],
        ):
            with self.subTest(times=times), self.env.cr.savepoint() as savepoint:
                hours = self.env["telecom.band.set"].create(
                    {"name": "Hours", "company_id": self.wholesale.company_id.id,
                     "band_ids": [(0, 0, {"name": f"Band {n}", "sequence": n, "time_ids": [(0, 0, time)]})
                                  for n, time in enumerate(times)]}
                )  # fmt: skip
                rate = self.wholesale.rate_ids[0]
                rate.write({"band_set_id": hours.id, "included_s": 7, "second_price_from_s": 50, "second_price": 0.3})
                self.env["telecom.rate.band"].create(
                    {"rate_id": rate.id, "band_id": hours.band_ids[0].id, "price": 0.7, "connect_fee": 0.2,
                     "first_increment_s": 11, "next_increment_s": 3, "second_price": 0.1}
                )  # fmt: skip
                self.assertEqual(self.check(), 5 * len(SECONDS))
                self.assertEqual(self.rows_of_rate(rate), list(rate._terms().bands))
                savepoint.rollback()

    def rows_of_rate(self, rate):
        """The bands of a rate as the bridge reads them."""
        (row,) = (row for row in self.rows("rates") if row["rate_id"] == rate.id)
        return list(map(band_from_json, row["bands"]))

    def test_mark_ups_of_destinations_and_groups(self):
        first = self.wholesale.rate_ids[0]
        first.write({"included_s": 7, "second_price_from_s": 60, "second_price": 0.013})
        destination = first.destination_id
        for place in ({"destination_id": destination.id}, {"group_id": destination.group_id.id}):
            for terms in STANDARD_TERMS:
                with self.subTest(place=place, terms=terms), self.env.cr.savepoint() as savepoint:
                    self.env["telecom.rate"].create({"plan_id": self.standard.id, **place, **terms})
                    self.assertEqual(self.check(), 5 * len(SECONDS))
                    savepoint.rollback()

    def test_a_rate_of_the_destination_wins_over_its_group(self):
        rate = self.env.ref("__demo_telecom__.rate_standard_uk_mobile")
        group = rate.destination_id.group_id
        self.env["telecom.rate"].create({"plan_id": self.standard.id, "group_id": group.id, "price": 3.0})
        self.assertEqual(self.previewed_cost("447700900123", 60), 44_000)
        self.assertEqual(self.previewed_cost("442079460000", 60), 3_000_000)
        self.check()

    def test_where_the_provider_sells_by_the_shorter_prefix(self):
        """Germany mobile costs the reseller what Germany fixed costs: the rate of that one is marked up."""
        mobile = self.env.ref("__demo_telecom__.de_mobile")
        self.wholesale.rate_ids.filtered(lambda rate: rate.destination_id == mobile).unlink()
        self.env["telecom.rate"].create(
            {
                "plan_id": self.standard.id,
                "destination_id": self.env.ref("__demo_telecom__.de_fixed").id,
                "method": "percent",
                "percent": 50.0,
            }
        )
        self.assertEqual(self.previewed_cost("4915112345678", 60), 36_000)
        self.check()

    def test_what_is_not_sold(self):
        for default in ({"default_method": "none"}, {"default_method": "absolute", "default_absolute": 0.01}):
            with self.subTest(default=default), self.env.cr.savepoint() as savepoint:
                self.standard.write(default)
                self.check()
                savepoint.rollback()
        self.wholesale.rate_ids[-1].unlink()
        self.assertEqual(self.check(), 4 * len(SECONDS))
