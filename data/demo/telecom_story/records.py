"""Companies, prices, customers and telephones of the story, made once each through Odoo's models."""

from datetime import timedelta

from telecom_demo.prices import load_destination_rows, load_rate_rows
from telecom_demo.records import read_table

LOSS_PREFIX = "336"
FREEPHONE = "442079460900"


def load_records(demo, end):
    """Make what is missing; `end` (naive UTC): the end of the month, from which prices are dated."""
    for name in ("EUR", "GBP", "USD"):
        demo.env.ref(f"base.{name}").active = True
    load_destination_rows(demo, read_table("story/destinations"))
    _load_plans(demo, "owner")
    _load_plans(demo, "northwind")
    load_rate_rows(demo, [row for row in _rates() if row["plan"] in {"wholesale", "direct"}])
    for row in read_table("story/resellers"):
        _load_reseller(demo, row)
        _load_plans(demo, row["key"])
    load_rate_rows(demo, [row for row in _rates() if row["plan"] not in {"wholesale", "direct"}])
    _load_deck(demo, end)
    _load_loss_route(demo)
    for place, row in enumerate(read_table("story/customers")):
        _load_customer(demo, row, place)


def _rates():
    return read_table("story/rates")


def company_of(demo, key):
    """Return the company of a tenant by its key."""
    if key == "owner":
        return demo.ref("owner")
    return demo.ref("reseller") if key == "northwind" else demo.ref(f"tenant_{key}").company_id


def _load_plans(demo, company):
    """Make the plans of one company, which is there already."""
    for row in read_table("story/plans"):
        if row["company"] != company:
            continue
        explicit = row["base"] == "explicit"
        demo.ensure(
            f"plan_{row['key']}",
            "telecom.rate.plan",
            name=row["name"],
            company_id=company_of(demo, company).id,
            currency_id=demo.env.ref(f"base.{row['currency']}").id,
            direction=row["direction"],
            timezone=row["timezone"],
            base=row["base"],
            default_method="none" if explicit else "percent",
            default_percent=float(row.get("default_percent", 0)),
            rounding_method="half_up" if explicit else False,
            rounding_decimals=4,
        )


def _load_reseller(demo, row):
    """Make a reseller with its company, books, account at its provider and tax, as the page New Reseller does."""
    if tenant := demo.ref(f"tenant_{row['key']}"):
        demo.add_company(tenant.company_id)
        return
    provider = demo.env["telecom.tenant"].search([("company_id", "=", company_of(demo, row["provider"]).id)])
    tenant = demo.env["telecom.tenant"]._open_reseller(
        provider,
        {
            "name": row["name"],
            "country": demo.env.ref(f"base.{row['country']}"),
            "tz": row["tz"],
            "currency": demo.env.ref(f"base.{row['currency']}"),
            "tax_name": "VAT" if row["country"] != "us" else "Sales tax",
            "tax_percent": float(row["tax_percent"]),
            "mode": row["mode"],
            "credit_limit": float(row["credit_limit"]),
            "rate_plan": demo.ref(f"plan_{row['plan']}"),
        },
    )
    demo.mark(f"tenant_{row['key']}", tenant)
    demo.mark(row["key"], tenant.account_id)
    demo.add_company(tenant.company_id)


def _load_deck(demo, end):
    """Load the carriers' prices once; they have no external ids, so the first of them carries the mark of all."""
    if demo.ref("story_deck"):
        return
    rates = demo.env["telecom.deck.rate"].create(
        [
            {
                "carrier_id": demo.ref(row["carrier"]).id,
                "direction": row["direction"],
                "prefix": row["prefix"],
                "price": float(row["price"]),
                "first_increment_s": int(row["first_increment_s"]),
                "next_increment_s": int(row["next_increment_s"]),
                "valid_from": end - timedelta(days=int(row["since_days"])) if "since_days" in row else False,
            }
            for row in read_table("story/deck")
        ]
    )
    demo.made += len(rates) - 1
    demo.mark("story_deck", demo.ref("atlantic"))


