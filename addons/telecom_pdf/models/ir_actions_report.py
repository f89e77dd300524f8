from collections import OrderedDict

from odoo import api, models

from ..tools.make_pdf import join, make_pdf, parts_of
from ..tools.paper import paper_of

STYLES = "web.report_assets_common"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def get_wkhtmltopdf_state(self):
        """PDFs can always be made: the program that Odoo looks for is not used."""
        return "ok"

    @api.model
    def _run_wkhtmltopdf(  # noqa: PLR0917 - Odoo's signature
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Make the PDF of documents (HTML each) by WeasyPrint, in place of the program of that name."""
        report = self._get_report(report_ref) if report_ref else self
        paper = paper_of(report.get_paperformat(), landscape, specific_paperformat_args or {})
        style = self._telecom_report_style()
        headers = parts_of(header, "minimal_layout_report_headers")
        footers = parts_of(footer, "minimal_layout_report_footers")
        documents = []
        for turn, body in enumerate(bodies):
            above = headers[turn] if turn < len(headers) else ""
            below = footers[turn] if turn < len(footers) else ""
            documents.append(make_pdf(str(body), above, below, paper, style))
        return join(documents)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Make the documents of several records one by one: Odoo would cut them apart by outlines of wkhtmltopdf."""
        prepare = super()._render_qweb_pdf_prepare_streams
        if not res_ids or len(res_ids) != len(set(res_ids)) or len(res_ids) == 1:
            return prepare(report_ref, data, res_ids=res_ids)
        streams = OrderedDict()
        for res_id in res_ids:
            streams.update(prepare(report_ref, dict(data or {}), res_ids=[res_id]))
        return streams

    @api.model
    def _telecom_report_style(self):
        """Return (mark, CSS) of Odoo's reports as it is now; the mark changes with it."""
        attachments = self.env["ir.qweb"]._get_asset_bundle(STYLES, css=True, js=False).css()
        return attachments[:1].checksum, "\n".join(one.raw.decode() for one in attachments)
