from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from psycopg2 import IntegrityError

from .common import NUMBER, RerateCase


@tagged("post_install", "-at_install")
class TestRerate(RerateCase):
    """What is looked at, and by which prices."""

    def test_a_second_run_of_the_same_changes_nothing(self):
        self.call_of(1)
        self.rate.price = 0.06
        self.applied()
        again = self.previewed()
        self.assertEqual((again.call_count, again.changed_count), (1, 0))
        self.assertFalse(again.sum_ids)
        self.rate.price = 0.05
        self.assertEqual(self.sum_of(self.applied(), self.acme).old_gross, 0.075)
        self.assert_books()

    def test_prices_are_those_of_the_instant_of_the_call(self):
        self.call_of(1)
        self.rate.valid_to = "2025-11-23 22:12:17"  # the call was authorised at :16
        self.rate.copy({"price": 0.06, "valid_from": "2025-11-23 22:12:17", "valid_to": False})
        self.assertEqual(self.previewed().changed_count, 0)
        self.call_of(2, authorised_at="2025-11-23T22:12:17+00:00")
        self.assertEqual(self.previewed().changed_count, 1)

    def test_calls_are_chosen(self):
        self.call_of(1)
        self.rate.price = 0.06
        other = self.place.copy({"name": "Elsewhere"})
        carrier = self.env["telecom.carrier"].create({"name": "Nobody", "company_id": self.owner.id})
        nothing = [
            {"direction": "inbound"},
            {"account_ids": self.school.ids},
            {"plan_ids": self.plan(self.owner, "Other", base="explicit").ids},
            {"destination_ids": other.ids},
            {"carrier_ids": carrier.ids},
            {"date_to": "2025-11-23 22:12:16"},
        ]
        for values in nothing:
            with self.subTest(values=values):
                self.assertEqual(self.previewed(**values).call_count, 0)
        found = [
            {"direction": "outbound"},
            {"account_ids": self.north_account.ids},
            {"plan_ids": self.wholesale.ids},
            {"destination_ids": self.place.ids},
            {"date_from": "2025-11-23 22:12:16", "date_to": "2025-11-23 22:12:17"},
        ]
        for values in found:
            with self.subTest(values=values):
                self.assertEqual(self.previewed(**values).changed_count, 1)

    def test_calls_without_a_new_price_keep_theirs_and_say_why(self):
        leg = self.call_of(1)
        self.rate.unlink()
        run = self.previewed()
        self.assertEqual((run.changed_count, run.fault_count), (0, 1))
        self.assertIn(f"has no price for {NUMBER}", run.fault_text)
        self.assertEqual(self.amounts(leg, self.acme), [("charge", 50_000)])

    def test_who_pays_for_whom_must_be_as_it_was(self):
        self.call_of(1, charges=[self.charge(0, self.acme, 1), self.charge(1, self.school, 1)])
        run = self.previewed()
        self.assertEqual(run.fault_count, 1)
        self.assertIn("who pays for whom has changed", run.fault_text)

    def test_taxes_as_they_were_charged_or_as_they_are_now(self):
        tax = {"tax_id": 1, "name": "VAT 20%", "amount_type": "percent", "amount": 200_000}
        self.call_of(1, charges=self.two_charges({"taxes": [tax]}, tax_micro=10_000))
        self.assertEqual(self.previewed().changed_count, 0)
        now = self.sum_of(self.previewed(taxes="now"), self.acme)
        self.assertEqual((now.tax_difference, now.net_difference), (-0.01, 0.0))
        self.rate.price = 0.06
        self.assertEqual(self.sum_of(self.applied(), self.acme).gross, 0.09)
        self.rate.price = 0.08  # the corrected charge still has its tax
        self.assertEqual(self.sum_of(self.previewed(), self.acme).gross, 0.12)

    def test_what_was_chosen_is_fixed_once_it_is_applied(self):
        self.call_of(1)
        self.rate.price = 0.06
        run = self.previewed()
        run.date_to = "2025-12-02 00:00:00"
        self.assertEqual(run.state, "draft")
        self.assertFalse(self.env["telecom.rerate.line"].search_count([("run_id", "=", run.id)]))
        with self.assertRaisesRegex(UserError, "Draft already"):
            run.action_apply()
        run = self.applied()
        with self.assertRaisesRegex(UserError, "has been applied"):
            run.date_to = "2025-12-03 00:00:00"
        with self.assertRaisesRegex(UserError, "must stay to be seen"):
            run.unlink()

    def test_a_period_and_the_owner_are_needed(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.run_of(date_to="2025-10-01 00:00:00")
        with self.assertRaisesRegex(ValidationError, "owner's company"):
            self.run_of(company_id=self.north.id)

    def test_only_accountants_move_money(self):
        run = self.run_of()
        for role in ("pricing", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                run.with_user(self.staff(role)).action_preview()
        with self.assertRaises(AccessError):
            run.with_user(self.staff("support")).read(["name"])
        run.with_user(self.staff("accountant")).action_preview()
        self.work()
        self.assertEqual(run.state, "previewed")
