"""HTML of one document, its header and footer, made into a PDF."""

import io
import logging
from functools import lru_cache

import weasyprint
from lxml import html
from pypdf import PdfWriter
from weasyprint.urls import URLFetcher

for noisy in ("weasyprint", "fontTools"):
    logging.getLogger(noisy).setLevel(logging.ERROR)  # hundreds of lines about CSS for screens, for each document

FETCH_NOTHING = URLFetcher(allowed_protocols=("data",))
# paper formats without margins: Odoo's reports pad the body by 11 mm, of which header and footer are no part here
OURS = """
.page-header { position: running(page-header); width: 100% }
.page-footer { position: running(page-footer); width: 100% }
html, html body.o_body_pdf.overflow-hidden { overflow: visible !important; height: auto !important }
body.container { max-width: none; padding: 0 }
.o_css_margins .page-header, .o_css_margins .page-footer { box-sizing: border-box; padding: 0 11mm }
span.page::after { content: counter(page) }
span.topage::after { content: counter(pages) }
tr { break-inside: avoid }
"""


@lru_cache(maxsize=8)
def _style(_mark, text):
    """Return a parsed style sheet: parsing that of Odoo's reports takes a second."""
    return weasyprint.CSS(string=text, url_fetcher=FETCH_NOTHING)


def make_pdf(body, header, footer, paper, style=("", "")):
    """Return the PDF (bytes) of one document; header and footer are HTML or ''.

    `style`: a mark that tells it from others, and CSS.
    """
    root = html.fromstring(body)
    for node in root.xpath("//script | //link"):
        node.drop_tree()
    inside = root.find("body") if root.tag == "html" else root
    for name, text in (("page-footer", footer), ("page-header", header)):
        if text:
            box = html.Element("div", {"class": name})
            box.append(html.fromstring(text))
            inside.insert(0, box)
    whole = html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    document = weasyprint.HTML(string=whole, url_fetcher=FETCH_NOTHING)
    sheets = [_style(*style), weasyprint.CSS(string=OURS + paper.css(), url_fetcher=FETCH_NOTHING)]
    return document.write_pdf(stylesheets=sheets)


def parts_of(text, place):
    """Return the HTML of each header or footer that Odoo has collected in one page, in the order of the documents."""
    if not text:
        return []
    return [html.tostring(one, encoding="unicode") for one in html.fromstring(text).xpath(f"//div[@id='{place}']/*")]


def join(documents):
    """Return one PDF of several."""
    if len(documents) == 1:
        return documents[0]
    writer, content = PdfWriter(), io.BytesIO()
    for document in documents:
        writer.append(io.BytesIO(document))
    writer.write(content)
    return content.getvalue()
