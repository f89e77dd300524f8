import io

from odoo.tests import TransactionCase, tagged
from pypdf import PdfReader

from ..tools.make_pdf import make_pdf
from ..tools.paper import Paper


def texts(pdf):
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@tagged("post_install", "-at_install")
class TestPdf(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["ir.actions.report"].with_context(force_report_rendering=True)

    def test_header_footer_and_numbers_stand_on_every_page(self):
        rows = "".join(f"<tr><td>Row {number}</td></tr>" for number in range(200))
        body = f"<html><body class='o_body_pdf overflow-hidden'><table>{rows}</table></body></html>"
        footer = "<div>Page <span class='page'></span> / <span class='topage'></span></div>"
        paper = Paper(210, 297, (40, 10, 30, 10))
        pages = texts(make_pdf(body, "<div>The head</div>", footer, paper))
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, 1):
            self.assertIn("The head", page)
            self.assertIn(f"Page {number} / {len(pages)}", page)
        self.assertEqual(sum(page.count("Row ") for page in pages), 200)

    def test_header_and_footer_begin_where_the_text_does(self):
        body = "<html><body class='o_body_pdf o_css_margins'><p style='padding: 0 11mm'>Text</p></body></html>"
        pdf = make_pdf(body, "<div>The head</div>", "<div>The foot</div>", Paper(210, 297, (40, 0, 30, 0)))
        begins = {}

        def note(text, _matrix, place, _font, _size):
            begins.setdefault(round(place[4]), []).append(text.strip())

        PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=note)
        (mm, words) = next((mm, words) for mm, words in begins.items() if "The head" in words)
        self.assertLessEqual({"The head", "The foot", "Text"}, set(words))
        self.assertGreater(mm, 0)

    def test_nothing_is_fetched(self):
        body = (
            "<html><body><img src='http://127.0.0.1:1/x.png'><img src='file:///etc/hostname'>"
            "<p style='background:url(file:///etc/passwd)'>Text</p><script>x</script></body></html>"
        )
        pdf = make_pdf(body, "", "", Paper(210, 297, (10, 10, 10, 10)), ("x", "@import url('file:///etc/passwd');"))
        self.assertEqual([page.strip() for page in texts(pdf)], ["Text"])

    def test_an_invoice_has_its_companys_header_and_footer(self):
        company = self.env.company
        if not company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
        company.write({"report_header": "Our own head", "report_footer": "Our own bank"})
        partners = self.env["res.partner"].create([{"name": "First"}, {"name": "Second"}])
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_line_ids": [(0, 0, {"name": "Calls", "price_unit": 12.5, "tax_ids": []})],
                }
                for partner in partners
            ]
        )
        moves.action_post()
        content, kind = self.reports._render_qweb_pdf("account.report_invoice", res_ids=moves.ids)
        self.assertEqual(kind, "pdf")
        pages = texts(content)
        self.assertEqual(len(pages), 2)
        for page, partner, move in zip(pages, partners, moves, strict=True):
            for word in ("Our own head", "Our own bank", partner.name, move.name, "12.50", "Page 1 / 1"):
                self.assertIn(word, page)
