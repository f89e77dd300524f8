"""Destinations, the owner's plans with their own prices, and the reseller's plan, which marks up what it pays."""

from .records import read_table

COMMON = {"direction": "outbound", "timezone": "Europe/London"}
EXPLICIT = {"base": "explicit", "rounding_method": "half_up", "rounding_decimals": 4}
PLANS = {
    "wholesale": {"name": "Meridian Wholesale", "company": "owner", **EXPLICIT},
    "direct": {"name": "Meridian Direct", "company": "owner", **EXPLICIT},
    "standard": {
        "name": "Northwind Standard",
        "company": "reseller",
        "base": "parent",
        "default_method": "percent",
        "default_percent": 25.0,
    },
}


def load_destinations(demo):
    """Groups, destinations and their prefixes of the table."""
    load_destination_rows(demo, read_table("destinations"))


def load_destination_rows(demo, rows):
    """Groups, destinations and their prefixes."""
    for row in rows:
        group_key = f"group_{row['group']}".replace(" ", "_")
        group = demo.ensure(group_key, "telecom.destination.group", name=row["group"])
        destination = demo.ensure(
            row["key"],
            "telecom.destination",
            name=row["destination"],
            group_id=group.id,
            network_type=row["network_type"],
            country_id=demo.env.ref(f"base.{row['country']}").id,
        )
        for prefix in row["prefixes"].split():
            demo.ensure(f"prefix_{prefix}", "telecom.destination.prefix", prefix=prefix, destination_id=destination.id)


def load_plans(demo, companies):
    """Make the plans and give each account the plan of its row, parents first."""
    accounts = read_table("accounts")
    for key, plan in PLANS.items():
        values = {**COMMON, **plan, "company_id": companies[plan["company"]].id}
        del values["company"]
        record = demo.ensure(f"plan_{key}", "telecom.rate.plan", currency_id=demo.env.ref("base.EUR").id, **values)
        for row in accounts:
            account = demo.ref(row["key"])
            if row["plan"] == key and not account.rate_plan_id:
                account.rate_plan_id = record


def load_rates(demo):
    """Make the rates of the table."""
    load_rate_rows(demo, read_table("rates"))


def load_rate_rows(demo, rows):
    """Make rates of plans."""
    for row in rows:
        plan, destination = row.pop("plan"), row.pop("destination")
        values = {name: value if name == "method" else _number(name, value) for name, value in row.items()}
        values |= {"plan_id": demo.ref(f"plan_{plan}").id, "destination_id": demo.ref(destination).id}
        demo.ensure(f"rate_{plan}_{destination}", "telecom.rate", **values)


def _number(name, text):
    return int(text) if name.endswith("_s") else float(text)
