from odoo.tests import Form, tagged

from .common import RatingCase


@tagged("post_install", "-at_install")
class TestNumberTest(RatingCase):
    def test_a_number_with_its_destination_and_the_price_of_each_plan(self):
        with Form(self.env["telecom.number.test"]) as page:
            page.number = "+999 17 1234"
            self.assertEqual((page.e164, page.prefix), ("999171234", "99917"))
            self.assertEqual(page.destination_id, self.mobile)
            self.assertEqual((page.group_id, page.network_type), (self.testland, "mobile"))
            self.assertEqual(page.shorter, "Testland fixed")
            self.assertFalse(page.problem)
            rows = page.prices.split("<tr")
            wholesale = next(row for row in rows if "Wholesale" in row)
            self.assertIn("0.04", wholesale)
            self.assertIn("0.044", next(row for row in rows if "Standard" in row))

    def test_who_does_not_sell_it(self):
        page = self.env["telecom.number.test"].new({"number": "+88866123"})
        self.assertEqual(page.destination_id, self.island)
        self.assertIn("not sold", page.prices)

    def test_what_is_no_number_and_what_has_no_destination(self):
        for number, words in (("hello", "not a number"), ("+88877712345", "No destination has a prefix")):
            with self.subTest(number=number):
                page = self.env["telecom.number.test"].new({"number": number})
                self.assertIn(words, page.problem)
                self.assertFalse(page.prices)

    def test_what_the_numbering_plans_of_the_world_say(self):
        page = self.env["telecom.number.test"].new({"number": "+442079460000"})
        self.assertEqual(page.numbering_plan, "+44 United Kingdom: valid")
        self.assertIn(
            "not a valid number", self.env["telecom.number.test"].new({"number": "+4420794600"}).numbering_plan
        )

    def test_tags_find_and_edit_several_at_once(self):
        tag = self.env["telecom.destination.tag"].create({"name": "Risky"})
        (self.mobile | self.island).write({"tag_ids": [(4, tag.id)], "network_type": "premium"})
        found = self.env["telecom.destination"].search([("tag_ids.name", "=", "Risky")])
        self.assertEqual(found, self.mobile | self.island)
        self.assertEqual(set(found.mapped("network_type")), {"premium"})
