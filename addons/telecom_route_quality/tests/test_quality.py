from odoo.tests import tagged

from .common import QualityCase


@tagged("post_install", "-at_install")
class TestQuality(QualityCase):
    def test_asr_acd_and_delay_of_a_trunk_at_a_destination(self):
        self.legs(self.good, 30, 10, seconds=90, pdd_ms=1500)
        self.refresh()
        row = self.quality(self.good)
        self.assertEqual((row.calls, row.answered, row.asr, row.acd_s, row.pdd_s), (40, 30, 75.0, 90.0, 1.5))
        self.assertEqual(row.quality, 75)
        self.assertEqual(row.carrier_id, self.good.carrier_id)

    def test_attempts_that_the_caller_gave_up_do_not_count(self):
        self.legs(self.good, 20, cancelled=80)
        self.refresh()
        self.assertEqual(self.quality(self.good).asr, 100)

    def test_with_too_few_attempts_nothing_is_said(self):
        self.legs(self.good, 19)
        self.refresh()
        self.assertFalse(self.quality(self.good))
        self.env["ir.config_parameter"].set_param("telecom_route_quality.least", "19")
        self.refresh()
        self.assertTrue(self.quality(self.good))

    def test_a_setting_that_is_no_number_counts_as_not_set(self):
        self.env["ir.config_parameter"].set_param("telecom_route_quality.window_h", "a day")
        self.legs(self.good, 20, hours_ago=23)
        self.refresh()
        self.assertEqual(self.quality(self.good).calls, 20)

    def test_by_group_and_for_the_whole_trunk(self):
        self.legs(self.good, 12, destination=self.here)
        self.legs(self.good, 6, 6, destination=self.there)
        self.refresh()
        self.assertFalse(self.quality(self.good))
        self.assertEqual((self.quality(self.good, "group").calls, self.quality(self.good, "group").asr), (24, 75))
        self.assertEqual(self.quality(self.good, "all").calls, 24)

    def test_older_calls_count_less_and_those_of_yesterday_not_at_all(self):
        """8 h are two half-lives: 20 failures then weigh as much as 5 now."""
        self.legs(self.good, 20, hours_ago=0.0)
        self.legs(self.good, 0, 20, hours_ago=8.0)
        self.legs(self.good, 0, 500, hours_ago=25.0)
        self.refresh()
        self.assertEqual((self.quality(self.good).calls, self.quality(self.good).quality), (40, 80))

    def test_calls_shorter_than_everybodys_lower_the_quality_by_half_at_most(self):
        self.legs(self.good, 20, seconds=100)
        self.legs(self.bad, 20, seconds=60)
        self.refresh()  # all trunks: 80 s
        self.assertEqual((self.quality(self.good).quality, self.quality(self.bad).quality), (100, 75))
        self.legs(self.bad, 400, seconds=1)
        self.refresh()
        self.assertEqual(self.quality(self.bad).quality, 50)

    def test_worked_out_again_it_is_the_same(self):
        self.legs(self.good, 20, 5)
        self.assertEqual(self.refresh(), self.refresh())
        self.assertEqual(len(self.quality(self.good)), 1)

    def test_the_records_behind_a_figure(self):
        self.legs(self.good, 20, 5, cancelled=3)
        self.legs(self.good, 7, destination=self.there)
        self.refresh()
        action = self.quality(self.good).action_open_records()
        self.assertEqual(self.env["telecom.call.record"].search_count(action["domain"]), 25)
        action = self.quality(self.good, "group").action_open_records()
        self.assertEqual(self.env["telecom.call.record"].search_count(action["domain"]), 32)
