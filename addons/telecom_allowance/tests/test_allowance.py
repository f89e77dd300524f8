from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import AllowanceCase


@tagged("post_install", "-at_install")
class TestAllowance(AllowanceCase):
    """What can be set up, and what is refused with words."""

    def test_groups_that_are_marked_are_the_default_and_each_plan_decides_for_itself(self):
        self.assertEqual(self.monthly.group_ids, self.group)
        other = self.new_allowance(self.new_plan("Other", self.owner), group_ids=[], destination_ids=self.fixed.ids)
        self.assertFalse(other.group_ids)
        self.assertEqual(self.monthly.company_id, self.owner)

    def test_minutes_that_count_nowhere_are_refused(self):
        plan = self.new_plan("Nowhere", self.owner)
        with self.assertRaisesRegex(ValidationError, "which destinations count"):
            self.new_allowance(plan, group_ids=[], destination_ids=[])
        self.group.in_allowances = False
        with self.assertRaisesRegex(ValidationError, "which destinations count"):
            self.new_allowance(plan, name="No group is marked")

    @mute_logger("odoo.sql_db")
    def test_impossible_values_are_refused(self):
        plan = self.new_plan("Impossible", self.owner)
        for values in ({"minutes": 0}, {"minutes": 1_000_001}, {"kind": "block"}, {"price": -1}, {"valid_days": -1}):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.new_allowance(plan, **values)

    def test_minutes_of_another_providers_plan_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "another provider"):
            self.new_allowance(self.plan, name="Stolen", company_id=self.north.id)

    def test_what_accounts_have_had_is_archived_and_not_deleted(self):
        unused = self.new_allowance(self.new_plan("Unused", self.owner))
        (self.monthly | unused).unlink()
        self.assertFalse(unused.exists())
        self.assertFalse(self.monthly.active)
        self.assertEqual(self.buckets(self.school).name, self.monthly.name)

    def test_an_account_that_had_minutes_is_not_deleted(self):
        with self.assertRaisesRegex(Exception, "Close it instead"):
            self.school.unlink()
