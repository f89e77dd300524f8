from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import RatingCase


@tagged("post_install", "-at_install")
class TestRatePlan(RatingCase):
    def refused_by_the_table(self, constraint):
        return self.assertRaisesRegex(IntegrityError, constraint)

    def test_own_prices_need_a_rounding(self):
        with mute_logger("odoo.sql_db"), self.refused_by_the_table("explicit_complete"):
            self.add_plan(self.owner, "No rounding", rounding_method=False)

    def test_a_mark_up_is_not_negative_and_has_6_decimals(self):
        for name in ("default_percent", "default_absolute"):
            with (
                self.subTest(field=name),
                mute_logger("odoo.sql_db"),
                self.refused_by_the_table("markup_positive"),
                self.env.cr.savepoint(),
            ):
                self.standard[name] = -0.5
                self.env.flush_all()
            with self.assertRaisesRegex(ValidationError, "at most 6 decimals"):
                self.standard.write({name: 0.0000001})

    def test_the_owner_buys_from_nobody(self):
        with self.assertRaisesRegex(ValidationError, "buys from nobody"):
            self.add_plan(self.owner, "Marked up", base="parent")

    def test_only_tenants_sell(self):
        stranger = self.env["res.company"].create({"name": "Sells Nothing", "currency_id": self.euro.id})
        with self.assertRaisesRegex(ValidationError, "does not sell telephony"):
            self.add_plan(stranger, "Plan")

    def test_a_mark_up_is_in_the_currency_of_the_provider(self):
        dollar = self.env.ref("base.USD")
        with self.assertRaisesRegex(ValidationError, "pays its provider in EUR"):
            self.add_plan(self.north, "Dollars", base="parent", currency_id=dollar.id)
        self.assertEqual(self.add_plan(self.north, "Own dollars", currency_id=dollar.id).currency_id, dollar)

    def test_own_prices_have_nothing_to_mark_up(self):
        with self.assertRaisesRegex(ValidationError, "nothing to mark up"):
            self.add_plan(self.owner, "Both", default_method="percent")
        with self.assertRaisesRegex(ValidationError, "has mark-ups in its rates"):
            self.standard.write({"base": "explicit", "default_method": "none"})

    def test_what_prices_and_accounts_rest_on_stays(self):
        with self.assertRaisesRegex(UserError, "stays with its provider"):
            self.wholesale.company_id = self.north
        with self.assertRaisesRegex(UserError, "stay as they are"):
            self.wholesale.currency_id = self.env.ref("base.USD")
        with self.assertRaisesRegex(UserError, "stay as they are"):
            self.wholesale.direction = "inbound"
        self.wholesale.write({"name": "Same again", "currency_id": self.euro.id, "company_id": self.owner.id})

    def test_a_plan_in_use_is_not_archived(self):
        with self.assertRaisesRegex(UserError, r"Accounts use the plan Wholesale \(1 of them\)"):
            self.wholesale.active = False
        self.standard.active = False

    def test_names_are_unique_for_each_provider(self):
        self.add_plan(self.north, "Wholesale")
        with mute_logger("odoo.sql_db"), self.refused_by_the_table("name_unique"):
            self.add_plan(self.owner, "Wholesale")

    def test_a_copy_has_the_rates_and_no_accounts(self):
        copy = self.wholesale.copy()
        self.assertEqual(copy.name, "Wholesale (copy)")
        self.assertEqual(copy.rate_ids.mapped("price"), [0.02, 0.04])
        self.assertEqual((copy.account_count, self.wholesale.account_count), (0, 1))

    def test_the_chain_goes_up_to_the_owner(self):
        self.assertEqual(self.standard._chain_sudo(), [self.wholesale, self.standard])
        self.assertEqual(self.wholesale._chain_sudo(), [self.wholesale])
