from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import RatingCase


@tagged("post_install", "-at_install")
class TestCutOffWarning(RatingCase):
    """Who is told before a call is cut off, and when, is a term of the plan like its rounding."""

    def warning(self, plan):
        return plan.warning_side, plan.warning_first_s, plan.warning_second_s

    def test_the_caller_is_warned_a_minute_before_unless_the_plan_says_otherwise(self):
        self.assertEqual(self.warning(self.wholesale), ("caller", 60, 0))

    def test_a_mark_up_does_as_the_plan_of_the_provider_unless_set(self):
        self.assertFalse(self.standard.warning_side)
        own = self.add_plan(
            self.north, "Own warning", base="parent", default_method="percent", warning_side="both",
            warning_first_s=120, warning_second_s=20,
        )  # fmt: skip
        self.assertEqual(self.warning(own), ("both", 120, 20))

    def test_a_plan_that_gets_its_own_prices_warns_the_caller(self):
        plan = self.add_plan(self.north, "Turned", base="parent", default_method="none")
        plan.base = "explicit"
        self.assertEqual(plan.warning_side, "caller")
        plan.write({"base": "parent"})
        self.assertFalse(plan.warning_side)

    def test_the_form_asks_plans_with_own_prices_for_it(self):
        form = Form(self.wholesale)
        form.warning_side = False
        with self.assertRaisesRegex(AssertionError, "warning_side is a required field"):
            form.save()
        form.warning_side = "nobody"
        form.save()
        self.assertEqual(self.wholesale.warning_side, "nobody")

    def test_impossible_warnings_are_refused_in_words(self):
        for values, constraint, words in (
            ({"warning_first_s": -1}, "warning_bounds", "5 to 3600 seconds before the end"),
            ({"warning_first_s": 3601}, "warning_bounds", "5 to 3600 seconds before the end"),
            ({"warning_first_s": 4}, "warning_bounds", "5 to 3600 seconds before the end"),
            ({"warning_second_s": -10}, "warning_bounds", "5 to 3600 seconds before the end"),
            ({"warning_first_s": 60, "warning_second_s": 60}, "warning_order", "must be fewer"),
            ({"warning_first_s": 0, "warning_second_s": 10}, "warning_order", "must be fewer"),
            ({"warning_side": False}, "warning_complete", "choose Nobody"),
        ):
            with self.subTest(values=values):
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaisesRegex(IntegrityError, constraint) as caught,
                    self.env.cr.savepoint(),
                ):
                    self.wholesale.write(values)
                    self.env.flush_all()
                self.env.invalidate_all()
                shown = self.env["ir.http"]._get_error_message(caught.exception) if False else self.words(constraint)
                self.assertIn(words, shown)
        self.assertEqual(self.warning(self.wholesale), ("caller", 60, 0))

    def words(self, constraint):
        """Return what the page says for a broken constraint of the table."""
        return (
            self.env["telecom.rate.plan"]
            ._table_objects[f"telecom_rate_plan_{constraint}"]
            .get_error_message(self.env["telecom.rate.plan"])
        )

    def test_the_bounds_themselves_are_fine(self):
        for first_s, second_s in ((3600, 5), (5, 0), (0, 0)):
            self.wholesale.write({"warning_first_s": first_s, "warning_second_s": second_s})
            self.env.flush_all()
