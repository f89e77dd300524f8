from decimal import Decimal

from odoo import http
from odoo.addons.portal.controllers.portal import pager
from odoo.addons.telecom_base.tools.refused import FileRefusedError
from odoo.addons.telecom_base.tools.write_table import write_table
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .portal import PAGE, TelecomPortal

OWN_PRICES = "telecom_base.group_reseller_accountant", "telecom_base.group_reseller_admin"
HEADERS = ("Destination", "Group", "Prefixes", "Connection Fee", "Price per Minute", "Connection Fee with Tax",
           "Price per Minute with Tax", "First Interval (s)", "Next Interval (s)", "Other Times",
           "Currency")  # fmt: skip
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MOST_S = 86_400


class TelecomPrices(TelecomPortal):
    """What calls cost whoever looks: customers by their accounts, resellers by the account at their provider."""

    @http.route(["/my/prices", "/my/prices/page/<int:page>"], type="http", auth="user", website=True)
    def my_prices(self, page=1, account=None, search="", number="", seconds="60", **query):
        """Prices of an account, found by name or country, and what would become of a call to a number."""
        accounts = self._telecom_priced_accounts()
        if accounts is None:
            return request.redirect("/my")
        chosen = self._telecom_chosen(accounts, account)
        values = {"accounts": accounts, "account": chosen, "search": search[:60], "number": number[:40]}
        values |= {"seconds": seconds[:6], "lines": [], "asked": None, "problem": None, "pager": None, "told": None}
        values |= {"phones": self._telecom_phones(chosen), "phone": None, "shown": self._telecom_amount}
        if chosen:
            values |= {"phone": self._telecom_chosen(values["phones"], query.get("phone"))}
            values |= self._telecom_asked(chosen, values["phone"], number[:40], seconds)
            values |= self._telecom_found(chosen, search[:60], page)
        return self._telecom_page("portal_prices", "prices", **values)

    @http.route("/my/prices/download", type="http", auth="user", website=True)
    def my_prices_file(self, account=None, kind="xlsx", **_query):
        """All prices of an account as a spreadsheet."""
        accounts = self._telecom_priced_accounts()
        chosen = self._telecom_chosen(accounts, account) if accounts else None
        if not chosen or kind not in TYPES:
            return request.redirect("/my/prices")
        try:
            data = write_table(kind, self._telecom_rows_of_file(chosen))
        except FileRefusedError:
            return request.redirect("/my/prices")
        headers = [
            ("Content-Type", TYPES[kind]),
            ("Content-Disposition", content_disposition(f"prices-{chosen.number}.{kind}")),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(data, headers=headers)

    def _telecom_amount(self, amount):
        """Return a price as it is read: all its decimals, at least four."""
        digits = f"{amount:.6f}".rstrip("0")
        places = max(4, len(digits.partition(".")[2]))
        return request.env["ir.qweb.field.float"].value_to_html(amount, {"precision": places})

    def _telecom_priced_accounts(self):
        """Return the accounts whose prices the person may see; None for people who have none."""
        accounts = self._telecom_accounts()
        if accounts is None and any(map(request.env.user.has_group, OWN_PRICES)):
            accounts = request.env["telecom.billing.account"].search([("is_own_account", "=", True)])
        return accounts

    def _telecom_phones(self, account):
        """Return the telephones of an account that could call."""
        phones = request.env["telecom.phone"]
        domain = [("account_id", "in", account.ids)]
        return phones.search(domain, order="extension, id") if phones.has_access("read") else phones

    def _telecom_chosen(self, records, key):
        """Return the record that was asked for, if it is one of these; else the first."""
        digits = str(key or "")
        asked = records.filtered(lambda one: str(one.id) == digits)
        return asked or records[:1]

    def _telecom_asked(self, account, phone, number, seconds):
        """Return what a call to a number costs and whether it would start, or why that is not known."""
        if not number.strip():
            return {}
        length_s = int(seconds) if seconds.isascii() and seconds.isdecimal() and len(seconds) < 8 else MOST_S + 1
        told = None
        try:
            simulator = request.env["telecom.price.and.route"]
            if phone and length_s <= simulator._longest_s:
                told = simulator._told_outside(phone, number, length_s)
            if told and told["is_free"]:
                return {"told": told}
            return {"told": told, "asked": account._price_of(number, length_s)}
        except UserError as error:
            return {"told": told, "problem": str(error)}

    def _telecom_found(self, account, search, page):
        """Return one page of prices of the destinations that have the words in their name, group or country."""
        destinations_sudo = request.env["telecom.destination"].sudo()  # names of places are no secret
        words = search.strip()
        domain = [
            "|",
            "|",
            ("name", "ilike", words),
            ("group_id.name", "ilike", words),
            ("country_id.name", "ilike", words),
        ]
        total = destinations_sudo.search_count(domain if words else [])
        query = {"account": account.id, "search": words}
        pages = pager(url="/my/prices", url_args=query, total=total, page=page, step=PAGE)
        found_sudo = destinations_sudo.search(domain if words else [], limit=PAGE, offset=pages["offset"])
        return {"lines": account._price_lines(found_sudo), "pager": pages, "total": total}

    def _telecom_rows_of_file(self, account):
        """Yield the rows of a price list: what is sold, without tax and with it."""
        yield list(HEADERS)
        for line in account._price_lines():
            if line["is_sold"]:
                amounts = [Decimal(repr(line[name])) for name in ("fee", "price", "gross_fee", "gross_price")]
                yield [line["name"], line["group"], " ".join(line["prefixes"]), *amounts, line["first_s"],
                       line["next_s"], line["by_time"], account.currency_id.name]  # fmt: skip
