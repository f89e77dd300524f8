from unittest.mock import patch

from odoo import fields
from odoo.addons.telecom_rerate.tests.common import RerateCase

from telecom_switch_bridge.core.tax import tax_to_json


class InvoiceCase(RerateCase):
    """As in RerateCase, but Acme is postpaid, taxed with 20 %, and both sellers have a chart of accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for company in (cls.owner, cls.north):
            if not company.account_fiscal_country_id:
                company.account_fiscal_country_id = cls.country
            if not company.chart_template:
                charts = cls.env["account.chart.template"]
                charts.try_loading("telecom_light", company=company, install_demo=False)
            company.currency_id = cls.euro
        cls.vat = cls.tax("VAT 20%", 20)
        cls.acme.write({"mode": "postpaid", "credit_limit": 100.0, "tax_ids": [(6, 0, cls.vat.ids)]})
        cls.acme.invoice_from = False  # all of its calls, those before today too
        cls.north_account.tax_ids = False
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        patched = patch.object(
            type(self.runs_of_invoices()), "_note_progress", lambda run, *step: self.steps.append(step)
        )
        patched.start()
        self.addCleanup(patched.stop)

    @classmethod
    def tax(cls, name, amount, company=None, **values):
        company = company or cls.north
        group = cls.env["account.tax.group"].create(
            {"name": name, "company_id": company.id, "country_id": company.account_fiscal_country_id.id}
        )
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "company_id": company.id,
                "country_id": company.account_fiscal_country_id.id,
                "tax_group_id": group.id,
                "price_include_override": "tax_excluded",
                **values,
            }
        )

    def runs_of_invoices(self):
        return self.env["telecom.billing.run"]

    def taxed_call(self, number, net_micro=50_000, tax_micro=10_000, taxes=None, **leg):
        """One call of 60 s that Acme pays with tax, and North without; returns the leg's unique id."""
        taxes = self.vat if taxes is None else taxes
        terms = {"taxes": [tax_to_json(tax) for tax in taxes._telecom_taxes()]} if taxes else {}
        charges = self.two_charges(terms)
        charges[0] |= {"net_micro": net_micro, "tax_micro": tax_micro, "gross_micro": net_micro + tax_micro}
        return self.call_of(number, charges=charges, **leg)

    def billing(self, company=None, **values):
        company = company or self.north
        return self.runs_of_invoices().create(
            {"company_id": company.id, "date_to": "2025-11-30", "invoice_date": "2025-12-01", **values}
        )

    def work_invoices(self):
        """What the scheduled action does."""
        self.env.flush_all()
        self.runs_of_invoices()._run_queued()
        self.env.invalidate_all()

    def made(self, company=None, **values):
        run = self.billing(company, **values)
        run.action_make()
        self.work_invoices()
        self.assertEqual((run.state, run.message), ("made", False))
        return run

    def posted(self, company=None, **values):
        run = self.made(company, **values)
        run.action_post()
        self.work_invoices()
        self.assertEqual((run.state, run.problem_text), ("posted", False))
        return run

    def credited(self, **values):
        """A re-rating that corrects invoiced calls, applied; returns it."""
        return self.applied(invoiced="credit", **values)

    def lines_of(self, move):
        return [
            (line.quantity, line.price_unit, line.tax_ids.mapped("name")) for line in move.invoice_line_ids.sorted("id")
        ]

    def assert_paid_in_full(self, account):
        """All that the account's documents say is what its wallet says, to the last unit."""
        moves = self.env["account.move"].search([("telecom_account_id", "=", account.id), ("state", "=", "posted")])
        owed = sum(move._telecom_sign() * round(move.amount_total * 1_000_000) for move in moves)
        self.env.cr.execute(
            "select sum(amount_micro) from telecom_wallet_entry where account_id = %s and kind <> 'topup'", [account.id]
        )
        self.assertEqual(-self.env.cr.fetchone()[0], owed)
        self.assert_books()

    def today(self):
        return fields.Date.today()
