"""What customers have besides calls: prices by hours, included minutes, classes of service, ring groups.

Made after the month, so that its calls do not depend on it. The hours came late: a re-rating of the last week shows
what its calls would have cost by them.
"""

from datetime import timedelta

from telecom_demo.records import read_table

from .records import company_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def load_services(demo, end):
    """Make what is missing; `end` (naive UTC): the end of the month."""
    _load_bands(demo)
    for row in read_table("story/allowances"):
        _load_allowance(demo, row)
    for row in read_table("story/classes"):
        _load_class(demo, row)
    for row in read_table("story/ring_groups"):
        _load_ring_group(demo, row)
    _load_rerating(demo, end)


def _load_bands(demo):
    """Hours of plans; in each band the plan's own rates cost a share (percent) of what they cost otherwise."""
    for sequence, row in enumerate(read_table("story/bands"), start=1):
        plan = demo.ref(f"plan_{row['plan']}")
        key = f"hours_{row['plan']}"
        if not demo.ref(key):
            values = {"name": row["hours"], "company_id": plan.company_id.id}
            plan.band_set_id = demo.ensure(key, "telecom.band.set", **values)
        hours = demo.ref(key)
        key = f"band_{row['plan']}_{row['band']}".replace(" ", "_").lower()
        times = {"from_hour": float(row["from_hour"]), "to_hour": float(row["to_hour"])}
        times |= {day: day in row["days"].split() for day in DAYS}
        is_new = not demo.ref(key)
        band = demo.ensure(key, "telecom.band", name=row["band"], set_id=hours.id, sequence=sequence)
        demo.ensure(f"{key}_{row['from_hour']}", "telecom.band.time", band_id=band.id, **times)
        for rate in plan.rate_ids if is_new else ():
            rate.band_price_ids = [(0, 0, _band_price(rate, band, int(row["share"])))]


def _band_price(rate, band, share):
    increments = {name: rate[name] for name in ("first_increment_s", "next_increment_s")}
    return {
        "band_id": band.id,
        "connect_fee": rate.connect_fee,
        "price": round(rate.price * share / 100, 4),
    } | increments


def _load_allowance(demo, row):
    """Minutes of a plan, or a block of a company that is sold to one account."""
    plan = demo.ref(f"plan_{row['plan']}") if "plan" in row else None
    of = {"plan_id": plan.id} if plan else {"kind": "block", "company_id": company_of(demo, row["company"]).id}
    if not plan:
        of |= {"price": float(row["price"]), "valid_days": int(row["valid_days"])}
    allowance = demo.ensure(
        row["key"],
        "telecom.allowance",
        name=row["name"],
        minutes=int(row["minutes"]),
        rolls_over="rolls_over" in row,
        group_ids=False,
        destination_ids=[demo.ref(key).id for key in row["destinations"].split()],
        **of,
    )
    if "given_to" in row:
        demo.env.cr.commit()  # it is given in a transaction of its own
        give = {"account_id": demo.ref(row["given_to"]).id, "allowance_id": allowance.id, "reference": row["name"]}
        key = {"idempotency_key": f"demo:{row['key']}"}  # a load that was interrupted gives nothing twice
        demo.env["telecom.allowance.give"].create(give | key).action_give()


def _load_class(demo, row):
    """A class of service with one rule, and who has it."""
    if demo.ref(row["key"]):
        return
    rule = {"action": row["action"], "kind": row["kind"], "hours": row.get("hours", "always")}
    if row["kind"] == "country":
        rule["country_id"] = demo.env.ref(f"base.{row['value']}").id
    else:
        rule["network_type"] = row["value"]
    company, account = company_of(demo, row["company"]), demo.ref(row["account"]) if "account" in row else None
    made = demo.ensure(
        row["key"],
        "telecom.service.class",
        name=row["name"],
        company_id=company.id,
        account_id=account.id if account else False,
        other_calls=row["other_calls"],
        tz=account.tz if account else "Europe/London",
        rule_ids=[(0, 0, rule)],
    )
    for key in row.get("accounts", "").split():
        demo.ref(key).service_class_id = made
    for key in row.get("phones", "").split():
        demo.ref(f"phone_{key.rpartition('_')[0]}_{int(key.rpartition('_')[2]) - 1}").service_class_id = made


def _load_ring_group(demo, row):
    """Telephones of an account that ring together, or one after the other."""
    account = demo.ref(row["account"])
    domain = [("phone_id.account_id", "=", account.id), ("phone_id.extension", "in", row["members"].split())]
    targets = demo.env["telecom.dial.target"].search(domain, order="id")
    demo.ensure(
        row["key"],
        "telecom.ring.group",
        name=row["name"],
        account_id=account.id,
        extension=row["extension"],
        strategy=row["strategy"],
        ring_s=int(row["ring_s"]),
        member_ids=[(0, 0, {"target_id": target.id}) for target in targets],
    )


def _load_rerating(demo, end):
    """The preview of a re-rating, to be looked at; nothing is posted."""
    if demo.ref("rerate_hours"):
        return
    plans = demo.ref("plan_direct") | demo.ref("plan_th_home")
    run = demo.ensure(
        "rerate_hours",
        "telecom.rerate.run",
        name="The new hours, for last week",
        company_id=demo.ref("owner").id,
        date_from=end - timedelta(days=7),
        date_to=end,
        plan_ids=plans.ids,
    )
    run.action_preview()
    demo.env["telecom.rerate.run"]._run_queued()
