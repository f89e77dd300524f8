import base64
import hashlib
import threading
from urllib.parse import urlsplit

from odoo import api, models, tools
from odoo.http import request
from odoo.tools.mail import formataddr, html2plaintext

from ..tools.colour import ink, link
from ..tools.host_name import asked_host
from ..tools.mail_dress import dress
from .telecom_brand import PRIMARY, SECONDARY


class TelecomBrand(models.Model):
    """Which brand a page or e-mail is made in, and how it looks."""

    _inherit = "telecom.brand"

    # -- which brand -------------------------------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _telecom_hosts(self):
        """Return {host name: id of its brand} of all hosts in use."""
        hosts_sudo = self.env["telecom.brand.host"].sudo().search([("state", "=", "active")])
        return {host.name: host.brand_id.id for host in hosts_sudo}

    @api.model
    def _telecom_of_host(self, header):
        """Return the brand of a host (as in the header Host); none when it is nobody's."""
        return self.sudo().browse(self._telecom_hosts().get(asked_host(header), []))

    @api.model
    def _telecom_visited(self):
        """Return the brand whose host is being visited; none outside of a request, and on hosts that are nobody's.

        Remote calls run without Odoo's `request`, but in the thread that was given the address.
        """
        if request:
            return self._telecom_of_host(request.httprequest.host)
        return self._telecom_of_host(urlsplit(getattr(threading.current_thread(), "url", "") or "").netloc)

    @api.model
    def _telecom_of_company(self, company):
        return self.sudo().search([("company_id", "=", company.id)], limit=1) if company else self.sudo().browse()

    @api.model
    def _telecom_shown(self):
        """Return the brand of the page that is made now: that of the host; on a host of nobody that of the person."""
        if visited := self._telecom_visited():
            return visited
        user = self.env.user
        return self.sudo().browse() if user._is_public() else self._telecom_of_company(user.company_id)

    def _telecom_is_owners(self):
        """Return whether it is the brand of the owner of the system."""
        owner_sudo = self.env["telecom.tenant"].sudo().search([("parent_id", "=", False)], limit=1)
        return bool(self) and self.company_id == owner_sudo.company_id

    # -- how it looks ------------------------------------------------------------------------------------------

    def _telecom_look(self):
        """Return what pages need to know of a brand, of none for a page that tells of nobody."""
        self and self.ensure_one()
        kept = self._telecom_mark()
        return {
            "name": self.name or self.env._("Telephony"),
            "known": bool(self),
            "logo": f"/brand/logo?{kept}" if self.with_context(bin_size=True).logo else "",
            "favicon": f"/brand/favicon?{kept}",
            "style": f"/brand/style.css?{kept}",
            "footer": self.footer or "",
            "support_email": self.support_email or "",
            "support_phone": self.support_phone or "",
            "primary_color": self.primary_color or PRIMARY,
        }

    def _telecom_mark(self):
        """Return a mark that changes with every change of a brand, so that browsers may keep what they have loaded."""
        text = f"{self.id} {self.write_date and self.write_date.isoformat()}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def _telecom_style(self):
        """Return the style of its pages: its colours, then its own."""
        first, second = self.primary_color or PRIMARY, self.secondary_color or SECONDARY
        names = {"primary": first, "secondary": second, "on-primary": ink(first), "on-secondary": ink(second)}
        names["link"] = link(second, first)
        lines = "".join(f"--brand-{name}: {colour};" for name, colour in names.items())
        return f":root {{{lines}}}\n{self.style or ''}\n"

    def _telecom_picture(self, name):
        """Return the bytes of a picture; b'' when there is none."""
        return base64.b64decode(self[name]) if self and self[name] else b""

    def _telecom_page(self, kind):
        """Return the brand's own template of a kind of pages; none when it has none."""
        return self.page_ids.filtered(lambda page: page.kind == kind)[:1]

    def _telecom_sender(self):
        """Return the From line of the brand's e-mails."""
        return formataddr((self.sender_name or self.name, self._telecom_sender_email()))

    def _telecom_sender_email(self):
        """Return the address that e-mails come from: never another company's, whoever writes them."""
        host = (self._telecom_plain_url() or "https://mail.invalid").removeprefix("https://")
        return self.sender_email or self.company_id.email or self.support_email or f"no-reply@{host}"

    def _telecom_mail(self, mail):
        """Return what to change in an outgoing e-mail: where answers go, look, nothing of other companies' servers."""
        contact = " · ".join(filter(None, (self.support_email, self.support_phone)))
        body = dress(
            mail["body"],
            name=self.name,
            logo_url=f"{self.url}/brand/logo" if self.url and self.with_context(bin_size=True).logo else "",
            colour=self.primary_color,
            footer=self.footer or "",
            contact=contact,
        )
        return {
            "reply_to": self.support_email or self._telecom_sender_email(),
            "headers": {name: text for name, text in mail["headers"].items() if name != "Return-Path"},
            "body": body,
            "body_alternative": html2plaintext(body),
        }
