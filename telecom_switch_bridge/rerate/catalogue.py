"""What prices of stored calls need of the seam, read by whoever has a cursor."""

from collections.abc import Callable, Iterable
from typing import Any

from ..core.currency import CurrencyRate
from ..store.catalogue import LoadedCatalogue
from ..store.queries import query
from ..store.rows import Row, account_of, plain, rate_of
from ..values import AccountPlan, Carrier, Destination, Plan, Rate

Fetch = Callable[[str], Iterable[Row]]
"""Runs one statement without parameters and gives its rows."""


def read_catalogue(fetch: Fetch) -> LoadedCatalogue:
    """Accounts, plans and prices of all dates; a rate that cannot be read is left out, so its calls have no price."""

    def rows(name: str) -> Iterable[Row]:
        return fetch(query(name))

    return LoadedCatalogue(
        account_rows=tuple(map(account_of, rows("accounts"))),
        account_plan_rows=tuple(plain(AccountPlan, row) for row in rows("account_plans")),
        destination_rows=tuple(plain(Destination, row) for row in rows("destinations")),
        prefix_rows=tuple((row["prefix"], row["destination_id"]) for row in rows("prefixes")),
        plan_rows=tuple(plain(Plan, row) for row in rows("plans")),
        currency_rows=tuple(plain(CurrencyRate, row) for row in rows("currency_rates")),
        rate_rows=tuple(rate for rate in map(_rate, rows("rates")) if rate is not None),
    )


def read_carriers(fetch: Fetch) -> dict[int, Carrier]:
    """Carriers by id, with the terms by which they count and round."""
    carriers = (plain(Carrier, row) for row in fetch(query("carriers")))
    return {carrier.carrier_id: carrier for carrier in carriers}


def _rate(row: Any) -> Rate | None:
    try:
        return rate_of(row)
    except (KeyError, TypeError, ValueError):
        return None
