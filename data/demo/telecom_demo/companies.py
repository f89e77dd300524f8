"""Owner, reseller, and the billing accounts of their customers."""

from .records import read_table

MICRO = 1_000_000


def load_companies(demo):
    """Return the owner (the company that Odoo began with) and the reseller."""
    demo.env.ref("base.EUR").active = True
    owner = demo.env["telecom.tenant"].search([("parent_id", "=", False)]).company_id
    if not demo.ref("owner"):
        owner.name = "Meridian Telecom"
        _open_books(demo, demo.mark("owner", owner))
    reseller = demo.ref("reseller")
    if not reseller:
        reseller = demo.ensure("reseller", "res.company", name="Northwind Voice")
        demo.env.user.company_ids += reseller
        _open_books(demo, reseller)
    return {"owner": owner, "reseller": reseller}


def _open_books(demo, company):
    """Give a company a chart of accounts, and only then country and currency: the chart would overwrite them."""
    demo.env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
    country = demo.env.ref("base.uk")
    company.write({"country_id": country.id, "account_fiscal_country_id": country.id})
    company.currency_id = demo.env.ref("base.EUR")


def load_accounts(demo, companies):
    """Open the accounts; the reseller becomes a tenant as soon as it has its account with the owner."""
    for row in read_table("accounts"):
        account = _load_account(demo, companies[row["provider"]], row)
        if row["key"] == "northwind":
            _load_tenant(demo, companies, account)


def _load_account(demo, company, row):
    """Open one billing account and pay in what its row says."""
    country = demo.env.ref("base.uk")
    partner = demo.ensure(
        f"partner_{row['key']}",
        "res.partner",
        name=row["customer"],
        company_id=company.id,
        is_company=True,
        country_id=country.id,
    )
    account = demo.ensure(
        row["key"],
        "telecom.billing.account",
        company_id=company.id,
        partner_id=partner.id,
        mode=row["mode"],
        currency_id=demo.env.ref("base.EUR").id,
        credit_limit=float(row["credit_limit"]),
        country_id=country.id,
        tz="Europe/London",
        tax_ids=_load_tax(demo, company).ids if row.get("tax") else [],
    )
    if opening_micro := round(float(row["opening"]) * MICRO):
        demo.env.flush_all()
        demo.env.cr.execute(
            "select telecom_wallet_post(%s, 'topup', %s, %s, 'Demo: first payment', %s)",
            [account.id, opening_micro, f"demo:opening:{account.id}", demo.env.uid],
        )
    return account


def _load_tenant(demo, companies, account):
    parent = demo.env["telecom.tenant"].search([("company_id", "=", companies["owner"].id)])
    demo.ensure(
        "tenant_northwind",
        "telecom.tenant",
        company_id=companies["reseller"].id,
        parent_id=parent.id,
        account_id=account.id,
    )


def _load_tax(demo, company):
    """Return 20 % VAT of a company, added to the price."""
    country = demo.env.ref("base.uk").id
    group = demo.ensure("vat_group", "account.tax.group", name="VAT", company_id=company.id, country_id=country)
    return demo.ensure(
        "vat",
        "account.tax",
        name="VAT 20%",
        company_id=company.id,
        country_id=country,
        tax_group_id=group.id,
        amount=20.0,
        amount_type="percent",
        type_tax_use="sale",
        price_include_override="tax_excluded",
    )
