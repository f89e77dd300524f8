from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import floor
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from odoo import models
from odoo.addons.telecom_base.tools.sql import sql_text
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.misc import format_date

from telecom_switch_bridge.core.money import MICRO
from telecom_switch_bridge.core.tax import shares_of, tax_from_json


class Terms(NamedTuple):
    """Odoo's taxes of a line; whether one of them is a flat amount; what its price is of the net amount, exactly."""

    taxes: Any
    flat: bool
    of_net: Fraction


class TelecomInvoiceMaker(models.AbstractModel):
    """Makes draft documents of charges that are on none yet.

    One for an account; one more for each document whose calls a re-rating has changed since. A line for each set of
    taxes that the calls were charged with, and what is given back apart. Taxes and totals are Odoo's.
    """

    _name = "telecom.invoice.maker"
    _description = "Invoices of Calls"

    def _take_turn(self):
        """Be the only one who makes documents of calls, or corrects calls, until the transaction ends."""
        self.env.cr.execute("update telecom_invoice_turn set turn = turn + 1")

    def _make(self, accounts, *, since=None, until=None, runs=None, values=None, tell=lambda _share: None):
        """Make what is due; return the drafts and why accounts had to be left out, in words, by account.

        `since`, `until`: of calls, as instants, for each account. `runs`: only what these re-ratings changed of calls
        that were on a document (a negative one: its undoing). `values`: further ones of each document. `tell`: is told
        the share that is done, 0 to 1. What comes to nothing stays where it is, until it comes to something.
        """
        since, until = since or [None] * len(accounts), until or [None] * len(accounts)
        self.env.flush_all()
        self.env.cr.execute(SQL(sql_text("telecom_invoice", "choose.sql"), accounts.ids, since, until, runs, runs))
        if runs:
            self.env.cr.execute("delete from telecom_invoice_chosen where corrects_id is null")
        self.env.cr.execute(sql_text("telecom_invoice", "parts.sql"))
        parts = self.env.cr.dictfetchall()
        documents = [list(one) for _key, one in groupby(parts, lambda part: (part["account_id"], part["corrects_id"]))]
        made, problems = self.env["account.move"].sudo(), {}
        for place, document in enumerate(documents):
            account = accounts.browse(document[0]["account_id"])
            try:
                with self.env.cr.savepoint():
                    made |= self._make_one(account, document, values or {})
            except UserError as error:
                problems[account] = str(error)
            tell((place + 1) / len(documents))
        return made, problems

    def _make_one(self, account, parts, values):
        """Return the draft of one document; none when it comes to nothing."""
        account = account.sudo()
        currency = account.currency_id
        gross = sum(part["gross_micro"] for part in parts)
        if not rounded(gross, currency):
            return self.env["account.move"]
        corrected = self.env["account.move"].sudo().browse(parts[0]["corrects_id"] or False)
        moves = self.env["account.move"].sudo().with_company(account.company_id)
        moves = moves.with_context(lang=account.partner_id.lang or self.env.lang)
        sign = 1 if gross > 0 else -1
        move = moves.create(
            {
                "move_type": "out_invoice" if sign > 0 else "out_refund",
                "partner_id": account.partner_id.id,
                "journal_id": self._journal(account.company_id).id,
                "currency_id": currency.id,
                "telecom_account_id": account.id,
                "telecom_call_count": sum(part["calls"] for part in parts if not part["gives_back"]),
                "invoice_origin": corrected.name,
                "reversed_entry_id": corrected.id if sign < 0 and corrected.move_type == "out_invoice" else False,
                "invoice_line_ids": [Command.create(line) for line in self._lines(moves, account, parts, sign)],
                **values,
            }
        )
        self.env.cr.execute(
            """insert into telecom_invoiced_charge (charge_id, started_at, move_id)
               select id, started_at, %s from telecom_invoice_chosen
               where account_id = %s and corrects_id is not distinct from %s""",
            [move.id, account.id, corrected.id or None],
        )
        move.telecom_total = move.amount_total
        move._telecom_check_charges()
        return move

    def _journal(self, company):
        journal = self.env["account.journal"].sudo().search(
            [("company_id", "=", company.id), ("type", "=", "sale")], limit=1
        )  # fmt: skip
        if not journal:
            raise UserError(
                self.env._(
                    "%s has no journal for sales. Choose a chart of accounts for it (Invoicing > Configuration >"
                    " Settings), then make the invoices.",
                    company.name,
                )
            )
        return journal

    def _lines(self, moves, account, parts, sign):
        """Return the values of the lines. Those with the same taxes come to what they are together, rounded once."""
        lines = []
        for frozen, mine in groupby(sorted(parts, key=lambda part: str(part["taxes"])), lambda part: part["taxes"]):
            terms = self._taxes(account, frozen)
            exact, given = 0, 0
            for part in mine:
                exact += part["net_micro"] * terms.of_net
                amount = rounded(exact, account.currency_id) - given
                given += amount
                lines.append(self._line(moves, account, part, sign * amount, terms))
        return lines

    def _line(self, moves, account, part, amount, terms):
        """Return the values of one line. A flat tax is due once a call that costs something: they are the quantity."""
        quantity = part["costing"] if terms.flat and part["costing"] else 1
        told = {"calls": part["calls"], "days": self._days(moves, account, part)}
        if part["gives_back"]:
            name = moves.env._("Given back: %(calls)s calls, %(days)s", **told)
        else:
            name = moves.env._("%(calls)s calls, %(days)s", **told)
        return {
            "name": name,
            "quantity": -quantity if amount < 0 else quantity,
            "price_unit": float(abs(amount) / quantity),
            "tax_ids": [Command.set(terms.taxes.ids)],
            "telecom_call_count": part["calls"],
        }

    def _days(self, moves, account, part):
        """Return the first and last day of calls, in the account's zone, as the customer writes them."""
        zone = ZoneInfo(account.tz)
        days = [part[name].astimezone(zone).date() for name in ("first_at", "last_at")]
        return " - ".join(format_date(moves.env, day) for day in dict.fromkeys(days))

    def _taxes(self, account, frozen):
        """Return the terms by which Odoo is to tax calls as they were.

        Raises UserError when one of them is another one today: the document would not say what was charged.
        """
        frozen = [tax_from_json(one) for one in frozen]
        found = self.env["account.tax"].sudo()
        for tax in frozen:
            of_today = found.browse(tax.tax_id).exists() if tax.tax_id else self._older(account, tax)
            if not of_today or not _same(of_today._telecom_tax(), tax):
                raise UserError(
                    self.env._(
                        "%(account)s: calls were charged with the tax %(tax)s as it was then; it is there no more, or"
                        " was changed since. Make a tax as it was and re-rate these calls, or set this one back.",
                        account=account.display_name,
                        tax=tax.name,
                    )
                )
            found |= of_today
        contained = sum((share.of_price for share in shares_of(frozen) if share.contained), Fraction(0))
        return Terms(found, any(tax.amount_type == "fixed" for tax in frozen), 1 / (1 - contained))

    def _older(self, account, tax):
        """Return the account's tax of the rate that a call of an older database was charged with."""
        return account.levied_tax_ids.filtered(lambda one: one._telecom_tax().amount == tax.amount)[:1]


def _same(one, other):
    """True when two taxes take the same, whatever they are called."""
    names = ("amount_type", "amount", "price_include", "include_base_amount", "is_base_affected")
    return not other.tax_id or all(getattr(one, name) == getattr(other, name) for name in names)


def rounded(micro, currency):
    """Return an amount of 1/1,000,000 unit, a whole number or a fraction, in units of the currency: half up.

    The one place where what calls came to becomes an amount of a document (charging.md rule 1).
    """
    exact = Fraction(micro) / MICRO / Fraction(str(currency.rounding))
    half_up = floor(abs(exact) + Fraction(1, 2))
    return (half_up if exact >= 0 else -half_up) * Decimal(str(currency.rounding))
