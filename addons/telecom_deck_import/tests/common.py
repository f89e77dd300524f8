import base64
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase

HEADER = "Prefix,Destination,Price,Connection Fee,First Interval,Next Interval,Valid From,Valid Until"
NOW = datetime(2026, 6, 1, 12, 0)


class PricesCase(TransactionCase):
    """Carrier Baltic (EUR) and its deck, at noon of 1 June 2026 unless a test moves the clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner_company = cls.env["telecom.tenant"].search([("parent_id", "=", False)]).company_id
        cls.baltic = cls.env["telecom.carrier"].create(
            {"name": "Baltic", "company_id": cls.owner_company.id, "currency_id": cls.env.ref("base.EUR").id}
        )

    def setUp(self):
        super().setUp()
        self.now = NOW
        clock = patch.object(fields.Datetime, "now", lambda *args: self.now)
        clock.start()
        self.addCleanup(clock.stop)

    def later(self, **time):
        """Move the clock on."""
        self.now += timedelta(**time)
        self.env.invalidate_all()

    def price(self, prefix, price=0.01, **values):
        """Put a price into the deck by hand."""
        return self.env["telecom.deck.rate"].create(
            {"carrier_id": self.baltic.id, "prefix": prefix, "price": price, **values}
        )

    def upload(self, text, filename="deck.csv", **values):
        data = text.encode() if isinstance(text, str) else text
        target = {} if "plan_id" in values else {"carrier_id": self.baltic.id}
        return self.env["telecom.price.import"].create(
            {"file": base64.b64encode(data), "filename": filename, **target, **values}
        )

    def verified(self, *lines, header=HEADER, **values):
        """Upload lines of a .csv and verify them."""
        one = self.upload("\n".join((header, *lines)) + "\n", **values)
        one.action_verify()
        return one

    def counts(self, one):
        names = ("new", "raised", "lowered", "changed", "closed", "unchanged")
        return {name: one[f"{name}_count"] for name in names if one[f"{name}_count"]}

    def deck(self, direction="outbound"):
        """Return the deck as (prefix, price in micro units, from, to), by prefix and start."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            select prefix, price_micro, valid_from at time zone 'UTC', valid_to at time zone 'UTC'
              from telecom_deck_rate where carrier_id = %s and direction = %s
             order by prefix, valid_from nulls first
            """,
            [self.baltic.id, direction],
        )
        return self.env.cr.fetchall()

    def whole_deck(self):
        """Return every column of every row, to tell whether anything is different."""
        self.env.flush_all()
        self.env.cr.execute(
            "select deck::text from telecom_deck_rate deck where carrier_id = %s order by id", [self.baltic.id]
        )
        return [row for (row,) in self.env.cr.fetchall()]

    def changes(self, one):
        """Return the changes as (result, key, line, price in micro units)."""
        self.env.flush_all()
        self.env.cr.execute(
            "select result, key, line, price_micro from telecom_price_change where import_id = %s order by key, starts",
            [one.id],
        )
        return self.env.cr.fetchall()

    def problems(self, one):
        return [(problem.line, problem.reason) for problem in one.problem_ids]
