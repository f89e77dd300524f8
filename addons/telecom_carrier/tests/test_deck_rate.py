from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError
from psycopg2.errors import ForeignKeyViolation

from .common import CarrierCase


@tagged("post_install", "-at_install")
class TestDeckRate(CarrierCase):
    """The model stands on a view; these tests look into the table below it."""

    def row(self, rate):
        self.env.flush_all()
        self.env.cr.execute(
            "select prefix, connect_fee_micro, price_micro, price_unit_s, first_increment_s, next_increment_s,"
            " included_s, valid_from at time zone 'UTC', valid_to from telecom_deck_rate where id = %s",
            [rate.id],
        )
        return self.env.cr.fetchone()

    def test_created_rows_stand_in_the_table_in_micro_units(self):
        plain = self.add_price("99921", 0.012345)
        self.assertEqual(self.row(plain), ("99921", 0, 12_345, 60, 1, 1, 0, None, None))
        self.assertEqual((plain.company_id, plain.currency_id), (self.owner, self.euro))
        full = self.add_price(
            "99921", 999_999.000001, connect_fee=0.5, price_unit_s=30, first_increment_s=30, next_increment_s=6,
            included_s=20, valid_from="2026-05-01 10:00:00",
        )  # fmt: skip
        micro = 999_999_000_001
        self.assertEqual(self.row(full)[:7], ("99921", 500_000, micro, 30, 30, 6, 20))
        self.assertEqual(str(self.row(full)[7]), "2026-05-01 10:00:00")
        self.env.invalidate_all()
        self.assertEqual(full.price, 999_999.000001)

    def test_several_rows_at_once_keep_their_own_values(self):
        rows = self.env["telecom.deck.rate"].create(
            [
                {"carrier_id": self.baltic.id, "prefix": "+999 21", "price": 0.01, "first_increment_s": 60},
                {"carrier_id": self.baltic.id, "prefix": "0099922", "price": 0.02, "valid_from": "2026-05-01 00:00:00"},
            ]
        )
        self.assertEqual([self.row(row)[0] for row in rows], ["99921", "99922"])
        self.assertEqual([self.row(row)[2] for row in rows], [10_000, 20_000])
        self.assertEqual([self.row(row)[4] for row in rows], [60, 1])

    def test_a_prefix_has_a_price_of_its_own_for_each_direction(self):
        out = self.add_price("99921", 0.01)
        into = self.add_price("99921", 0.004, direction="inbound")
        self.assertEqual((out.direction, into.direction), ("outbound", "inbound"))
        self.env.cr.execute("select direction from telecom_deck_rate where id = %s", [into.id])
        self.assertEqual(self.env.cr.fetchone(), ("inbound",))
        with self.assertRaisesRegex(ValidationError, "from the same moment"):
            self.add_price("99921", 0.005, direction="inbound")
        with self.assertRaisesRegex(ValidationError, "from the same moment"):
            into.direction = "outbound"

    def test_write_and_unlink_reach_the_table(self):
        one, other = self.add_price("99921"), self.add_price("99922")
        (one | other).write({"price": 0.5, "first_increment_s": 6})
        self.assertEqual([self.row(rate)[2] for rate in (one, other)], [500_000, 500_000])
        one.prefix = "99923"
        self.assertEqual(self.row(one), ("99923", 0, 500_000, 60, 6, 1, 0, None, None))
        one.unlink()
        self.assertIsNone(self.row(one))
        self.assertIsNotNone(self.row(other))

    def test_search_sort_and_group(self):
        self.add_price("99922", 0.02)
        self.add_price("99921", 0.01)
        self.add_price("999", 0.03)
        deck = [("carrier_id", "=", self.baltic.id)]
        rates = self.env["telecom.deck.rate"]
        self.assertEqual(rates.search(deck).mapped("prefix"), ["999", "99921", "99922"])
        self.assertEqual(rates.search([*deck, ("number", "=", "+999 21 55")]).mapped("prefix"), ["999", "99921"])
        self.assertEqual(rates._read_group(deck, ["carrier_id"], ["price:sum"]), [(self.baltic, 0.06)])
        self.assertEqual(self.baltic.deck_rate_count, 3)

    def test_bad_values_are_refused_in_words(self):
        for message, values in (
            ("cannot be a prefix", {"prefix": "0999"}),
            ("cannot be a prefix", {"prefix": "99a"}),
            ("cannot be a prefix", {"prefix": "9" * 16}),
            ("prices and fees are from 0", {"price": -0.01}),
            ("prices and fees are from 0", {"connect_fee": -1.0}),
            ("prices and fees are from 0", {"price": 1_000_000.5}),
            ("at most 6 decimals", {"price": 0.0000001}),
            ("at most 6 decimals", {"connect_fee": 1.0000005}),
            ("increments are from 1", {"first_increment_s": 0}),
            ("increments are from 1", {"next_increment_s": -1}),
            ("increments are from 1", {"price_unit_s": 0}),
            ("included seconds", {"included_s": -1}),
            ("begin before it ends", {"valid_from": "2026-05-01 00:00:00", "valid_to": "2026-05-01 00:00:00"}),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, message):
                self.add_price(**{"prefix": "99921", **values})
            with (
                self.subTest(written=values),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self.add_price("99921").write(values)

    def test_two_prices_of_a_prefix_begin_at_different_moments(self):
        self.add_price("99921")
        later = self.add_price("99921", valid_from="2026-05-01 00:00:00")
        for start in (False, "2026-05-01 00:00:00"):
            with self.subTest(start=start), self.assertRaisesRegex(ValidationError, "from the same moment"):
                self.add_price("99921", 0.5, valid_from=start)
        with self.assertRaisesRegex(ValidationError, "from the same moment"):
            later.valid_from = False
        with self.assertRaisesRegex(ValidationError, "from the same moment"):
            self.env["telecom.deck.rate"].create([{"carrier_id": self.baltic.id, "prefix": "99922", "price": 1.0}] * 2)
        later.write({"valid_from": "2026-05-01 00:00:00", "price": 0.7})
        self.assertEqual(self.row(later)[2], 700_000)

    def test_the_table_refuses_what_comes_past_the_pages(self):
        for values in (
            *("'0999', 1", "'99921', -1", "'99921', null", "'', 1", "'99921x', 1"),
            *("'+999', 1", "'9 99', 1", "'1234567890123456', 1", "'٩٩٩', 1"),
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"insert into telecom_deck_rate (carrier_id, prefix, price_micro) values (%s, {values})",  # noqa: S608
                    [self.baltic.id],
                )

    def test_a_file_is_imported_and_its_bad_lines_are_named(self):
        columns = ["carrier_id", "prefix", "price", "connect_fee", "first_increment_s", "valid_from"]
        rates = self.env["telecom.deck.rate"]
        good = [
            ["Baltic Carrier", "99921", "0.012345", "0", "60", "2026-05-01 00:00:00"],
            ["Baltic Carrier", "99922", "0.5", "0.1", "1", ""],
        ]
        done = rates.load(columns, good)
        self.assertFalse(done["messages"])
        self.assertEqual([self.row(rate)[2] for rate in rates.browse(done["ids"])], [12_345, 500_000])
        bad = rates.load(columns, [[*good[0][:1], "99923", *good[0][2:]], ["Baltic Carrier", "99x", "1", "0", "1", ""]])
        self.assertFalse(bad["ids"])
        self.assertIn("99x cannot be a prefix", bad["messages"][0]["message"])
        self.assertEqual(rates.search_count([("prefix", "=", "99923")]), 0)

    def test_a_carrier_stays_with_its_prices_and_goes_with_its_empty_decks(self):
        carrier = self.baltic.copy({"name": "For a while"})
        rate = self.add_price("99921", carrier_id=carrier.id)
        self.env.flush_all()
        with self.assertRaises(ForeignKeyViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("delete from telecom_carrier where id = %s", [carrier.id])
        rate.unlink()
        carrier.unlink()
        self.env.flush_all()
        self.env.cr.execute("select from telecom_deck where carrier_id = %s", [carrier.id])
        self.assertFalse(self.env.cr.fetchall())

    def test_no_price_comes_in_for_a_carrier_that_is_none(self):
        with self.assertRaises(ForeignKeyViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("insert into telecom_deck_rate (carrier_id, prefix, price_micro) values (-1, '1', 1)")

    def test_decks_of_an_older_database_are_known_after_its_update(self):
        self.add_price("99921")
        self.env.flush_all()
        self.env.cr.execute(
            """
            delete from telecom_deck;
            alter table telecom_deck_rate add constraint telecom_deck_rate_carrier_id_fkey
                foreign key (carrier_id) references telecom_carrier on delete restrict
            """
        )
        self.env["telecom.deck.rate"].init()
        self.env.cr.execute("select version from telecom_deck where carrier_id = %s", [self.baltic.id])
        self.assertEqual(self.env.cr.fetchall(), [(1,)])

    def test_an_update_keeps_the_rows_and_the_page(self):
        rate = self.add_price("99921")
        self.env["telecom.deck.rate"].init()
        self.env.invalidate_all()
        self.assertEqual(rate.price, 0.01)
        rate.price = 0.02
        self.assertEqual(self.row(rate)[2], 20_000)

    def test_in_force(self):
        past = self.add_price("99921", valid_to="2020-01-01 00:00:00")
        now = self.add_price("99921", valid_from="2020-01-01 00:00:00")
        future = self.add_price("99921", valid_from="2120-01-01 00:00:00")
        rates = self.env["telecom.deck.rate"]
        deck = [("carrier_id", "=", self.baltic.id)]
        self.assertEqual(rates.search([*deck, ("in_force", "=", True)]), now)
        self.assertEqual(rates.search([*deck, ("in_force", "=", False)]), past | future)
        self.assertEqual((past.in_force, now.in_force, future.in_force), (False, True, False))

    def test_the_form_makes_a_price(self):
        with Form(self.env["telecom.deck.rate"].with_context(default_carrier_id=self.baltic.id)) as form:
            form.prefix = "999 21"
            form.price = 0.25
        self.assertEqual(self.row(form.record)[:3], ("99921", 0, 250_000))
