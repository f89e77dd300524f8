"""What the page Price and Route says, what `./bss explain` says and what a real call is charged are one."""

import json
import subprocess
import sys
import time

from bss_cli.paths import Layout
from tests.support.inbound import new_number, new_price

NUMBER = "02079460000"


def page(switch, **values):
    """The page's answer, as staff of the owner who see costs have it."""
    made = switch.odoo.create("telecom.price.and.route", **values)
    return switch.odoo.call("telecom.price.and.route", [made], "answer")


def explain(switch, *words):
    """`./bss explain --json` with the settings of this bridge."""
    found = subprocess.run(
        [sys.executable, "-m", "telecom_switch_bridge", "explain", *words, "--json", "--config",
         str(switch.folder / "bridge.toml")],
        capture_output=True, text=True, cwd=Layout.find().repo, timeout=30, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
    return json.loads(found.stdout)


def without_instant(answer):
    return {name: value for name, value in answer.items() if name != "at"}


def talk(switch, phone, seconds):
    point = switch.last_record()
    phone.forget()
    phone.dial(NUMBER)
    phone.state("CONFIRMED")
    time.sleep(seconds)
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    return leg


def test_page_command_and_charge_agree(switch):
    acme = switch.account("acme")
    phone = switch.phone("101")
    endpoint = switch.odoo.find("telecom.phone", ("account_id", "=", acme), ("extension", "=", "101"))
    username = switch.odoo.read("telecom.phone", endpoint, "sip_username")
    leg = talk(switch, phone, 1.3)
    seconds = leg["answered_s"]
    shown = page(switch, account_id=acme, phone_id=endpoint, number=NUMBER, seconds=seconds)
    told = explain(switch, username, NUMBER, "--seconds", str(seconds))
    assert without_instant(shown) == without_instant(told)
    charges = switch.charges(leg["id"])
    assert len(charges) == 2
    assert [round(float(one["gross"]) * 1e6) for one in told["levels"]] == [one["gross_micro"] for one in charges]
    assert [one["account_id"] for one in told["levels"]] == [one["account_id"] for one in charges]
    first = told["route"]["tried"][0]
    assert (first["carrier_id"], round(float(first["cost"]) * 1e6)) == (leg["carrier_id"], leg["carrier_cost_micro"])


def test_the_grant_that_is_told_is_the_grant_that_is_given(switch):
    acme, phone = switch.account("acme"), switch.phone("101")
    told = explain(switch, "101", NUMBER)
    phone.dial(NUMBER)
    phone.state("CONFIRMED")
    (reservation,) = switch.reservations()
    assert reservation["granted_s"] == told["credit"]["granted_s"]
    aside = [round(float(one["sets_aside"]) * 1e6) for one in told["credit"]["levels"]]
    assert reservation["amounts_micro"] == aside
    during = page(switch, account_id=acme, number=NUMBER)
    assert during["credit"]["levels"][0]["reserved"] == told["credit"]["levels"][0]["sets_aside"]
    phone.hang_up()
    phone.ended()


def test_a_call_that_comes_in_is_told_and_charged_alike(switch):
    acme = switch.account("acme")
    company = switch.odoo.read("telecom.billing.account", acme, "company_id")[0]
    price = new_price(switch, "Told Numbers", 0.6, company)
    sip = switch.sip("102")
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", acme, inbound_rate_plan_id=price)
    try:
        number = new_number(switch, acme, sip)
        phone = switch.phone("102")
        point = switch.last_record()
        switch.call_in(number, seconds=2)
        (leg,) = switch.settled(point)
        trunk = f"trunk-{switch.odoo.find('telecom.trunk', ('carrier_id', '=', switch.ref('atlantic')))}"
        told = explain(switch, trunk, f"+{number}", "--seconds", str(leg["answered_s"]))
        paid = {one["account_id"]: one["gross_micro"] for one in switch.charges(leg["id"])}
        assert {one["account_id"]: round(float(one["gross"]) * 1e6) for one in told["levels"]} == paid
        assert list(paid) == [acme]
        assert told["direction"] == "inbound"
        phone.close()
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.billing.account", acme, inbound_rate_plan_id=False)
