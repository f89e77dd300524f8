"""The rules leave Odoo usable: the owner's staff invoices and is paid, a customer's person opens its pages."""

from odoo.addons.test_telecom.tests.worlds import mark
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..probe.parties import ROLES
from ..probe.rows_books import journal
from .common import ProbeMixin


@tagged("post_install", "-at_install")
class TestDailyWork(ProbeMixin, HttpCase):
    def role(self, name):
        return next(role for role in ROLES if role.name == name)

    def test_the_owners_accountant_invoices_and_is_paid(self):
        env = self.as_role(self.role("owner's accountant"))
        partner = env["res.partner"].create({"name": "Daily"})
        self.assertEqual(partner.company_id, env.company)
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [Command.create({"name": "Line", "price_unit": 10.0, "quantity": 2})],
            }
        )
        move.action_post()
        self.assertEqual(move.state, "posted")
        wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
        wizard.create({"journal_id": journal(env, "bank").id})._create_payments()
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        move._reverse_moves([{"ref": "Back"}])
        partner.message_post(body="Noted")
        self.assertTrue(partner.message_ids)

    def test_a_customers_person_opens_its_pages(self):
        self.authenticate(*[self.users["customer admin"].login] * 2)
        for page in ("/my", "/my/account", "/my/invoices", "/my/security"):
            with self.subTest(page=page):
                self.assertEqual(self.url_open(page).status_code, 200)
        invoice = self.env["account.move"].search(
            [("partner_id", "=", self.rows.worlds.accounts["acme"].partner_id.id), ("state", "=", "posted")], limit=1
        )
        page = self.url_open(f"/my/invoices/{invoice.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(mark("acme"), page.text)

    def test_a_visitor_sees_the_front_page(self):
        self.authenticate(None, None)
        for page in ("/", "/web/login"):
            with self.subTest(page=page):
                self.assertEqual(self.url_open(page).status_code, 200)

    def test_a_new_employee_is_not_put_in_general(self):
        user = self.users["reseller's employee"]
        self.assertFalse(self.env.ref("mail.channel_all_employees").channel_member_ids.partner_id & user.partner_id)
