from datetime import UTC, datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import ForeignKeyViolation

from .common import RatingCase


@tagged("post_install", "-at_install")
class TestAccountPlan(RatingCase):
    def test_the_plan_is_of_the_provider(self):
        self.acme.rate_plan_id = self.standard
        with self.assertRaisesRegex(ValidationError, "must be one of its provider's"):
            self.acme.rate_plan_id = self.wholesale
        with self.assertRaisesRegex(ValidationError, "must be one of its provider's"):
            self.school.rate_plan_id = self.standard

    def test_the_plan_is_for_outbound_calls(self):
        inbound = self.add_plan(self.north, "Numbers", direction="inbound")
        with self.assertRaisesRegex(ValidationError, "prices inbound calls"):
            self.acme.rate_plan_id = inbound

    def test_a_plan_in_another_currency_needs_a_rate_of_exchange(self):
        self.env["res.currency.rate"].search([]).unlink()
        dollars = self.add_plan(self.north, "Dollars", currency_id=self.env.ref("base.USD").id)
        with self.assertRaisesRegex(ValidationError, "is in USD, account"):
            self.acme.rate_plan_id = dollars
        self.exchange(dollars.currency_id, "2020-01-01", 1.25)
        self.acme.rate_plan_id = dollars
        self.assertEqual(self.acme.rate_plan_id, dollars)

    def exchange(self, currency, day, rate):
        """Say what one euro is in a currency, by the owner's books; the owner's own currency may be any."""
        values = {"company_id": self.owner.id, "name": day}
        for one, units in ((currency, rate), (self.euro, 1.0)):
            if one != self.owner.currency_id:
                self.env["res.currency.rate"].create({"currency_id": one.id, "rate": units, **values})
            elif one != self.euro:
                self.skipTest("the owner's books are in the other currency")

    def test_the_rate_is_that_of_the_day_and_exact(self):
        dollar = self.env.ref("base.USD")
        self.env["res.currency.rate"].search([]).unlink()
        self.exchange(dollar, "2026-03-01", 1.25)
        self.exchange(dollar, "2026-03-02", 1.2)
        first, second = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
        self.assertEqual(dollar._telecom_factor_e8(self.euro, first), 80_000_000)
        self.assertEqual(dollar._telecom_factor_e8(self.euro, second), 83_333_333)
        self.assertEqual(self.euro._telecom_factor_e8(dollar, second), 120_000_000)
        self.assertEqual(dollar._telecom_factor_e8(self.euro, first - timedelta(days=1)), 0)

    def test_the_inbound_plan_is_the_providers_for_inbound_calls(self):
        self.env["res.currency.rate"].search([]).unlink()
        numbers = self.add_plan(self.north, "Numbers", direction="inbound")
        self.acme.inbound_rate_plan_id = numbers
        for plan, message in (
            (self.add_plan(self.owner, "Owner's Numbers", direction="inbound"), "must be one of its provider's"),
            (self.standard, "prices outbound calls"),
            (
                self.add_plan(self.north, "Dollars", direction="inbound", currency_id=self.env.ref("base.USD").id),
                "is in USD, account",
            ),
        ):
            with self.subTest(plan=plan.name), self.assertRaisesRegex(ValidationError, message):
                self.acme.inbound_rate_plan_id = plan

    def test_an_inbound_plan_in_use_stays_what_it_is(self):
        numbers = self.add_plan(self.north, "Numbers", direction="inbound")
        self.acme.inbound_rate_plan_id = numbers
        self.assertEqual(numbers.account_count, 1)
        action = numbers.action_open_accounts()
        self.assertEqual(self.env["telecom.billing.account"].search(action["domain"]), self.acme)
        with self.assertRaisesRegex(UserError, "stay as they are"):
            numbers.direction = "outbound"
        with self.assertRaisesRegex(UserError, "Give them another plan first"):
            numbers.active = False

    def test_an_inbound_plan_marks_up_the_providers_inbound_plan(self):
        top = self.add_plan(self.owner, "Owner's Numbers", direction="inbound")
        own = self.add_plan(
            self.north, "Numbers", direction="inbound", base="parent", default_method="percent", default_percent=50.0
        )
        self.assertFalse(own._chain_sudo()[0])
        self.north_account.inbound_rate_plan_id = top
        self.assertEqual(own._chain_sudo(), [top, own])
        self.assertEqual(self.standard._chain_sudo(), [self.wholesale, self.standard])

    def test_a_plan_that_accounts_had_is_not_deleted(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation):
            self.wholesale.unlink()
