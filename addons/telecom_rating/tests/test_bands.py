from datetime import UTC, datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import RatingCase

MONDAY = "2026-03-02"
SUNDAY = "2026-03-01"


class BandCase(RatingCase):
    """Hours: holidays before the weekend, the weekend before off-peak. Fixed calls cost 0.02, 0.01, 0.005, 0.001."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["telecom.holiday.calendar"].create(
            {
                "name": "Days off",
                "company_id": cls.owner.id,
                "holiday_ids": [
                    (0, 0, {"date": "2026-04-06", "name": "Easter Monday"}),
                    (0, 0, {"date": "2000-12-25", "name": "Christmas", "every_year": True}),
                ],
            }
        )
        cls.hours = cls.env["telecom.band.set"].create({"name": "Hours", "company_id": cls.owner.id})
        cls.holiday = cls.add_band("Holiday", 1, {"kind": "holidays", "calendar_id": cls.calendar.id})
        cls.weekend = cls.add_band("Weekend", 2, cls.days("sat", "sun"))
        cls.offpeak = cls.add_band(
            "Off-peak", 3, {**cls.days("mon", "tue", "wed", "thu", "fri"), "from_hour": 18.5},
            {**cls.days("mon", "tue", "wed", "thu", "fri"), "to_hour": 8.0},
        )  # fmt: skip
        cls.wholesale.band_set_id = cls.hours
        cls.rate = cls.wholesale.rate_ids.filtered(lambda rate: rate.destination_id == cls.fixed)
        cls.rate.band_price_ids = [
            (0, 0, {"band_id": cls.offpeak.id, "price": 0.01}),
            (0, 0, {"band_id": cls.weekend.id, "price": 0.005, "connect_fee": 0.5}),
            (0, 0, {"band_id": cls.holiday.id, "price": 0.001}),
        ]

    @classmethod
    def days(cls, *names):
        return {day: day in names for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}

    @classmethod
    def add_band(cls, name, sequence, *times, band_set=None):
        return cls.env["telecom.band"].create(
            {
                "name": name,
                "set_id": (band_set or cls.hours).id,
                "sequence": sequence,
                "time_ids": [(0, 0, time) for time in times],
            }
        )

    def cost(self, at, seconds=60, plan=None, number="+99923456"):
        return self.preview(plan or self.wholesale, number, seconds, at).cost


@tagged("post_install", "-at_install")
class TestBands(BandCase):
    def test_the_first_band_of_the_list_decides(self):
        self.assertEqual(self.rate.band_set_id, self.hours)  # that of the plan
        for at, cost in (
            (f"{MONDAY} 10:00:00", 0.03),
            (f"{MONDAY} 18:29:59", 0.0202),  # a second by day, 59 in the evening
            (f"{MONDAY} 18:30:00", 0.01),
            (f"{MONDAY} 07:00:00", 0.01),
            (f"{SUNDAY} 07:00:00", 0.505),
            ("2026-04-06 12:00:00", 0.001),  # a Monday, by the clock of London already in summer
            ("2026-04-05 23:00:00", 0.001),
            ("2026-04-05 22:00:00", 0.505),
            ("2027-04-06 12:00:00", 0.03),
            ("2027-12-25 12:00:00", 0.001),  # a Saturday
        ):
            with self.subTest(at=at):
                self.assertAlmostEqual(self.cost(at), cost, 6)

    def test_a_call_over_the_edge_is_charged_in_parts(self):
        """At 18:29:30 for 60 s: the fee, 30 s at 0.02 and 30 s at 0.01."""
        shown = self.preview(self.wholesale, "+99923456", 60, f"{MONDAY} 18:29:30")
        self.assertAlmostEqual(shown.cost, 0.01 + 0.01 + 0.005, 6)
        self.assertIn("Off-peak", shown.explanation)

    def test_the_order_of_the_list_counts(self):
        self.weekend.sequence, self.holiday.sequence = 1, 9
        self.assertAlmostEqual(self.cost("2027-12-25 12:00:00"), 0.505, 6)

    def test_a_band_without_a_price_costs_as_at_other_times(self):
        self.rate.band_price_ids.filtered(lambda one: one.band_id == self.holiday).unlink()
        self.assertAlmostEqual(self.cost("2027-12-25 12:00:00"), 0.03, 6)

    def test_a_mark_up_follows_the_hours_of_the_provider_without_their_names(self):
        shown = self.preview(self.standard, "+99923456", 60, f"{MONDAY} 19:00:00")
        self.assertAlmostEqual(shown.cost, 0.0125, 6)
        self.assertNotIn(
            "Off-peak", self.env["telecom.rate.preview"].browse(shown.id).explanation.split("Wholesale")[0]
        )
        lines = self.env["telecom.price.list.line"].create(
            self.env["telecom.price.list.line"]._prepare_lines(self.standard)
        )
        by_time = lines.filtered(lambda line: line.destination_id == self.fixed).by_time
        self.assertIn("Mon Tue Wed Thu Fri 18:30-24:00 0.0125", by_time)
        self.assertNotIn("Off-peak", by_time)

    def test_inbound_calls_have_hours_too(self):
        plan = self.add_plan(self.owner, "In", direction="inbound", band_set_id=self.hours.id)
        rate = self.add_rate(plan, self.fixed, price=0.03)
        rate.band_price_ids = [(0, 0, {"band_id": self.weekend.id, "price": 0.06})]
        self.assertAlmostEqual(self.cost(f"{SUNDAY} 12:00:00", plan=plan), 0.06, 6)

    def test_prices_by_time_are_copied_with_the_plan(self):
        copy = self.wholesale.copy()
        self.assertAlmostEqual(self.cost(f"{SUNDAY} 12:00:00", plan=copy), 0.505, 6)

    def test_a_rate_keeps_its_hours_when_the_plan_gets_others(self):
        other = self.env["telecom.band.set"].create({"name": "Other", "company_id": self.owner.id})
        self.wholesale.band_set_id = other
        self.assertEqual(self.rate.band_set_id, self.hours)
        mobile = self.wholesale.rate_ids - self.rate
        self.assertEqual(mobile.band_set_id, other)

    def test_the_week_is_drawn(self):
        self.assertIn("Weekend", self.wholesale.week)
        self.assertIn("0.005", self.wholesale.week)
        self.assertIn("Off-peak 18:30-24:00", self.wholesale.week)
        self.assertIn("0.5 and 0.005 per minute", self.rate.week)
        self.assertIn("Holiday", self.hours.week)
        self.assertFalse((self.wholesale.rate_ids - self.rate).week)
        self.assertFalse(self.standard.week)

    def test_by_the_page(self):
        with Form(self.hours) as form, form.band_ids.new() as band:
            band.name = "Lunch"
            with band.time_ids.new() as time:
                time.from_hour, time.to_hour = 12.0, 13.0
        lunch = self.hours.band_ids.filtered(lambda band: band.name == "Lunch")
        self.assertEqual(lunch.times, "Mon-Fri 12:00-13:00")
        with Form(self.rate) as form, form.band_price_ids.new() as price:
            self.assertEqual((price.price, price.connect_fee), (0.02, 0.01))
            price.band_id, price.price = lunch, 0.04
        self.assertAlmostEqual(self.cost(f"{MONDAY} 12:30:00"), 0.05, 6)


@tagged("post_install", "-at_install")
class TestBadBands(BandCase):
    def refused(self, constraint, values):
        with (
            self.subTest(values=values),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, constraint),
            self.env.cr.savepoint(),
        ):
            self.env["telecom.band.time"].create({"band_id": self.weekend.id, **values})

    def test_times_that_cannot_be(self):
        self.refused("hours_order", {"from_hour": 20.0, "to_hour": 8.0})
        self.refused("hours_order", {"from_hour": 8.0, "to_hour": 8.0})
        self.refused("hours_order", {"to_hour": 24.1})
        self.refused("some_day", self.days())
        self.refused("some_calendar", {"kind": "holidays"})
        with self.assertRaisesRegex(ValidationError, "whole minute"):
            self.env["telecom.band.time"].create({"band_id": self.weekend.id, "from_hour": 8.505})

    def test_more_times_than_can_be_priced(self):
        with self.assertRaisesRegex(ValidationError, "at most 63"):
            self.add_band("Many", 9, *[{"from_hour": 1.0}] * 61)

    def test_hours_of_another_provider_are_refused(self):
        foreign = self.env["telecom.band.set"].create({"name": "North's", "company_id": self.north.id})
        band = self.add_band("Night", 1, {"to_hour": 6.0}, band_set=foreign)
        with self.assertRaisesRegex(ValidationError, "same provider"):
            self.wholesale.band_set_id = foreign
        with self.assertRaisesRegex(ValidationError, "plan's provider"):
            (self.wholesale.rate_ids - self.rate).band_set_id = foreign
        with self.assertRaisesRegex(ValidationError, "its price in Night is not in its hours"):
            self.rate.band_price_ids = [(0, 0, {"band_id": band.id, "price": 1.0})]
        with self.assertRaisesRegex(ValidationError, "same provider"):
            band.time_ids = [(0, 0, {"kind": "holidays", "calendar_id": self.calendar.id})]
        for record in (foreign, self.calendar):
            with self.assertRaisesRegex(ValidationError, "stays with its provider"):
                record.company_id = self.env["res.company"].search([("id", "!=", record.company_id.id)], limit=1)

    def test_a_mark_up_has_no_prices_by_time(self):
        band_set = self.env["telecom.band.set"].create({"name": "North's", "company_id": self.north.id})
        band = self.add_band("Night", 1, {"to_hour": 6.0}, band_set=band_set)
        self.markup.band_set_id = band_set
        with self.assertRaisesRegex(ValidationError, "is a mark-up"):
            self.markup.band_price_ids = [(0, 0, {"band_id": band.id, "price": 1.0})]

    def test_other_hours_are_refused_while_there_are_prices_in_these(self):
        other = self.env["telecom.band.set"].create({"name": "Other", "company_id": self.owner.id})
        with self.assertRaisesRegex(ValidationError, "is not in its hours .Other"):
            self.rate.band_set_id = other

    def test_one_price_a_band(self):
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(IntegrityError, "band_unique"):
            self.rate.band_price_ids = [(0, 0, {"band_id": self.offpeak.id, "price": 1.0})]

    def test_the_maximum_cost(self):
        self.rate.write({"max_cost_strategy": "free_after", "max_cost": 0.02})
        self.assertAlmostEqual(self.cost(f"{MONDAY} 10:00:00", 3600), 0.02, 6)
        with self.assertRaisesRegex(ValidationError, "less than its minimum"):
            self.rate.min_cost = 0.03
        with self.assertRaisesRegex(ValidationError, "Choose what happens"):
            self.rate.max_cost_strategy = False


@tagged("post_install", "-at_install")
class TestHolidayImport(BandCase):
    def wizard(self, **values):
        return self.env["telecom.holiday.import"].create(
            {
                "calendar_id": self.calendar.id,
                "country_id": self.env.ref("base.uk").id,
                "first_year": datetime.now(UTC).year,
                "last_year": datetime.now(UTC).year,
                **values,
            }
        )

    def test_holidays_of_a_region_are_added_once(self):
        year = datetime.now(UTC).year
        wizard = self.wizard(region="sct")
        self.assertIn(f"{year}-11-30", wizard.preview)  # Saint Andrew, Scotland only
        wizard.action_import()
        self.assertIn(f"{year}-11-30", self.calendar.holiday_ids.mapped(lambda day: str(day.date)))
        self.assertEqual(self.calendar.country_id, self.env.ref("base.uk"))
        count = self.calendar.holiday_count
        self.assertFalse(self.wizard(region="SCT").preview)
        self.wizard(region="SCT").action_import()
        self.calendar.invalidate_recordset()
        self.assertEqual(self.calendar.holiday_count, count)
        self.assertGreaterEqual(str(self.calendar.last_date), f"{year}-12-01")

    def test_what_is_not_known_is_named(self):
        for values, words in (
            ({"region": "XX"}, "use one of .*SCT"),
            ({"first_year": 1990}, "Give years from"),
            ({"first_year": datetime.now(UTC).year + 1}, "Give years from"),
            ({"country_id": self.env["res.country"].create({"name": "Utopia", "code": "Q9"}).id}, "by hand"),
        ):
            with self.subTest(values=values):
                wizard = self.wizard(**values)
                self.assertRegex(wizard.preview, words)
                before = len(self.calendar.holiday_ids)
                with self.assertRaisesRegex(UserError, words):
                    wizard.action_import()
                self.assertEqual(len(self.calendar.holiday_ids), before)
