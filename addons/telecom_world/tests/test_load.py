from odoo.addons.telecom_rating.tests.common import RatingCase
from odoo.exceptions import UserError
from odoo.tests import tagged

LICHTENSTEIN, MONACO, IRELAND = "LI", "MC", "IE"


@tagged("post_install", "-at_install")
class TestLoad(RatingCase):
    def wizard(self, *codes, **values):
        countries = self.env["res.country"].search([("code", "in", codes)])
        return self.env["telecom.world.load"].create({"country_ids": [(6, 0, countries.ids)], **values})

    def loaded(self, key):
        return self.env["telecom.destination"].search([("world_key", "=", key)])

    def test_a_country_is_added_in_its_group(self):
        wizard = self.wizard(LICHTENSTEIN)
        self.assertIn("+ Liechtenstein Mobile: ", wizard.preview)
        count, prefixes = wizard.new_count, wizard.prefix_count
        self.assertGreaterEqual(count, 3)
        wizard.action_load()
        made = self.env["telecom.destination"].search([("world_key", "like", "LI-%")])
        self.assertEqual((len(made), len(made.prefix_ids)), (count, prefixes))
        self.assertEqual(made.group_id.name, "Liechtenstein")
        self.assertEqual(made.country_id.code, "LI")
        self.assertEqual(set(made.mapped("network_type")) & {"fixed", "mobile"}, {"fixed", "mobile"})

    def test_a_second_time_nothing_is_there_to_add(self):
        self.wizard(LICHTENSTEIN).action_load()
        again = self.wizard(LICHTENSTEIN)
        self.assertEqual((again.new_count, again.changed_count, again.prefix_count), (0, 0, 0))
        with self.assertRaisesRegex(UserError, "there already"):
            again.action_load()

    def test_what_the_owner_changed_stays(self):
        self.wizard(IRELAND).action_load()
        mobile = self.loaded("IE-mobile")
        gone = mobile.prefix_ids[0].prefix
        mobile.write({"name": "Eire Handy", "group_id": self.testland.id})
        mobile.prefix_ids[0].unlink()
        self.env["telecom.destination.prefix"].create({"prefix": "353899", "destination_id": self.island.id})
        before = {one.prefix: one.destination_id for one in self.env["telecom.destination.prefix"].search([])}
        with self.assertRaisesRegex(UserError, "there already"):
            self.wizard(IRELAND).action_load()
        self.assertEqual((mobile.name, mobile.group_id), ("Eire Handy", self.testland))
        self.assertNotIn(gone, mobile.prefix_ids.mapped("prefix"))
        self.assertEqual(
            before, {one.prefix: one.destination_id for one in self.env["telecom.destination.prefix"].search([])}
        )

    def test_own_prefixes_are_left_alone_and_what_is_inside_of_them(self):
        own = self.add_destination("My Monaco", "3774 3776")
        wizard = self.wizard(MONACO)
        self.assertGreaterEqual(wizard.kept_count, 1)
        wizard.action_load()
        self.assertEqual(sorted(own.prefix_ids.mapped("prefix")), ["3774", "3776"])
        inside = [one.prefix for one in self.env["telecom.destination.prefix"].search([("prefix", "=like", "3774_%")])]
        self.assertEqual(inside, [])
        self.assertEqual(self.env["telecom.destination"]._by_number("37741234567")[0], own)
        deeper = self.wizard(MONACO, below_own=True)
        if deeper.prefix_count:
            deeper.action_load()
        self.assertEqual(sorted(own.prefix_ids.mapped("prefix")), ["3774", "3776"])

    def test_a_name_that_is_taken_gets_the_country_code(self):
        self.add_destination("Liechtenstein Mobile", "88867")
        self.wizard(LICHTENSTEIN).action_load()
        self.assertEqual(self.loaded("LI-mobile").name, "Liechtenstein Mobile (+423)")

    def test_fixed_and_mobile_only(self):
        self.wizard(LICHTENSTEIN, kind="common").action_load()
        made = self.env["telecom.destination"].search([("world_key", "like", "LI-%")])
        self.assertEqual(set(made.mapped("network_type")), {"fixed", "mobile"})

    def test_the_whole_world(self):
        wizard = self.env["telecom.world.load"].create({})
        self.assertGreater(wizard.new_count, 900)
        wizard.action_load()
        for number, key in (("447400123456", "GB-mobile"), ("881612345678", "881"), ("8613912345678", "CN-mobile")):
            found = self.env["telecom.destination"]._by_number(number)[0]
            own = not found.world_key  # the demo has destinations of its own
            self.assertTrue(own or found.world_key == key, (number, found.name))
        self.assertEqual(self.env["telecom.world.load"].create({}).prefix_count, 0)
