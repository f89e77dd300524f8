"""The reseller's office: its administrator adds a plan, a customer and a telephone, which calls and is seen calling."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import NARROW, WIDE, Person
from tests.support.office import go, office
from tests.support.switch import Switch

SECTIONS = [
    *("Dashboard", "Customers", "Telephones", "Numbers", "Ring Groups", "Classes of Service"),
    *("Fraud Rules", "Calls Now", "Calls"),
    *(
        "Included Minutes",
        "Statement",
        "Rate Plans",
        "Prices",
        "Price Lists",
        "Peak and Off-peak",
        "Holidays",
        "Resellers",
        "Brand",
        "Changes",
    ),
]
OWNER = "Meridian Telecom"


@pytest.fixture
def north(person) -> Person:
    return person("northwind")


def test_a_reseller_finds_its_own_business_and_nobody_elses(north):
    page = office(north)
    expect(page.locator(".o_telecom_dashboard .o_dashboard_tile").first).to_be_visible()
    expect(page.locator(".o_office_brand")).to_contain_text("Northwind Voice")
    expect(page.locator(".o_office_entries a[href^='/office/']")).to_have_text([re.compile(name) for name in SECTIONS])
    go(north, "Customers")
    expect(page.locator(".o_data_row")).to_contain_text(["Acme Trading", "Harbour Cafe"])
    for section in SECTIONS:
        go(north, section)
        content = ".o_list_view, .o_kanban_view, .o_view_nocontent, .o_telecom_dashboard"
        expect(page.locator(content).first).to_be_visible()
        expect(page.locator("body")).not_to_contain_text(OWNER)
        expect(page.locator("body")).not_to_contain_text("Lighthouse School")


def test_a_customers_plan_changes_at_a_date(north):
    page = office(north, "Rate Plans")
    north.new()
    north.type(name="Later Plan", default_percent="60")
    north.save()
    go(north, "Customers")
    page.locator(".o_data_row", has_text="Acme Trading").click()
    north.press("Change Plan")
    north.choose("plan_id", "Later Plan")
    north.scope.get_by_label("Midnight of a date").check()
    north.type(date="01/31/2031")
    north.field("date").locator("input").press("Tab")
    expect(north.field("starts")).to_contain_text("2031-01-31 00:00:00")
    north.scope.locator(".modal-footer").get_by_role("button", name="Change Plan").click()
    planned = page.locator(".o_field_widget[name='plan_assignment_ids'] .o_data_row", has_text="Later Plan")
    expect(planned).to_contain_text("Planned")
    planned.get_by_role("button", name="Cancel").click()
    page.locator(".modal-footer").get_by_role("button", name="Cancel the Change").click()
    expect(planned).to_have_count(0)


def test_a_number_is_given_to_a_customer_and_rings_its_telephone(north, switch):
    page = office(north, "Numbers")
    digits = page.locator(".o_data_row td[name='e164']").first.inner_text()
    page.locator(".o_data_row").first.click()
    north.choose("account_id", "Acme Trading")
    north.choose("target_id", "101")
    north.save()
    row = switch.one(
        "select phone.extension from telecom_number number"
        " join telecom_dial_target target on target.id = number.target_id"
        " join telecom_phone phone on phone.id = target.phone_id where number.e164 = %s",
        digits,
    )
    assert row["extension"] == "101"


def test_what_is_wrong_is_said_and_nothing_is_made(north):
    page = office(north, "Customers")
    north.press("New Customer")
    north.type(name="Nobody", email="no address")
    north.press("Create")
    expect(page.locator(".modal, .o_notification").filter(has_text="not an e-mail address").first).to_be_visible()
    page.keyboard.press("Escape")
    office(north, "Customers")
    expect(page.locator(".o_data_row").filter(has_text="Nobody")).to_have_count(0)


def test_a_customer_sees_its_own_account_and_changes_nothing(person):
    acme = person("acme")
    page = office(acme, "Accounts")
    expect(page.locator(".o_data_row")).to_have_count(1)
    expect(page.locator(".o_control_panel").get_by_role("button", name="New", exact=True)).to_have_count(0)
    page.locator(".o_data_row").first.click()
    expect(page.locator(".o_form_view [name='partner_id']").first).to_contain_text("Acme Trading")
    for button in ("Top up", "Suspend"):
        expect(page.locator(".o_form_view").get_by_role("button", name=button, exact=True)).to_have_count(0)
    expect(page.locator("[name='rate_plan_id']")).to_have_count(0)


def test_a_customers_administrator_forwards_its_telephone(person, switch):
    acme = person("acme")
    page = office(acme, "Telephones")
    expect(page.locator(".o_control_panel").get_by_role("button", name="New", exact=True)).to_have_count(0)
    page.locator(".o_data_row").filter(has_text="102").first.click()
    acme.field("forward_always_id").locator("input").fill("447700900321")
    page.locator(".o-autocomplete--dropdown-item a", has_text="Create and edit").click()
    acme.type(external_number="+44 7700 900321")
    acme.scope.get_by_role("button", name="Save").first.click()
    acme.save()
    row = switch.one(
        "select external_number from telecom_dial_target target"
        " join telecom_phone phone on phone.forward_always_id = target.id where phone.sip_username like %s",
        "%-102",
    )
    assert row["external_number"] == "447700900321"
    acme.field("forward_always_id").locator("input").fill("")
    acme.field("forward_always_id").locator("input").press("Tab")
    acme.save()


def test_the_menu_opens_on_a_telephones_screen(north):
    page = north.page
    page.set_viewport_size(NARROW)
    try:
        page.goto(f"{north.url}/office")
        expect(page.locator(".o_office_brand")).to_be_visible(timeout=60_000)
        expect(page.locator(".o_office_entries")).to_be_hidden()
        page.locator(".o_office_toggle").click()
        page.locator(".o_office_menu").get_by_role("link", name="Calls", exact=True).click()
        expect(page.locator(".o_office_entries")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    finally:
        page.set_viewport_size(WIDE)


def test_staff_and_strangers_have_no_office(person, switch: Switch):
    support = person("support")
    support.page.goto(f"{support.url}/office")
    expect(support.page.locator(".o_main_navbar")).to_be_visible()
    assert "/odoo" in support.page.url
