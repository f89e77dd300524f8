import base64

from odoo.exceptions import UserError

from ..tools.watch import AT_MOST
from .common import TrailCase

MANY = AT_MOST * 2 + 500


class TestManyRows(TrailCase):
    """One statement over many rows leaves few lines, and loses nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.baltic = cls.env["telecom.carrier"].create(
            {"name": "Baltic", "company_id": cls.owner.id, "currency_id": cls.euro.id}
        )

    def fill(self, count):
        self.env.flush_all()
        self.env.cr.execute(
            "insert into telecom_deck_rate (carrier_id, prefix, price_micro) select %s, (1000000 + n)::text, n"
            " from generate_series(1, %s) n",
            [self.baltic.id, count],
        )

    def test_as_many_as_get_a_line_each(self):
        self.fill(AT_MOST)
        self.assertEqual(len(self.lines()), AT_MOST)

    def test_more_are_held_by_few_lines_that_name_every_row(self):
        self.fill(MANY)
        self.start_again()
        self.env.cr.execute(
            "update telecom_deck_rate set price_micro = price_micro + 1000000 where carrier_id = %s", [self.baltic.id]
        )
        lines = self.lines()
        self.assertEqual(lines.mapped("row_count"), [AT_MOST, AT_MOST, 500])
        self.assertEqual(set(lines.mapped("field")), {"price"})
        self.assertEqual((lines.carrier_id, lines.company_id), (self.baltic, self.owner))
        told = "\n".join(lines.mapped("details")).split("\n")
        self.assertEqual(len(told), MANY)
        self.assertIn("1000001: 0.000001 → 1.000001", told)
        self.start_again()
        self.env.cr.execute("delete from telecom_deck_rate where carrier_id = %s", [self.baltic.id])
        self.assertEqual(sum(self.lines(action="removed").mapped("row_count")), MANY)

    def test_a_table_that_is_emptied_at_once(self):
        self.fill(3)
        self.start_again()
        self.env.cr.execute("truncate telecom_deck_rate")
        self.assertEqual(self.told(), [(False, "all rows (truncate)", False)])

    def test_a_price_list_is_one_line_that_leads_to_its_prices(self):
        pricing = self.staff("pricing")
        one = self.price_list(pricing, MANY)
        self.start_again()
        one._apply()
        line = self.lines(model="telecom.deck.rate")
        self.assertEqual((line.row_count, line.import_id, line.carrier_id), (MANY, one, self.baltic))
        self.assertEqual((line.user_id, line.company_id, line.action), (pricing, self.owner, "added"))
        self.start_again()
        one._roll_back()
        gone = self.lines(model="telecom.deck.rate")
        self.assertEqual((gone.row_count, gone.import_id, gone.action), (MANY, one, "removed"))
        with self.assertRaisesRegex(UserError, "audit trail refers"):
            one.unlink()

    def test_a_small_price_list_has_a_line_for_each_price(self):
        pricing = self.staff("pricing")
        one = self.price_list(pricing, 2)
        self.start_again()
        one._apply()
        lines = self.lines(model="telecom.deck.rate")
        self.assertEqual(sorted(lines.mapped("record_name")), ["1000001", "1000002"])
        self.assertEqual((lines.import_id, lines.user_id), (one, pricing))
        self.start_again()
        self.baltic.name = "Baltic AS"
        self.assertFalse(self.lines().import_id, "what comes after is not of the price list")

    def price_list(self, person, count):
        text = "Prefix,Price\n" + "".join(f"{1000000 + number},0.02\n" for number in range(1, count + 1))
        one = self.env["telecom.price.import"].with_user(person).create(
            {
                "carrier_id": self.baltic.id,
                "file": base64.b64encode(text.encode()),
                "filename": "many.csv",
            }
        )  # fmt: skip
        one.action_verify()
        self.assertEqual((one.state, one.new_count), ("verified", count))
        return one
