"""A price list that takes a server some seconds to apply: for stories in which a part dies in the middle of that."""

import base64
from dataclasses import dataclass

from tests.support.db import Database
from tests.support.odoo import Odoo

ROWS = 200_000


@dataclass(frozen=True)
class BigPriceList:
    """A carrier whose deck has one price, and the import of a list with all others."""

    carrier: int
    one: int

    @classmethod
    def upload(cls, database: Database, odoo: Odoo, name: str) -> "BigPriceList":
        """Make the carrier `name` and upload the list; nothing is verified yet."""
        company = database.value("select company_id from telecom_tenant where parent_id is null")
        carrier = odoo.create("telecom.carrier", name=name, company_id=company)
        odoo.create("telecom.deck.rate", carrier_id=carrier, prefix="20000001", price=0.5)
        text = "\n".join(["prefix,price", *(f"{20_000_000 + n},0.01" for n in range(ROWS))])
        file = base64.b64encode(text.encode()).decode()
        return cls(carrier, odoo.create("telecom.price.import", carrier_id=carrier, file=file, filename="big.csv"))


def is_writing(database: Database) -> bool:
    """True while a connection is inserting into the deck."""
    query = "select query from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()"
    return any(row["query"].startswith("insert into telecom_deck_rate") for row in database.all(query))
