from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestBillingRun(InvoiceCase):
    """Each charge is on one document, and documents say what wallets say."""

    def test_a_run_makes_drafts_then_posts_them(self):
        for number in (1, 2, 3):
            self.taxed_call(number)
        before = self.balance(self.acme)
        run = self.made()
        (move,) = run.move_ids
        self.assertEqual((move.state, move.partner_id, move.company_id), ("draft", self.acme.partner_id, self.north))
        self.assertEqual((move.amount_untaxed, move.amount_tax, move.amount_total), (0.15, 0.03, 0.18))
        self.assertEqual(self.lines_of(move), [(1, 0.15, ["VAT 20%"])])
        self.assertIn("3 calls, 11/23/2025", move.invoice_line_ids.name)
        self.assertEqual((run.move_count, run.call_count, run.draft_count), (1, 3, 1))
        self.assertIn("0.18", run.total_text)
        run.action_post()
        self.work_invoices()
        self.assertEqual((run.state, move.state, str(move.invoice_date)), ("posted", "posted", "2025-12-01"))
        self.assertTrue(move.name.startswith("INV/2025/"))
        self.assertEqual(self.balance(self.acme), before)  # 0.18 were charged, 0.18 are invoiced
        self.assert_paid_in_full(self.acme)

    def test_what_is_rounded_goes_to_the_wallet(self):
        self.taxed_call(1, 33_300, 6_660)
        self.taxed_call(2, 33_300, 6_660)
        before = self.balance(self.acme)
        (move,) = self.posted().move_ids
        self.assertEqual((move.amount_untaxed, move.amount_tax, move.amount_total), (0.07, 0.01, 0.08))
        self.assertEqual(self.balance(self.acme), before + 79_920 - 80_000)
        entry = self.env["telecom.wallet.entry"].search([("account_id", "=", self.acme.id)], limit=1, order="id desc")
        self.assertEqual(
            (entry.kind, entry.amount, entry.reference), ("adjustment", -0.00008, f"Rounding of {move.name}")
        )
        self.assert_paid_in_full(self.acme)

    def test_a_reseller_gets_an_invoice_of_its_provider(self):
        self.taxed_call(1)
        (move,) = self.posted(self.owner, account_ids=[(6, 0, self.north_account.ids)]).move_ids
        self.assertEqual((move.company_id, move.amount_total), (self.owner, 0.04))
        self.assert_paid_in_full(self.north_account)

    def test_nothing_is_invoiced_twice(self):
        self.taxed_call(1)
        self.posted()
        again = self.billing()
        again.action_make()
        self.work_invoices()
        self.assertEqual((again.state, again.move_count), ("draft", 0))
        self.assertIn("No calls of these accounts", again.message)
        self.taxed_call(2)  # settled late
        (move,) = self.made().move_ids
        self.assertEqual((move.telecom_call_count, move.amount_total), (1, 0.06))

    def test_discarded_calls_are_free_again(self):
        self.taxed_call(1)
        run = self.made()
        run.action_discard()
        self.work_invoices()
        self.assertEqual((run.state, run.move_count), ("draft", 0))
        self.assertEqual(self.made().move_ids.amount_total, 0.06)

    def test_a_day_ends_in_the_zone_of_the_account(self):
        times = {
            "started_at": "2025-11-30T23:59:30+00:00",
            "answered_at": "2025-11-30T23:59:40+00:00",
            "ended_at": "2025-12-01T00:00:40+00:00",
        }
        self.taxed_call(1, **times)
        self.acme.tz = "Europe/Berlin"  # it is December there
        run = self.billing()
        run.action_make()
        self.work_invoices()
        self.assertEqual((run.state, run.move_count), ("draft", 0))
        self.acme.tz = "Europe/London"
        self.assertEqual(self.made().call_count, 1)

    def test_a_day_that_is_not_over_is_refused(self):
        self.taxed_call(1)
        with self.assertRaisesRegex(UserError, "not over yet in Europe/London"):
            self.billing(date_to=self.today()).action_make()

    def test_prepaid_accounts_are_invoiced_when_they_are_named(self):
        self.taxed_call(1)
        self.acme.write({"mode": "prepaid", "credit_limit": 0.0})
        with self.assertRaisesRegex(UserError, "has no postpaid customers"):
            self.billing().action_make()
        self.assertEqual(self.made(account_ids=[(6, 0, self.acme.ids)]).move_ids.amount_total, 0.06)

    def test_calls_that_were_prepaid_are_not_invoiced_later(self):
        self.taxed_call(1)
        self.acme.write({"mode": "prepaid", "credit_limit": 0.0})
        self.acme.write({"mode": "postpaid", "credit_limit": 10.0})
        self.assertTrue(self.acme.invoice_from)
        run = self.billing()
        run.action_make()
        self.work_invoices()
        self.assertEqual((run.state, run.move_count), ("draft", 0))

    def test_each_set_of_taxes_has_a_line(self):
        self.taxed_call(1)
        self.taxed_call(2, taxes=self.env["account.tax"], tax_micro=0)
        levy = self.tax("Levy", 0.02, amount_type="fixed", sequence=9)
        self.taxed_call(3, 50_000, 30_000, taxes=self.vat | levy)
        self.taxed_call(4, 40_000, 28_000, taxes=self.vat | levy)
        (move,) = self.posted().move_ids
        lines = self.lines_of(move)
        self.assertIn((1, 0.05, []), lines)
        self.assertIn((1, 0.05, ["VAT 20%"]), lines)
        self.assertIn((2, 0.045, ["VAT 20%", "Levy"]), lines)  # flat, once a call
        self.assertEqual(move.amount_untaxed, 0.19)
        self.assert_paid_in_full(self.acme)

    def test_prices_that_include_their_tax(self):
        included = self.tax("VAT in the price", 20, price_include_override="tax_included")
        self.taxed_call(1, 50_000, 10_000, taxes=included)
        self.taxed_call(2, 100_000, 20_000, taxes=included)
        (move,) = self.posted().move_ids
        self.assertEqual((move.amount_untaxed, move.amount_tax, move.amount_total), (0.15, 0.03, 0.18))
        self.assert_paid_in_full(self.acme)

    def test_a_tax_that_was_changed_since_is_told_and_others_are_made(self):
        other = self.open_account(self.north, "Other", mode="postpaid", credit_limit=9.0)
        self.taxed_call(1)
        charges = self.two_charges()
        charges[0] |= {"account_id": other.id}
        self.call_of(2, charges=charges)
        self.acme.tax_ids = False
        self.vat.amount = 21
        run = self.made()
        self.assertEqual(run.move_ids.partner_id, other.partner_id)
        self.assertIn("Acme", run.problem_text)
        self.assertIn("VAT 20%", run.problem_text)
        self.vat.amount = 20
        self.assertEqual(self.made().move_ids.partner_id, self.acme.partner_id)

    def test_calls_that_come_to_nothing_wait(self):
        self.taxed_call(1, 0, 0)
        run = self.billing()
        run.action_make()
        self.work_invoices()
        self.assertEqual((run.state, run.move_count), ("draft", 0))
        self.taxed_call(2)
        self.assertEqual(self.made().call_count, 2)

    def test_a_provider_without_a_journal_is_told_what_to_do(self):
        self.taxed_call(1)
        self.env["account.journal"].search([("company_id", "=", self.north.id), ("type", "=", "sale")]).active = False
        run = self.billing()
        run.action_make()
        self.work_invoices()
        self.assertEqual(run.state, "draft")
        self.assertIn("has no journal for sales", run.message)

    def test_a_document_that_cannot_be_posted_stays_and_is_told(self):
        other = self.open_account(self.north, "Other", mode="postpaid", credit_limit=9.0)
        self.taxed_call(1)
        charges = self.two_charges()
        charges[0] |= {"account_id": other.id}
        self.call_of(2, charges=charges)
        run = self.made()
        wrong = run.move_ids.filtered(lambda move: move.partner_id == other.partner_id)
        wrong.invoice_line_ids.price_unit = 99
        run.action_post()
        self.work_invoices()
        self.assertEqual((run.state, sorted(run.move_ids.mapped("state"))), ("made", ["draft", "posted"]))
        self.assertIn("Other", run.problem_text)
        run.action_discard()
        self.work_invoices()
        self.assertEqual((run.state, run.move_ids.partner_id), ("posted", self.acme.partner_id))
        self.assertEqual(self.made().move_ids.partner_id, other.partner_id)

    def test_a_run_is_of_one_provider_and_of_its_customers(self):
        with self.assertRaisesRegex(ValidationError, "no customer of North Voice"):
            self.billing(account_ids=[(6, 0, self.north_account.ids)])
        stranger = self.env["res.company"].create({"name": "Bakery"})
        with self.assertRaisesRegex(ValidationError, "does not sell telephony"):
            self.billing(stranger)

    def test_what_was_chosen_stays_while_there_are_documents(self):
        self.taxed_call(1)
        run = self.made()
        for refused in (lambda: run.write({"date_to": "2025-11-29"}), run.unlink, run.action_make):
            with self.assertRaises(UserError):
                refused()

    def test_a_server_that_died_leaves_nothing_half_made(self):
        self.taxed_call(1)
        run = self.billing()
        run.action_make()

        class Died(BaseException):
            pass

        whole = type(run).write

        def dies(one, vals):
            if vals.get("state") == "made":  # all drafts are made, nothing committed
                raise Died
            return whole(one, vals)

        with self.assertRaises(Died), patch.object(type(run), "write", dies), self.env.cr.savepoint():
            self.work_invoices()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.move_count), ("making", 0))
        self.work_invoices()
        self.assertEqual((run.state, run.call_count), ("made", 1))

    def test_accountants_bill_and_auditors_look(self):
        self.taxed_call(1)
        accountant, auditor, support = (self.staff(role) for role in ("accountant", "auditor", "support"))
        for person in (accountant, auditor, support):
            person.company_ids |= self.north
        run = self.billing().with_user(accountant).with_context(allowed_company_ids=(self.owner | self.north).ids)
        run.action_make()
        self.work_invoices()
        self.assertEqual((run.state, run.job_user_id), ("made", accountant))
        looked_at = run.with_user(auditor)
        self.assertEqual(looked_at.move_count, 1)
        with self.assertRaises(AccessError):
            looked_at.action_discard()
        run.action_post()
        self.work_invoices()
        self.assertEqual(run.state, "posted")
        with self.assertRaises(AccessError):
            run.with_user(support).read(["name"])
