from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW, PricesCase


@tagged("post_install", "-at_install")
class TestVerify(PricesCase):
    """What a file changes is said before anything is written."""

    def test_each_kind_of_change(self):
        for prefix in ("441", "442", "443", "444", "445"):
            self.price(prefix)
        before = self.whole_deck()
        one = self.verified(
            "441,UK,0.01,0,1,1,,",
            "442,UK,0.02,0,1,1,,",
            "443,UK,0.005,0,1,1,,",
            "444,UK,0.01,0,60,60,,",
            "446,UK,0.03,0,1,1,,",
        )
        self.assertEqual(one.state, "verified", one.message)
        self.assertEqual(
            self.changes(one),
            [("raised", "442", 3, 20_000), ("lowered", "443", 4, 5_000), ("changed", "444", 5, 10_000),
             ("closed", "445", None, None), ("new", "446", 6, 30_000)],
        )  # fmt: skip
        self.assertEqual(
            self.counts(one), {"new": 1, "raised": 1, "lowered": 1, "changed": 1, "closed": 1, "unchanged": 1}
        )
        self.assertEqual(self.whole_deck(), before)
        self.assertFalse(one.warning)

    def test_a_file_of_changes_closes_nothing(self):
        self.price("441")
        one = self.verified("442,UK,0.02,0,1,1,,", scope="partial")
        self.assertEqual(self.counts(one), {"new": 1})

    def test_many_prices_that_would_end_are_warned_of(self):
        for prefix in ("441", "442", "443", "444", "445"):
            self.price(prefix)
        one = self.verified("441,UK,0.01,0,1,1,,", "442,UK,0.01,0,1,1,,", "443,UK,0.01,0,1,1,,")
        self.assertIn("2 of about 5 prices would end", one.warning)

    def test_the_other_direction_is_another_deck(self):
        self.price("441", direction="inbound")
        one = self.verified("441,UK,0.01,0,1,1,,")
        self.assertEqual(self.counts(one), {"new": 1})
        one = self.verified("441,UK,0.01,0,1,1,,", direction="inbound")
        self.assertEqual(self.counts(one), {"unchanged": 1})

    def test_dates_of_lines(self):
        """A line of the past counts from the start, a later one from its own date, one that is over not at all."""
        self.price("441")
        self.price("442")
        one = self.verified(
            "441,UK,0.02,0,1,1,2020-01-01,", "442,UK,0.02,0,1,1,2026-07-01,", "443,UK,0.02,0,1,1,,2026-05-01",
            "444,UK,0.02,0,1,1,2026-07-01,2026-07-31", timezone="Europe/London",
        )  # fmt: skip
        self.assertEqual(self.counts(one), {"new": 1, "raised": 2})
        self.assertEqual(one.ended_count, 1)
        found = {change.key: (change.valid_from, change.valid_to) for change in self.env["telecom.price.change"].search(
            [("import_id", "=", one.id)])}  # fmt: skip
        self.assertEqual(found["441"], (NOW + timedelta(seconds=1), False))
        self.assertEqual(str(found["442"][0]), "2026-06-30 23:00:00", "midnight in London")
        self.assertEqual(str(found["444"][1]), "2026-07-31 23:00:00", "the whole last day")

    def test_country_and_area_codes_lists_and_ranges(self):
        one = self.verified(
            "UK,44,20;121,0.01", "UK mobile,44,7400-7402,0.02", "Bahamas,1,242,0.03", "USA,1,,0.04",
            header="Destination,Country Code,Area Codes,Rate per Minute",
        )  # fmt: skip
        self.assertEqual(
            [key for _result, key, _line, _price in self.changes(one)],
            ["1", "1242", "44121", "4420", "447400", "447401", "447402"],
        )
        self.assertEqual((one.line_count, one.price_count), (4, 7))

    def test_the_header_may_stand_below_a_title(self):
        text = "Baltic Telecom,,\nValid for,Northwind,\n,,\nCode,Destination,Rate\n44,UK,0.01\n"
        one = self.upload(text)
        self.assertEqual(one.header_line, 4)
        one.action_verify()
        self.assertEqual(self.changes(one), [("new", "44", 5, 10_000)])

    def test_price_per_second_and_intervals_in_one_cell(self):
        self.price("44", 0.006, first_increment_s=30, next_increment_s=6)
        one = self.verified("44,0.0001,30/6", header="Code,Price per Second,Intervals")
        self.assertEqual(self.counts(one), {"unchanged": 1})

    def test_meanings_are_remembered_for_the_carrier(self):
        one = self.upload("Where,Number,Amount\nUK,44,0.01\n")
        with self.assertRaisesRegex(UserError, "No column is named as code. The file has: Where, Number, Amount"):
            one.action_verify()
        {column.header: column for column in one.column_ids}["Number"].meaning = "code"
        one.timezone = "Europe/London"
        one.action_verify()
        self.assertEqual(one.state, "verified", one.message)
        again = self.upload("Where,Number,Amount\nUK,44,0.02\n")
        self.assertEqual(again.column_ids.mapped("meaning"), ["ignore", "code", "price"])
        self.assertEqual(again.timezone, "Europe/London")
        inbound = self.upload("Where,Number,Amount\nUK,44,0.02\n", direction="inbound")
        self.assertNotIn("code", inbound.column_ids.mapped("meaning"))

    def test_a_change_of_the_settings_asks_for_another_verification(self):
        one = self.verified("441,UK,0.01,0,1,1,,")
        one.scope = "partial"
        self.assertEqual(one.state, "draft")
        with self.assertRaisesRegex(UserError, "press Verify first"):
            one.action_apply()
