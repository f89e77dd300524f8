"""The reseller's office: its administrator adds a plan, a customer and a telephone, which calls and is seen calling."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, WIDE, Person
from tests.support.switch import Sip, Switch

SECTIONS = ["Customers", "Telephones", "Numbers", "Calls", "Statement", "Rate Plans", "Resellers"]
OWNER = "Meridian Telecom"


def office(person: Person, section: str = "") -> Page:
    """Open the office, at one of its sections."""
    person.page.goto(f"{person.url}/office")
    expect(person.page.locator(".o_office_entry").first).to_be_visible(timeout=60_000)
    if section:
        go(person, section)
    return person.page


def go(person: Person, section: str) -> None:
    person.page.locator(".o_office_menu").get_by_role("link", name=section, exact=True).click()
    expect(person.page.locator(".o_last_breadcrumb_item")).to_have_text(section)


@pytest.fixture
def north(person) -> Person:
    return person("northwind")


def test_a_reseller_finds_its_own_business_and_nobody_elses(north):
    page = office(north)
    expect(page.locator(".o_office_brand")).to_contain_text("Northwind Voice")
    expect(page.locator(".o_office_entries a[href^='/office/']")).to_have_text([re.compile(name) for name in SECTIONS])
    expect(page.locator(".o_data_row")).to_contain_text(["Acme Trading", "Harbour Cafe"])
    for section in SECTIONS:
        go(north, section)
        expect(page.locator(".o_list_view, .o_view_nocontent").first).to_be_visible()
        expect(page.locator("body")).not_to_contain_text(OWNER)
        expect(page.locator("body")).not_to_contain_text("Lighthouse School")


def test_plan_customer_telephone_and_a_call_that_is_seen(north, switch):
    page = office(north, "Rate Plans")
    north.new()
    north.type(name="Office Plan")
    page.locator("[name='base']").get_by_text("Mark-up on the Provider's Prices").click()
    north.type(default_percent="50")
    north.save()

    go(north, "Customers")
    north.press("New Customer")
    north.type(name="Bakery Bloom")
    north.choose("rate_plan_id", "Office Plan")
    north.press("Create")
    expect(page.locator(".o_form_view [name='partner_id']").first).to_contain_text("Bakery Bloom")
    north.press("Top up")
    north.type(amount="5", reference="Cash")
    north.press("Post")
    expect(page.locator(".oe_stat_button [name='balance']")).to_contain_text("5.00")

    page.locator(".oe_stat_button", has_text="Telephones").click()
    with switch.noticed():
        north.new()
        north.type(name="Shop", extension="701")
        north.save()
        north.press("New Password")
    shown = north.field("sip_password").locator("input, span").first
    password = shown.input_value() if shown.evaluate("node => node.tagName") == "INPUT" else shown.inner_text()
    page.locator(".modal .btn-close, .modal-footer button").first.click()
    username = north.field("sip_username").inner_text()

    point = switch.last_record()
    phone = switch.phone(Sip(username, password))
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    charges = switch.charges(leg["id"])
    assert charges[0]["gross_micro"] > charges[1]["gross_micro"] > 0

    go(north, "Calls")
    row = north.row("442079460000", "Bakery Bloom")
    assert row["answered_s"] == "1"
    go(north, "Statement")
    assert north.row("Bakery Bloom", "Charge")["amount"].startswith("-0.0")


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
