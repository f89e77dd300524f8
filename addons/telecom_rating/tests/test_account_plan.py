from odoo.exceptions import ValidationError
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

    def test_the_plan_is_in_the_currency_of_the_account(self):
        dollars = self.add_plan(self.north, "Dollars", currency_id=self.env.ref("base.USD").id)
        with self.assertRaisesRegex(ValidationError, "is in USD, account"):
            self.acme.rate_plan_id = dollars

    def test_a_plan_that_accounts_had_is_not_deleted(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation):
            self.wholesale.unlink()
