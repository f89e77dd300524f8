import io

from odoo.exceptions import UserError
from odoo.tests import tagged
from pypdf import PdfReader

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestDocument(InvoiceCase):
    """A document of calls says what was charged, and stays so."""

    def test_amounts_of_calls_are_not_changed(self):
        self.taxed_call(1)
        (move,) = self.made().move_ids
        move.invoice_line_ids.price_unit = 1.0
        with self.assertRaisesRegex(UserError, "come to .*1.20.*charged as .*0.06"):
            move.action_post()
        move.invoice_line_ids.price_unit = 0.05
        move.invoice_line_ids.tax_ids = False
        with self.assertRaisesRegex(UserError, "Delete it and make it again"):
            move.action_post()

    def test_other_lines_may_be_added(self):
        self.taxed_call(1)
        (move,) = self.made().move_ids
        move.invoice_line_ids = [(0, 0, {"name": "Router", "price_unit": 30.0, "tax_ids": [(6, 0, self.vat.ids)]})]
        before = self.balance(self.acme)
        move.action_post()
        self.assertEqual((move.state, move.amount_total), ("posted", 36.06))
        self.assertEqual(self.balance(self.acme), before)

    def test_a_posted_document_is_not_taken_back(self):
        self.taxed_call(1)
        (move,) = self.posted().move_ids
        for refused in (move.button_draft, move.button_cancel, move.action_switch_move_type):
            with self.assertRaisesRegex(UserError, "re-rate the calls"):
                refused()

    def test_a_deleted_draft_frees_its_calls(self):
        leg = self.taxed_call(1)
        (move,) = self.made().move_ids
        with self.assertRaisesRegex(UserError, "Delete it while it is a draft"):
            move.button_cancel()
        self.assertEqual(self.charge_of(leg).move_id, move)
        move.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.charge_of(leg).move_id)
        self.assertEqual(self.made().call_count, 1)

    def test_the_rounding_of_a_failed_posting_goes_with_the_draft(self):
        self.taxed_call(1, 33_300, 6_660)
        (move,) = self.made().move_ids
        before = self.balance(self.acme)
        move._telecom_post_rounding()  # in a transaction of its own; then the server died
        self.assertNotEqual(self.balance(self.acme), before)
        move.unlink()
        self.assertEqual(self.balance(self.acme), before)
        self.posted()
        self.assert_paid_in_full(self.acme)

    def test_calls_are_found_by_their_document(self):
        first, second = self.taxed_call(1), self.taxed_call(2)
        (move,) = self.made(account_ids=[(6, 0, self.acme.ids)]).move_ids
        charges = self.env["telecom.call.charge"]
        mine = charges.search(move.action_open_telecom_charges()["domain"])
        self.assertEqual(set(mine.mapped("leg_uniqueid")), {first, second})
        self.assertEqual(mine.account_id, self.acme)
        waiting = charges.search([("move_id", "=", False), ("account_id", "in", (self.acme | self.north_account).ids)])
        self.assertEqual(waiting.account_id, self.north_account)
        self.assertEqual(charges.search([("move_id", "!=", False), ("id", "in", (mine | waiting).ids)]), mine)

    def test_the_pdf_tells_what_the_calls_were(self):
        self.taxed_call(1, 33_300, 6_660)
        self.taxed_call(2, 33_300, 6_660)
        (move,) = self.posted().move_ids
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True).with_company(self.north)
        content, _kind = reports._render_qweb_pdf("account.report_invoice", res_ids=move.ids)
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        for expected in (move.name, "Calls by Destination", "Rerate Land", "0:02:00", "0.0666", "0.07992", "0.08"):
            self.assertIn(expected, text)

    def test_amounts_are_shown_as_they_are(self):
        moves = self.env["account.move"]
        for micros, decimals, shown in (
            ((0,), 2, ["0.00"]),
            ((50_000, -3_000_000), 2, ["0.05", "-3.00"]),
            ((12_345_600, -100), 4, ["12.3456", "-0.0001"]),
            ((1, 3_000_000), 6, ["0.000001", "3.000000"]),
        ):
            self.assertEqual(moves._telecom_decimals(micros, self.euro), decimals)
            self.assertEqual([moves._telecom_amount(one, decimals) for one in micros], shown)

    def charge_of(self, leg):
        return self.env["telecom.call.charge"].search(
            [("leg_uniqueid", "=", leg), ("account_id", "=", self.acme.id)], limit=1
        )
