"""Real calls by Odoo's own taxes: added, contained in the price, flat beside percent, exempt; at every level."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.odoo import OdooError

ATLANTIC = "02079460000"
FLAT = 50_000
"""A levy of 0.05 a call. A second of Lighthouse costs 0.04 / 60 = 0.000666..., rounded 0.0007 by its plan."""


def make_tax(switch, name: str, company: int, **values) -> int:
    """A sales tax of a company, as an accountant makes it under Invoicing."""
    country = switch.odoo.find("res.country", ("code", "=", "GB"))
    group = switch.odoo.create("account.tax.group", name="Taxes", company_id=company, country_id=country)
    values = {"amount": 20, "price_include_override": "tax_excluded", **values}
    return switch.odoo.create(
        "account.tax", name=f"{name} {time.time_ns()}", company_id=company, country_id=country, tax_group_id=group,
        type_tax_use="sale", **values,
    )  # fmt: skip


@contextmanager
def taxed(switch, account: int, *taxes: int) -> Iterator[None]:
    """The account bears these taxes for a while."""
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, tax_ids=[(6, 0, taxes)])
    try:
        yield
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.billing.account", account, tax_ids=[(5,)])


def call(switch, extension: str) -> list[tuple[int, int, int]]:
    """A call of one second: (net, tax, gross) of each level; what the ledger has for it is compared."""
    point = switch.last_record()
    phone = switch.phone(extension)
    phone.dial(ATLANTIC)
    phone.state("CONFIRMED")
    time.sleep(0.2)
    phone.hang_up()
    phone.ended()
    phone.close()
    (leg,) = switch.settled(point)
    assert leg["answered_s"] == 1
    charges = switch.charges(leg["id"])
    for charge in charges:
        entry = switch.one(
            "select account_id, amount_micro from telecom_wallet_entry where id = %s", charge["entry_id"]
        )
        assert entry == {"account_id": charge["account_id"], "amount_micro": -charge["gross_micro"]}
        lines = charge["terms"].get("tax_lines", [])
        assert sum(line["amount_micro"] for line in lines) == charge["tax_micro"]
    top = charges[-1]
    assert (leg["revenue_net_micro"], leg["revenue_gross_micro"]) == (top["net_micro"], top["gross_micro"])
    return [(charge["net_micro"], charge["tax_micro"], charge["gross_micro"]) for charge in charges]


@pytest.fixture
def lighthouse(switch) -> dict[str, int]:
    account = switch.account("lighthouse")
    company = switch.odoo.read("telecom.billing.account", account, "company_id")[0]
    return {"account": account, "company": company}


def test_tax_added_contained_and_flat(switch, lighthouse):
    company = lighthouse["company"]
    added = make_tax(switch, "VAT", company)
    inside = make_tax(switch, "VAT inside", company, price_include_override="tax_included")
    levy = make_tax(switch, "Levy", company, amount_type="fixed", amount=0.05, sequence=5)
    assert call(switch, "301") == [(700, 0, 700)]  # not liable
    with taxed(switch, lighthouse["account"], added):
        assert call(switch, "301") == [(700, 133, 833)]  # 20 % of the exact 666.66
    with taxed(switch, lighthouse["account"], inside):
        assert call(switch, "301") == [(583, 117, 700)]  # a sixth of the 0.0007 that it pays
    with taxed(switch, lighthouse["account"], added, levy):
        assert call(switch, "301") == [(700, 133 + FLAT, 833 + FLAT)]
    assert call(switch, "301") == [(700, 0, 700)]


def test_an_exempt_customer_pays_the_price_without_the_tax_in_it(switch, lighthouse):
    inside = make_tax(switch, "VAT inside", lighthouse["company"], price_include_override="tax_included")
    partner = switch.odoo.read("telecom.billing.account", lighthouse["account"], "partner_id")[0]
    exempt = switch.odoo.create("account.fiscal.position", name="Diplomats", company_id=lighthouse["company"])
    with taxed(switch, lighthouse["account"], inside):
        with switch.noticed():
            switch.odoo.write("res.partner", partner, property_account_position_id=exempt)
        try:
            assert call(switch, "301") == [(600, 0, 600)]  # 666.66 / 1.2 = 555.55, rounded 0.0006 by the plan
        finally:
            with switch.noticed():
                switch.odoo.write("res.partner", partner, property_account_position_id=False)
        assert call(switch, "301") == [(583, 117, 700)]


def test_a_new_rate_of_a_tax_counts_from_the_next_call(switch, lighthouse):
    tax = make_tax(switch, "VAT", lighthouse["company"])
    with taxed(switch, lighthouse["account"], tax):
        assert call(switch, "301") == [(700, 133, 833)]
        with switch.noticed():
            switch.odoo.write("account.tax", tax, amount=5)
        assert call(switch, "301") == [(700, 33, 733)]


def test_each_level_is_taxed_by_its_own_seller(switch, lighthouse):
    """Northwind sells to Acme without tax, the owner to Northwind with 10 % in the price; then with its own, too."""
    northwind, acme = switch.account("northwind"), switch.account("acme")
    theirs = switch.odoo.read("telecom.billing.account", acme, "company_id")[0]
    owners = make_tax(switch, "Wholesale tax", lighthouse["company"], amount=10, price_include_override="tax_included")
    sellers = make_tax(switch, "Retail tax", theirs, amount=8)
    reseller = (9_364, 936, 10_300)  # 0.01 + 0.02 / 60 = 0.010333, rounded 0.0103; an eleventh of it
    with taxed(switch, northwind, owners):
        assert call(switch, "101") == [(12_900, 0, 12_900), reseller]
        with taxed(switch, acme, sellers):
            assert call(switch, "101") == [(12_900, 1_033, 13_933), reseller]  # 8 % of 0.0129166


def test_a_tax_that_calls_cannot_bear_is_refused_and_the_last_one_stays(switch, lighthouse):
    tax = make_tax(switch, "VAT", lighthouse["company"])
    with taxed(switch, lighthouse["account"], tax):
        with pytest.raises(OdooError, match="its amount must be from 0"):
            switch.odoo.write("account.tax", tax, amount=-5)
        assert call(switch, "301") == [(700, 133, 833)]
