"""Puts records, tables and month together."""

import os
from datetime import UTC, datetime
from urllib.parse import quote

from odoo.tools import config
from telecom_demo.records import Demo, read_table

from .invoices import load_invoices
from .month import Story, run_month
from .purses import read_purse
from .records import load_records
from .services import load_services
from .traffic import Caller

END = "telecom_demo.month_end"
"""System parameter: the instant (UTC) at which the month ends, chosen when it is first loaded."""


def load_story(env, dsn, scale=1.0):
    """Make the records, commit, and bring the month into the books; returns (records added, counts of the month)."""
    demo = Demo(env)
    companies = [demo.ref("owner"), demo.ref("reseller")]
    demo.use_companies(companies)
    end = _month_end(env)
    load_records(demo, end)
    env.cr.commit()  # the bridge's code reads it on a connection of its own
    story = _story(demo, dsn, end, scale)
    env.cr.commit()  # nothing of this connection may stand in the month's way
    told = run_month(story)
    load_services(demo, end)
    load_invoices(demo, end)
    env.cr.commit()
    return demo.made, told


def _month_end(env):
    """Return the end of the month (naive UTC): now, when it is loaded for the first time."""
    parameters = env["ir.config_parameter"].sudo()
    if not parameters.get_param(END):
        parameters.set_param(END, datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat())
    return datetime.fromisoformat(parameters.get_param(END))


def _story(demo, dsn, end, scale):
    customers, others = read_table("story/customers"), read_table("story/callers")
    resellers = read_table("story/resellers")
    return Story(
        dsn=dsn,
        end=end.replace(tzinfo=UTC),
        callers=[_caller(demo, row) for row in (*customers, *others) if "calls_a_day" in row],
        purses=[read_purse(demo.ref(row["key"]).id, row, scale) for row in (*resellers, *customers, *others)],
        habits=_habits(),
        fault_rows=read_table("story/faults"),
        carriers={key: demo.ref(key).id for key in ("atlantic", "pacific")},
        inbound_trunk=f"trunk-{demo.ref('trunk_atlantic').id}",
        scale=scale,
    )


def _caller(demo, row):
    account = demo.ref(row["key"])
    phones = demo.env["telecom.phone"].search([("account_id", "=", account.id)], order="extension")
    number = phones.cli_number_id[:1]
    return Caller(
        key=row["key"],
        kind=row["kind"],
        country=account.country_id.code.lower().replace("gb", "uk"),
        tz=account.tz,
        calls_a_day=float(row["calls_a_day"]),
        inbound_a_day=float(row["inbound_a_day"]) if number else 0.0,
        phones=tuple(phones.mapped("sip_username")),
        extensions=tuple(phones.mapped("extension")),
        number=number.e164 or "",
    )


def _habits():
    habits = {}
    for row in read_table("story/habits"):
        for kind in ("business", "residential"):
            habits.setdefault((row["country"], kind), []).append((row["destination"], int(row[kind])))
    return habits


def dsn_of(env):
    """Return how Odoo reaches its own database, for a connection beside it."""
    user, password = quote(config["db_user"] or ""), quote(config["db_password"] or "", safe="")
    host, port = config["db_host"] or "127.0.0.1", config["db_port"] or 5432
    return f"postgresql://{user}:{password}@{host}:{port}/{env.cr.dbname}"


def scale_of(environment=os.environ):
    """Return how many times the usual calls are wanted (BSS_DEMO_SCALE)."""
    return float(environment.get("BSS_DEMO_SCALE", "1"))
