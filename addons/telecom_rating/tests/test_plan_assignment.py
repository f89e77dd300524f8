from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import RatingCase


@tagged("post_install", "-at_install")
class TestPlanAssignment(RatingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assignments = cls.env["telecom.plan.assignment"]
        cls.acme.rate_plan_id = cls.standard
        cls.gold = cls.add_plan(cls.north, "Gold", base="parent", default_method="percent", default_percent=50.0)
        cls.now = cls.assignments._now()

    def plan_change(self, hours=1, plan=None, account=None, direction="outbound"):
        account = account or self.acme
        plan = self.gold if plan is None else plan
        start = self.now + timedelta(hours=hours)
        return self.assignments.create(
            {"account_id": account.id, "direction": direction, "plan_id": plan.id, "valid_from": start}
        )

    def plans(self, account=None):
        """(plan's name, hours from now or None, state) of each row, oldest first."""
        rows = (account or self.acme).plan_assignment_ids.sorted("valid_from")
        return [
            (row.plan_id.name, row.valid_from and (row.valid_from - self.now) / timedelta(hours=1), row.state)
            for row in rows.sorted(lambda row: bool(row.valid_from))
        ]

    def test_the_first_plan_holds_since_ever_and_needs_no_row(self):
        self.assertFalse(self.acme.plan_assignment_ids)
        self.assertEqual(self.acme._plan_at("outbound", self.now - timedelta(days=400)), self.standard)

    def test_a_change_is_planned_and_the_plan_before_holds_until_then(self):
        change = self.plan_change(1)
        self.assertEqual(self.plans(), [("Standard", False, "current"), ("Gold", 1.0, "future")])
        self.assertEqual(self.acme.rate_plan_id, self.standard)
        edge = change.valid_from
        self.assertEqual(self.acme._plan_at("outbound", edge - timedelta(seconds=1)), self.standard)
        self.assertEqual(self.acme._plan_at("outbound", edge), self.gold)
        self.assertEqual(self.env["ir.cron.trigger"].search([("call_at", "=", edge)]).cron_id.cron_name[:8], "Telecom:")

    def test_a_planned_change_can_be_moved_and_cancelled(self):
        change = self.plan_change(1)
        change.valid_from = self.now + timedelta(hours=3)
        self.assertEqual(self.plans()[-1], ("Gold", 3.0, "future"))
        change.action_cancel()
        self.assertEqual(self.plans(), [("Standard", False, "current")])

    def test_what_has_begun_is_history(self):
        self.plan_change(1)
        first = self.acme.plan_assignment_ids.filtered(lambda row: not row.valid_from)
        with self.assertRaisesRegex(UserError, "what has begun is history"):
            first.unlink()
        with self.assertRaisesRegex(UserError, "cannot begin in the past"):
            first.plan_id = self.gold
        with self.assertRaisesRegex(UserError, "cannot begin in the past"):
            self.plan_change(-1)
        with self.assertRaisesRegex(UserError, "Cancel this change"):
            first.direction = "inbound"

    def test_the_fields_follow_when_a_change_comes_due(self):
        change = self.plan_change(1)
        self.env.flush_all()
        self.env.cr.execute(
            "update telecom_plan_assignment set valid_from = valid_from - interval '2 hours' where id = %s", [change.id]
        )
        self.env.invalidate_all()
        self.assignments._cron_come_due()
        self.assertEqual(self.acme.rate_plan_id, self.gold)
        self.assertEqual(self.plans(), [("Standard", False, "past"), ("Gold", -1.0, "current")])
        self.assertFalse(self.env["telecom.billing.account"]._with_plans_behind())

    def test_a_plan_written_into_the_field_begins_now(self):
        self.acme.rate_plan_id = self.gold
        self.assertEqual(self.plans(), [("Standard", False, "past"), ("Gold", 0.0, "current")])
        self.acme.rate_plan_id = False
        self.assertEqual(self.plans(), [("Standard", False, "past"), (False, 0.0, "current")])
        self.assertFalse(self.acme._plan_at("outbound", self.now))

    def test_a_first_inbound_plan_begins_now_since_calls_were_free_before(self):
        numbers = self.add_plan(self.north, "Numbers", direction="inbound")
        self.acme.inbound_rate_plan_id = numbers
        self.assertFalse(self.acme._plan_at("inbound", self.now - timedelta(seconds=1)))
        self.assertEqual(self.acme._plan_at("inbound", self.now), numbers)

    def test_prices_of_customers_follow_the_plan_that_their_reseller_has_at_that_moment(self):
        dear = self.add_plan(self.owner, "Dear Wholesale")
        self.add_rate(dear, self.fixed, price=0.2)
        change = self.plan_change(1, dear, self.north_account)
        before = self.preview(self.standard, "+99912345", 60, change.valid_from - timedelta(seconds=1))
        after = self.preview(self.standard, "+99912345", 60, change.valid_from)
        self.assertEqual((before.cost, after.cost), (0.0375, 0.25))

    def test_bad_plans_are_refused(self):
        for hours, plan, words in (
            (1, self.wholesale, "must be one of its provider's"),
            (2, self.add_plan(self.north, "Numbers", direction="inbound"), "prices inbound calls"),
            (3, self.add_plan(self.north, "Old", active=False), "is archived"),
        ):
            with self.subTest(plan=plan.name), self.assertRaisesRegex(ValidationError, words):
                self.plan_change(hours, plan)

    def test_a_plan_that_is_planned_or_was_used_stays(self):
        change = self.plan_change(1)
        with self.assertRaisesRegex(UserError, "Give them another plan first"):
            self.gold.active = False
        with self.assertRaisesRegex(UserError, "stay as they are"):
            self.gold.direction = "inbound"
        change.action_cancel()
        self.gold.active = False

    def test_who_may_not_change_an_account_may_not_change_its_plan(self):
        companies = {"company_id": self.owner.id, "company_ids": [(6, 0, (self.owner + self.north).ids)]}
        pricing = new_test_user(self.env, "plan_pricing", "telecom_base.group_pricing", **companies)
        support = new_test_user(self.env, "plan_support", "telecom_base.group_support", **companies)
        values = {"account_id": self.acme.id, "plan_id": self.gold.id, "valid_from": self.now + timedelta(hours=1)}
        with self.assertRaises(AccessError):
            self.assignments.with_user(pricing).create(values)
        here = {"allowed_company_ids": self.owner.ids}
        with self.assertRaises(AccessError):
            self.assignments.with_user(support).with_context(**here).create(values)
        both = {"allowed_company_ids": (self.owner + self.north).ids}
        self.assertTrue(self.assignments.with_user(support).with_context(**both).create(values))


@tagged("post_install", "-at_install")
class TestPlanChangePage(RatingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme.write({"rate_plan_id": cls.standard.id, "tz": "Asia/Kolkata"})
        cls.gold = cls.add_plan(cls.north, "Gold", base="parent", default_method="percent", default_percent=50.0)

    def page(self, **values):
        form = Form(self.env["telecom.plan.change"].with_context(default_account_id=self.acme.id))
        for name, value in values.items():
            form[name] = value
        return form

    def test_midnight_is_that_of_the_account(self):
        form = self.page(plan_id=self.gold, when="date", date="2030-03-02")
        self.assertEqual(str(form.valid_from), "2030-03-01 18:30:00")
        self.assertEqual(form.starts, "Saturday 2030-03-02 00:00:00 Asia/Kolkata")
        form.save().action_apply()
        row = self.acme.plan_assignment_ids.filtered("valid_from")
        self.assertEqual((str(row.valid_from), row.starts), ("2030-03-01 18:30:00", "2030-03-02 00:00:00"))

    def test_the_next_midnight_comes_within_a_day(self):
        form = self.page(plan_id=self.gold)
        now = self.env["telecom.plan.assignment"]._now()
        self.assertTrue(now < form.valid_from <= now + timedelta(days=1))
        self.assertEqual((form.valid_from + timedelta(hours=5, minutes=30)).strftime("%H:%M:%S"), "00:00:00")

    def test_a_midnight_that_the_clock_skips_is_the_first_instant_of_the_day(self):
        self.acme.tz = "America/Asuncion"
        form = self.page(plan_id=self.gold, when="date", date="2020-10-04")  # 00:00 became 01:00 there
        self.assertIn(str(form.valid_from), ("2020-10-04 03:00:00", "2020-10-04 04:00:00"))

    def test_prices_before_and_after_are_shown(self):
        shown = str(self.page(plan_id=self.gold).preview)
        for text in ("Testland fixed", "0.025000", "0.030000", "0.012500 a call", "Testland mobile", "0.044000"):
            self.assertIn(text, shown)

    def test_now_holds_at_once(self):
        self.page(plan_id=self.gold, when="now").save().action_apply()
        self.assertEqual(self.acme.rate_plan_id, self.gold)

    def test_what_makes_no_sense_is_refused(self):
        with self.assertRaisesRegex(UserError, "has this plan at that moment already"):
            self.page(plan_id=self.standard).save().action_apply()
        with self.assertRaisesRegex(UserError, "cannot begin in the past"):
            self.page(plan_id=self.gold, when="date", date="2020-01-01").save().action_apply()
        change = self.page(plan_id=self.gold, when="date", date="2030-01-01").save()
        change.date = False
        with self.assertRaisesRegex(UserError, "Choose the first day"):
            change.action_apply()
