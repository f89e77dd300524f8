"""The pages Price and Route and Change Plan, by hand: what support is told is what the call was charged."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.support.browser import NARROW
from tests.support.until import until

NUMBER = "442079460000"
STARTS, REFUSED = ".o_form_view .alert-success:visible", ".o_form_view .alert-danger:visible"


@pytest.fixture
def helpdesk(person):
    """Support that explains invoices: sees what customers pay, not what carriers take."""
    return person("helpdesk")


def talk(switch) -> dict:
    """A call of Acme's reception of two seconds or more; its leg."""
    point = switch.last_record()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(1.2)
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    return leg


def amounts(one) -> list[int]:
    """What each level pays as the page says it (micro-units), the customer first."""
    levels = one.page.locator(".o_price_level .o_price_gross")
    expect(levels.first).to_be_visible()
    return [round(float(words.split()[0]) * 1_000_000) for words in levels.all_inner_texts()]


def open_account(one, name: str) -> None:
    one.menu("Customers", "Billing Accounts")
    one.page.locator(".o_data_row", has_text=name).first.click()
    expect(one.page.locator(".o_form_view .o_field_widget[name='max_calls_outbound']")).to_be_visible()


def test_a_call_record_leads_to_the_steps_of_what_was_charged(switch, helpdesk):
    leg = talk(switch)
    helpdesk.menu("Calls", "Call Records")
    helpdesk.page.locator(".o_data_row", has_text=NUMBER).first.click()
    helpdesk.press("Price and Route")
    expect(helpdesk.page.locator(STARTS)).to_contain_text("The call starts")
    assert amounts(helpdesk) == [one["gross_micro"] for one in switch.charges(leg["id"])]
    expect(helpdesk.page.locator(".o_route_order")).to_have_count(0)
    for secret in ("Atlantic", "Pacific"):
        expect(helpdesk.page.locator(".o_form_view")).not_to_contain_text(secret)
    steps = helpdesk.page.locator(".o_price_level details").first
    expect(steps.locator("div").first).to_be_hidden()
    steps.locator("summary").click()
    expect(steps.locator("div").first).to_be_visible()


def test_an_account_is_asked_about_while_one_types(helpdesk):
    open_account(helpdesk, "Acme Trading")
    helpdesk.press("Price and Route")
    helpdesk.type(number="+44 20 7946 0000", seconds="75")
    helpdesk.field("number").locator("input").press("Tab")
    expect(helpdesk.page.locator(STARTS)).to_contain_text("75 s cost: A100001 Acme Trading 0.043800 EUR")
    assert amounts(helpdesk) == [43_800, 35_000]
    helpdesk.type(number="+81 3 1234 5678")
    helpdesk.field("number").locator("input").press("Tab")
    expect(helpdesk.page.locator(REFUSED)).to_contain_text("has no price for 81312345678")
    helpdesk.type(number="0800 FLOWERS")
    helpdesk.field("number").locator("input").press("Tab")
    expect(helpdesk.page.locator(REFUSED)).to_contain_text("is no number")
    expect(helpdesk.page.locator(".o_price_level")).to_have_count(0)


@pytest.mark.parametrize("size", [None, NARROW])
def test_who_sees_costs_sees_the_order_of_carriers(person, size):
    auditor = person("auditor")
    auditor.menu("Calls", "Price and Route")
    expect(auditor.field("account_id").locator("input")).to_be_editable()  # made on a narrow page it opens a dialog
    if size:
        auditor.page.set_viewport_size(size)
    auditor.choose("account_id", "Acme Trading")
    auditor.type(number="02079460000")
    auditor.field("number").locator("input").press("Tab")
    rows = auditor.page.locator(".o_route_order tbody tr")
    expect(rows).to_have_count(2)
    carriers = [words.split("\t")[1].split("\n")[0].strip() for words in rows.all_inner_texts()]  # then: its quality
    assert carriers == ["Atlantic Carrier", "Pacific Carrier"]
    assert auditor.page.evaluate("document.documentElement.scrollWidth") <= auditor.page.evaluate("innerWidth")


def test_a_change_of_plan_is_dated_shown_and_cancelled(switch, support):
    acme = switch.account("acme")
    plan = switch.odoo.read("telecom.billing.account", acme, "rate_plan_id")
    other = switch.odoo.create(
        "telecom.rate.plan", name="Northwind Friends", base="parent", default_method="percent", default_percent=10,
        company_id=switch.odoo.read("telecom.billing.account", acme, "company_id")[0],
        currency_id=switch.odoo.read("telecom.billing.account", acme, "currency_id")[0],
    )  # fmt: skip
    open_account(support, "Acme Trading")
    support.press("Change Plan")
    support.choose("plan_id", "Northwind Friends")
    preview = support.scope.locator(".o_field_widget[name='preview'] tr", has_text="UK fixed")
    expect(preview).to_have_text(re.compile(r"0\.025000 \+ 0\.012500 a call\s*0\.022000 \+ 0\.011000 a call"))
    expect(support.field("starts")).to_contain_text("00:00:00 Europe/London")
    support.press("Change Plan")
    expect(support.page.locator(".modal")).to_have_count(0)
    assert switch.odoo.read("telecom.billing.account", acme, "rate_plan_id") == plan
    support.page.get_by_role("tab", name="Plans by Date").click()
    assert support.row("Northwind Friends")["state"] == "Planned"
    support.page.locator(".o_data_row", has_text="Northwind Friends").get_by_role("button", name="Cancel").click()
    support.page.locator(".modal").get_by_role("button", name="Cancel the Change").click()
    expect(support.page.locator(".o_data_row", has_text="Northwind Friends")).to_have_count(0)
    until(lambda: not switch.all("select 1 from telecom_plan_assignment where plan_id = %s", other), seconds=5)


def test_the_account_says_how_many_calls_run_of_its_limit(switch, support):
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    open_account(support, "Acme Trading")
    most = support.field("max_calls_outbound").locator("input").input_value()
    expected = f"1 of {most}" if most else "1"
    expect(support.field("calls_outbound_now")).to_have_text(expected)
    phone.hang_up()
    phone.ended()
    until(lambda: not switch.reservations(), seconds=10)
    support.page.reload()
    expect(support.field("calls_outbound_now")).to_have_text(expected.replace("1", "0", 1))
