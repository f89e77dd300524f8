import io

from odoo.tests import tagged
from pypdf import PdfReader

from .common import BrandCase


@tagged("post_install", "-at_install")
class TestBrandDocuments(BrandCase):
    """A document shows the brand of the company that it comes from, whoever prints it."""

    def invoice(self, company, account):
        if not company.chart_template:
            company.account_fiscal_country_id = self.country
            charts = self.env["account.chart.template"].with_company(company)
            charts.try_loading("telecom_light", company=company, install_demo=False)
        line = {"name": "Calls", "price_unit": 12.5, "tax_ids": []}
        values = {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": account.partner_id.id,
            "invoice_line_ids": [(0, 0, line)],
        }
        move = self.env["account.move"].with_company(company).create(values)
        move.action_post()
        return move

    def printed(self, move):
        """Return the text of a PDF and how many pictures stand in it."""
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf("account.report_invoice", res_ids=move.ids)
        pages = PdfReader(io.BytesIO(content)).pages
        return "\n".join(page.extract_text() for page in pages), sum(len(page.images) for page in pages)

    def test_each_brand_prints_its_own_head_foot_and_logo(self):
        self.owners.write({"document_header": "Owner head", "document_footer": "Owner bank"})
        self.norths.write({"document_header": "North head", "document_footer": "North bank", "logo": False})
        owner, owner_pictures = self.printed(self.invoice(self.owner, self.school))
        north, north_pictures = self.printed(self.invoice(self.north, self.acme))
        for text, own, other in ((owner, "Owner", "North"), (north, "North", "Owner")):
            self.assertIn(f"{own} head", text)
            self.assertIn(f"{own} bank", text)
            self.assertNotIn(other, text)
            self.assertNotIn("Odoo", text)
        self.assertEqual((owner_pictures, north_pictures), (1, 0))
