from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import InvoiceCase

WHOLE = {"date_from": "2025-11-01 00:00:00", "date_to": "2025-12-01 00:00:00"}


@tagged("post_install", "-at_install")
class TestCreditNotes(InvoiceCase):
    """Periods already invoiced are corrected by a credit note, and only when the user says so."""

    def setUp(self):
        super().setUp()
        for number in (1, 2):
            self.taxed_call(number)
        self.invoice = self.posted().move_ids

    def test_invoiced_calls_are_left_unless_the_user_says_so(self):
        self.rate.price = 0.02
        run = self.previewed()
        self.assertEqual((run.call_count, run.changed_count, run.invoiced_count), (0, 0, 2))
        self.taxed_call(3)
        run = self.previewed()
        self.assertEqual((run.call_count, run.changed_count, run.invoiced_count), (1, 1, 2))

    def test_what_was_too_much_becomes_a_credit_note(self):
        self.rate.price = 0.02  # Acme 0.025 instead of 0.05
        before = self.balance(self.acme)
        run = self.credited()
        self.assertEqual(run.invoiced_count, 2)
        (note,) = run.move_ids
        self.assertEqual((note.move_type, note.state, note.partner_id), ("out_refund", "draft", self.acme.partner_id))
        self.assertEqual((note.amount_untaxed, note.amount_tax, note.amount_total), (0.05, 0.01, 0.06))
        self.assertEqual((note.reversed_entry_id, note.invoice_origin), (self.invoice, self.invoice.name))
        self.assertEqual(sorted(self.lines_of(note)), [(-1, 0.05, ["VAT 20%"]), (1, 0.1, ["VAT 20%"])])
        note.action_post()
        self.assertEqual(self.balance(self.acme), before + 60_000)
        self.assert_paid_in_full(self.acme)
        self.assertFalse(self.north_account.sudo().telecom_move_ids)  # was not invoiced: corrected on its next invoice

    def test_what_was_too_little_becomes_an_invoice(self):
        self.rate.price = 0.08  # Acme 0.1
        (document,) = self.credited().move_ids
        self.assertEqual((document.move_type, document.amount_total), ("out_invoice", 0.12))
        self.assertEqual(document.invoice_origin, self.invoice.name)
        self.assertFalse(document.reversed_entry_id)
        document.action_post()
        self.assert_paid_in_full(self.acme)

    def test_each_invoice_has_its_own_credit_note(self):
        self.taxed_call(3)
        second = self.posted().move_ids
        self.taxed_call(4)  # on no invoice yet
        self.rate.price = 0.02
        run = self.credited()
        found = {note.reversed_entry_id: note.amount_total for note in run.move_ids}
        self.assertEqual(found, {self.invoice: 0.06, second: 0.04})  # 0.025 and 0.005, each rounded
        run.move_ids.action_post()
        (third,) = self.posted().move_ids  # the charge of call 4 and what gave it back cancel each other out
        self.assertEqual((third.amount_total, len(third.invoice_line_ids)), (0.04, 1))
        self.assertEqual([one["calls"] for one in third._telecom_summary()], [1])
        self.assert_paid_in_full(self.acme)

    def test_undo_takes_drafts_away(self):
        self.rate.price = 0.02
        before = self.balance(self.acme)
        run = self.credited()
        run.action_undo()
        self.work()
        self.assertEqual((run.state, run.message, run.move_count), ("undone", False, 0))
        self.assertEqual(self.balance(self.acme), before)
        again = self.billing()
        again.action_make()
        self.work_invoices()
        self.assertEqual((again.state, again.move_count), ("draft", 0))  # it comes to nothing
        self.assert_paid_in_full(self.acme)

    def test_undo_of_a_posted_credit_note_is_an_invoice(self):
        self.rate.price = 0.02
        run = self.credited()
        note = run.move_ids
        note.action_post()
        run.action_undo()
        self.work()
        self.assertEqual((run.state, run.message), ("undone", False))
        back = run.move_ids - note
        self.assertEqual((back.move_type, back.amount_total, back.invoice_origin), ("out_invoice", 0.06, note.name))
        back.action_post()
        self.assert_paid_in_full(self.acme)

    def test_a_second_correction_is_of_the_last_document(self):
        self.rate.price = 0.02
        note = self.credited().move_ids
        note.action_post()
        self.rate.price = 0.06  # Acme 0.075 instead of 0.025
        (second,) = self.credited().move_ids
        self.assertEqual((second.move_type, second.amount_total), ("out_invoice", 0.12))
        self.assertEqual(second.invoice_origin, note.name)
        second.action_post()
        self.assert_paid_in_full(self.acme)

    def test_calls_on_drafts_are_not_corrected(self):
        self.taxed_call(3)
        draft = self.made().move_ids
        self.rate.price = 0.02
        run = self.previewed(invoiced="credit")
        run.action_apply()
        self.work()
        self.assertEqual(run.state, "previewed")
        self.assertIn("on drafts", run.message)
        draft.action_post()
        run.action_apply()
        self.work()
        self.assertEqual((run.state, len(run.move_ids)), ("applied", 2))

    def test_calls_that_were_invoiced_since_the_comparison_are_not_changed(self):
        leg = self.taxed_call(3)
        self.rate.price = 0.02
        run = self.previewed()
        self.posted()
        run.action_apply()
        self.work()
        self.assertEqual(run.state, "previewed")
        self.assertIn("invoiced since: INV/", run.message)
        self.assertEqual(self.amounts(leg, self.acme), [("charge", 60_000)])

    def test_what_was_invoiced_after_a_correction_is_not_undone(self):
        self.taxed_call(3)
        self.rate.price = 0.02
        run = self.applied()
        self.posted()
        run.action_undo()
        self.work()
        self.assertEqual(run.state, "applied")
        self.assertIn("make another re-rating", run.message)
        self.assert_paid_in_full(self.acme)

    def test_to_choose_otherwise_is_to_compare_again(self):
        self.rate.price = 0.02
        run = self.previewed()
        run.invoiced = "credit"
        self.assertEqual(run.state, "draft")

    def test_costs_of_invoiced_calls_are_compared_all_the_same(self):
        run = self.run_of(subject="both")
        self.assertEqual(len(run._charge_conditions()), len(run._call_conditions()) + 1)

    def test_auditors_see_the_documents(self):
        self.rate.price = 0.02
        run = self.credited()
        auditor = self.staff("auditor")
        auditor.company_ids |= self.north
        seen = run.with_user(auditor).with_context(allowed_company_ids=(self.owner | self.north).ids)
        self.assertEqual((seen.move_count, len(seen.move_ids)), (1, 1))
        with self.assertRaises(AccessError):
            seen.name = "Mine"
