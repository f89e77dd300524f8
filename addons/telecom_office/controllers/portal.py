from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.http import request

from ..sections import sections_of

PAGE = 50
OWN = [("is_own_account", "=", False)]  # what a reseller pays its provider is in its office, not among its customers'


class TelecomPortal(CustomerPortal):
    """Plain pages for customers: their accounts, calls and statement. Record rules decide what is theirs."""

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        values["telecom_office"] = bool(sections_of(request.env.user))
        values["telecom_customer"] = request.env.user.has_group("telecom_base.group_customer_user")
        values["telecom_priced"] = values["telecom_customer"] or any(
            request.env.user.has_group(f"telecom_base.group_reseller_{role}") for role in ("accountant", "admin")
        )
        return values

    @http.route("/my/accounts", type="http", auth="user", website=True)
    def my_accounts(self, **_query):
        """Balance and telephones of each account."""
        accounts = self._telecom_accounts()
        if accounts is None:
            return request.redirect("/my")
        phones = request.env["telecom.phone"].search([("account_id", "in", accounts.ids)])
        by_account = phones.grouped("account_id")
        return self._telecom_page("portal_accounts", "accounts", accounts=accounts, phones=by_account)

    @http.route(["/my/calls", "/my/calls/page/<int:page>"], type="http", auth="user", website=True)
    def my_calls(self, page=1, **_query):
        """Calls with what they cost, newest first."""
        return self._telecom_rows("portal_calls", "calls", "telecom.call.charge", page)

    @http.route(["/my/statement", "/my/statement/page/<int:page>"], type="http", auth="user", website=True)
    def my_statement(self, page=1, **_query):
        """Every movement of the balance, newest first."""
        return self._telecom_rows("portal_statement", "statement", "telecom.wallet.entry", page)

    def _telecom_accounts(self):
        """Return the customer's accounts; None for people who are no customers."""
        if not request.env.user.has_group("telecom_base.group_customer_user"):
            return None
        return request.env["telecom.billing.account"].search(OWN, order="number")

    def _telecom_rows(self, template, name, model, page):
        """Show one page of rows of the customer's accounts."""
        accounts = self._telecom_accounts()
        if accounts is None:
            return request.redirect("/my")
        rows, domain = request.env[model], [("account_id", "in", accounts.ids)]
        pages = pager(url=f"/my/{name}", total=rows.search_count(domain), page=page, step=PAGE)
        found = rows.search(domain, limit=PAGE, offset=pages["offset"])
        return self._telecom_page(template, name, rows=found, pager=pages, accounts=accounts)

    def _telecom_page(self, template, name, **values):
        layout = self._prepare_portal_layout_values()
        return request.render(f"telecom_office.{template}", {**layout, "page_name": f"telecom_{name}", **values})
