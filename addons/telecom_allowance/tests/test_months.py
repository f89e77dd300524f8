from datetime import UTC, datetime

from odoo.tests import tagged

from .common import AllowanceCase


@tagged("post_install", "-at_install")
class TestMonths(AllowanceCase):
    """A month is that of the account's zone; each plan's minutes are given once a month and expire."""

    def open_at(self, *instants):
        for at in instants:
            self.call("telecom_allowance_open", [self.school.id], [self.monthly.id], at)

    def test_the_current_month_is_there_before_the_first_call(self):
        bucket = self.buckets(self.school)
        self.assertEqual((bucket.given, bucket.used, bucket.free, bucket.state), (100, 0, 100, "good"))
        self.assertEqual(self.school.included_left, 100)
        self.assertEqual(bucket.entry_ids.mapped("kind"), ["given"])
        self.env["telecom.allowance"]._cron_months()
        self.assertEqual(self.buckets(self.school), bucket, "given once")

    def test_a_month_begins_at_midnight_of_the_accounts_zone(self):
        """31 March 23:30 UTC is 1 April 00:30 in London: summer time."""
        self.open_at(datetime(2027, 3, 31, 22, 30, tzinfo=UTC), datetime(2027, 3, 31, 23, 30, tzinfo=UTC))
        march, april = self.buckets(self.school)[1:]
        self.assertEqual((march.period_start, march.valid_to), (datetime(2027, 3, 1), datetime(2027, 3, 31, 23)))
        self.assertEqual((april.period_start, april.valid_to), (datetime(2027, 3, 31, 23), datetime(2027, 4, 30, 23)))

    def test_a_month_is_given_once_however_often_it_is_opened(self):
        at = datetime(2027, 5, 5, tzinfo=UTC)
        self.open_at(at, at, datetime(2027, 5, 30, tzinfo=UTC))
        self.assertEqual(len(self.buckets(self.school)), 2)
        self.assert_books_are_right()

    def test_what_is_left_expires_or_rolls_over_for_one_month(self):
        may, june, july = (datetime(2027, month, 2, tzinfo=UTC) for month in (5, 6, 7))
        self.open_at(may)
        self.monthly.rolls_over = True
        self.open_at(june)
        plain, rolled = self.buckets(self.school)[1:]
        self.call("telecom_allowance_expire", july)
        self.assertEqual((plain.expired, plain.free, plain.state), (100, 0, "used"))
        self.assertEqual((rolled.expired, rolled.free), (0, 100), "good until the end of July")
        self.call("telecom_allowance_expire", datetime(2027, 8, 1, tzinfo=UTC))
        self.assertEqual((rolled.expired, rolled.free), (100, 0))
        self.assert_books_are_right()

    def test_a_change_of_minutes_holds_from_the_next_month_on(self):
        self.monthly.minutes = 10
        self.assertEqual(self.buckets(self.school).given, 100)
        self.open_at(datetime(2027, 5, 2, tzinfo=UTC))
        self.assertEqual(self.buckets(self.school)[-1].given, 10)

    def test_an_account_that_leaves_the_plan_gets_no_more(self):
        self.school.rate_plan_id = self.new_plan("Without", self.owner)
        self.open_at(datetime(2027, 5, 2, tzinfo=UTC))
        self.assertEqual(len(self.buckets(self.school)), 1)
