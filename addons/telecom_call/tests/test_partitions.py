from datetime import date

from dateutil.relativedelta import relativedelta
from odoo.tests import tagged

from .common import CallCase


@tagged("post_install", "-at_install")
class TestPartitions(CallCase):
    def home(self, table="telecom_call_record", leg_uniqueid="a-1763935936.1"):
        """Return the partition that holds the leg."""
        self.env.cr.execute(
            f"SELECT tableoid::regclass::text FROM {table} WHERE leg_uniqueid = %s",  # noqa: S608  # literals
            [leg_uniqueid],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def test_the_coming_months_are_there(self):
        for months in range(-1, 4):
            month = date.today() + relativedelta(months=months)
            for table in ("telecom_call_record", "telecom_call_charge"):
                self.env.cr.execute("SELECT to_regclass(%s)", [f"{table}_{month:%Y_%m}"])
                self.assertTrue(self.env.cr.fetchone()[0], month)

    def test_making_months_again_makes_nothing(self):
        self.assertEqual(self.call("telecom_call_ensure_partitions", "2031-05-17", 2), 4)
        self.assertEqual(self.call("telecom_call_ensure_partitions", "2031-05-01", 2), 0)

    def test_a_call_of_another_time_is_kept_and_moves_to_its_month_when_that_is_made(self):
        self.settle(
            self.leg(1, started_at="2031-05-31T23:59:59+00:00"),
            self.leg(2, started_at="2031-06-01T00:00:00+00:00"),
        )
        self.assertEqual(self.home(), ["telecom_call_record_default"])
        self.call("telecom_call_ensure_partitions", "2031-05-01", 1)
        self.assertEqual(self.home(), ["telecom_call_record_2031_05"])
        self.assertEqual(self.home("telecom_call_charge"), ["telecom_call_charge_2031_05"] * 2)
        self.assertEqual(self.home(leg_uniqueid="a-1763935936.2"), ["telecom_call_record_default"])
        self.assertEqual(self.settle(self.leg(1, started_at="2031-05-31T23:59:59+00:00")), ["repeated"])
        self.assertEqual(len(self.charges()), 2)

    def test_lists_read_an_index_in_each_month(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM telecom_call_charge_view WHERE account_id = 1"
            " AND started_at >= '2031-05-01' ORDER BY started_at DESC, id DESC LIMIT 80"
        )
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("Index", plan)
        self.assertNotIn("Sort  (", plan)
