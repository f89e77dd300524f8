"""E-mails in a brand's clothes: its logo above, its footer below, nothing of whose software it is."""

from lxml import html
from markupsafe import escape

MAKER = "odoo.com"
OWN_LOGO = ("/logo.png", "/web/binary/company_logo", "/logo?")


def dress(body, *, name, logo_url="", colour, footer="", contact=""):
    """Return the HTML of an e-mail with the brand around it; pictures of companies' logos inside are taken out."""
    root = html.fragment_fromstring(body or "", create_parent="div")
    _take_out_maker(root)
    _take_out_logos(root)
    inside = str(escape(root.text or "")) + "".join(html.tostring(child, encoding="unicode") for child in root)
    head = (
        f'<img src="{escape(logo_url)}" alt="{escape(name)}" style="max-height:48px;max-width:240px">'
        if logo_url
        else (f'<strong style="font-size:18px;color:{colour}">{escape(name)}</strong>')
    )
    lines = [line for line in (footer, contact) if line]
    below = "<br>".join(str(escape(line)) for line in lines)
    small = "font-size:12px;color:#6b7280;padding:12px 24px"
    return (
        f'<div style="max-width:640px;margin:0 auto"><div style="border-bottom:3px solid {colour};padding:12px 24px">'
        f'{head}</div><div style="padding:12px 0">{inside}</div>'
        + (f'<div style="{small}">{below}</div>' if below else "")
        + "</div>"
    )


def _take_out_maker(root):
    """Take out links to the maker of the software, with the line that they stand in when it says no more than that."""
    for link in root.xpath(f".//a[contains(@href, '{MAKER}')]"):
        line = next((one for one in link.iterancestors() if one.tag in ("td", "div", "p", "span", "tr")), None)
        short = line is not None and line is not root and len(" ".join(line.itertext()).split()) <= 8
        (line if short else link).drop_tree()


def _take_out_logos(root):
    for picture in root.xpath(".//img[@src]"):
        if any(part in picture.get("src") for part in OWN_LOGO):
            picture.drop_tree()