def _load_loss_route(demo):
    """A route that may lose money: somebody wanted France mobile to go on when both carriers became dearer."""
    route = demo.ensure("route_loss", "telecom.route", prefix=LOSS_PREFIX, rule="cost", allow_loss=True)
    for priority, carrier in ((1, "atlantic"), (2, "pacific")):
        demo.ensure(
            f"route_loss_{priority}",
            "telecom.route.line",
            route_id=route.id,
            trunk_id=demo.ref(f"trunk_{carrier}").id,
            priority=priority,
            weight=1,
        )


def _load_customer(demo, row, place):
    """Make contact, account, telephones and number of one customer. `place` in the table makes its numbers."""
    company = company_of(demo, row["provider"])
    country = demo.env.ref(f"base.{row['country']}")
    plan, inbound_plan = demo.ref(f"plan_{row['plan']}"), demo.ref(f"plan_{row.get('inbound_plan')}")
    partner = demo.ensure(
        f"partner_{row['key']}",
        "res.partner",
        name=row["customer"],
        company_id=company.id,
        is_company=row["kind"] == "business",
        country_id=country.id,
        email=f"{row['key']}@example.com",
    )
    account = demo.ensure(
        row["key"],
        "telecom.billing.account",
        company_id=company.id,
        partner_id=partner.id,
        mode=row["mode"],
        currency_id=plan.currency_id.id,
        credit_limit=float(row["credit_limit"]),
        country_id=country.id,
        tz=row["tz"],
        tax_ids=_tax_of(demo, company).ids,
        rate_plan_id=plan.id,
        inbound_rate_plan_id=inbound_plan.id if inbound_plan else False,
    )
    _load_phones(demo, row, account, place)


def _tax_of(demo, company):
    """Return the tax on calls of a company: what its customers pay by default, else the demo's own VAT."""
    tax = company.account_sale_tax_id
    if tax and tax.amount_type == "percent" and company != demo.ref("owner") and company != demo.ref("reseller"):
        return tax
    return _vat(demo, company)


def _vat(demo, company):
    """Return 20 % VAT of the owner or Northwind; the latter's was made with the demo."""
    if company == demo.ref("reseller"):
        return demo.ref("vat")
    group = demo.ensure(
        "story_vat_group", "account.tax.group", name="VAT", company_id=company.id, country_id=company.country_id.id
    )
    return demo.ensure(
        "story_vat",
        "account.tax",
        name="VAT 20% on calls",
        company_id=company.id,
        country_id=company.country_id.id,
        tax_group_id=group.id,
        amount=20.0,
        amount_type="percent",
        type_tax_use="sale",
        price_include_override="tax_excluded",
    )


def _load_phones(demo, row, account, place):
    """Telephones 201, 202 ... that show the customer's number, which rings the first of them."""
    names = ("Reception", "Office", "Back office", "Mobile desk", "Meeting room")
    phones = [
        demo.ensure(
            f"phone_{row['key']}_{i}",
            "telecom.phone",
            account_id=account.id,
            extension=str(201 + i),
            name=names[i] if row["kind"] == "business" else "Home",
        )
        for i in range(int(row["phones"]))
    ]
    if demo.ref(f"number_{row['key']}"):
        return
    target = demo.env["telecom.dial.target"].search([("phone_id", "=", phones[0].id)])
    number = demo.ensure(
        f"number_{row['key']}",
        "telecom.number",
        e164=number_of(row, place),
        company_id=account.company_id.id,
        account_id=account.id,
        target_id=target.id,
    )
    for phone in phones:
        phone.cli_number_id = number


def number_of(row, place):
    """Return the number of the customer at a place of the table, of those set aside for stories."""
    if row.get("inbound_plan"):
        return FREEPHONE
    return {"uk": f"441614960{700 + place}", "de": f"493023125{200 + place}", "us": f"13125550{150 + place}"}[
        row["country"]
    ]
