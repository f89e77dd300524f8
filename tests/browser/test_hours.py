"""Prices by time, destinations of a country and the margin of a plan, by clicking and typing only."""

import re

from playwright.sync_api import expect

from tests.support.browser import FIRST_PAGE_MS, NARROW, WIDE
from tests.support.office import go, office


def days(person, *wanted: str) -> None:
    """Tick these weekdays in the line that is being edited, and no others."""
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        box = person.field(day).locator("input[type=checkbox]")
        if box.is_checked() != (day in wanted):
            box.click()


def add_band(person, name: str, wanted: tuple[str, ...], begins: str, ends: str) -> None:
    person.add_line()
    person.type(name=name)
    person.add_line()
    days(person, *wanted)
    person.type(from_hour=begins, to_hour=ends)
    person.scope.locator(".o_form_button_save, .modal-footer .btn-primary").first.click()
    expect(person.page.locator(".modal")).to_have_count(0)


def margin(person) -> None:
    """Open the margin of the plan that is shown, and wait for its list: the plan's own has the same destinations."""
    person.press("Margin")
    expect(person.page.locator(".o_list_view .o_data_row td[name='margin']").first).to_be_visible()


def test_a_plan_gets_off_peak_prices_and_shows_its_week(person):
    pricing = person("pricing")
    pricing.menu("Prices", "Peak and Off-peak")
    pricing.new()
    pricing.type(name="Office hours")
    add_band(pricing, "Weekend", ("sat", "sun"), "00:00", "24:00")
    add_band(pricing, "Evening", ("mon", "tue", "wed", "thu", "fri"), "18:00", "24:00")
    pricing.save()
    expect(pricing.field("week")).to_contain_text("Weekend")
    assert pricing.row("Evening")["times"] == "Mon-Fri 18:00-24:00"

    pricing.menu("Prices", "Rate Plans")
    pricing.page.get_by_role("cell", name="Meridian Direct").click()
    pricing.page.get_by_role("tab", name="Prices by Time").click()
    pricing.choose("band_set_id", "Office hours")
    pricing.save()
    expect(pricing.page.get_by_text("No rate has prices by time yet")).to_be_visible()

    pricing.menu("Prices", "All Rates", "Rates")
    pricing.page.locator(".o_data_row", has_text="Meridian Direct").filter(has_text="UK fixed").first.click()
    pricing.add_line()
    pricing.choose("band_id", "Evening")
    pricing.type(price="0.011")
    pricing.save()
    expect(pricing.field("week")).to_contain_text("0.011 per minute")

    pricing.menu("Prices", "Rate Plans")
    pricing.page.get_by_role("cell", name="Meridian Direct").click()
    pricing.page.get_by_role("tab", name="Prices by Time").click()
    expect(pricing.field("week").locator("table")).to_contain_text("0.011")


def test_times_over_midnight_are_refused_in_words(person):
    pricing = person("pricing")
    pricing.menu("Prices", "Peak and Off-peak")
    pricing.new()
    pricing.type(name="Nights")
    add_band(pricing, "Night", ("mon",), "20:00", "08:00")
    assert "Over midnight give two" in pricing.save_refused()


def test_a_number_is_tested(person):
    pricing = person("pricing")
    pricing.menu("Prices", "Test a Number")
    pricing.type(number="020 7946 0000")
    pricing.field("number").locator("input").press("Tab")
    expect(pricing.field("e164")).to_contain_text("442079460000")
    expect(pricing.field("prices")).to_contain_text("Meridian Direct")
    expect(pricing.field("numbering_plan")).to_contain_text("United Kingdom")


def test_destinations_of_a_country_are_loaded(person):
    pricing = person("pricing")
    pricing.menu("Prices", "Destinations")
    pricing.press("Load the World")
    pricing.choose("country_ids", "Malta")
    expect(pricing.field("preview")).to_contain_text("+ Malta Mobile")
    pricing.press("Add Them")
    expect(pricing.page.locator(".modal")).to_have_count(0)
    pricing.page.locator(".o_searchview_input").fill("Malta")
    pricing.page.locator(".o_searchview_input").press("Enter")
    assert pricing.row("Malta Mobile")["network_type"] == "Mobile"


def test_the_margin_of_a_plan(person):
    pricing = person("pricing")
    pricing.menu("Prices", "Rate Plans")
    pricing.page.get_by_role("cell", name="Meridian Wholesale").click()
    margin(pricing)
    row = pricing.row("UK fixed")
    assert (row["state"], row["carrier_id"]) == ("Gain", "Atlantic Carrier")
    assert float(row["margin"]) > 0


def test_a_reseller_sets_prices_of_its_own_and_sees_what_it_earns(person):
    north = person("northwind")
    page = office(north, "Prices")
    north.new()
    north.choose("plan_id", "Northwind Standard")
    north.choose("destination_id", "Germany mobile")
    north.type(price="0.5")
    north.save()
    go(north, "Prices")
    assert north.row("Germany mobile")["price"] == "0.5000"
    go(north, "Rate Plans")
    page.locator(".o_data_row", has_text="Northwind Standard").click()
    margin(north)
    row = north.row("Germany mobile")
    assert float(row["price"]) == 1.5
    assert "carrier_id" not in row
    for section in ("Peak and Off-peak", "Holidays"):
        go(north, section)
        expect(page.locator(".o_view_nocontent, .o_list_view").first).to_be_visible()


def test_a_customer_finds_its_prices(person):
    acme = person("acme")
    acme.page.goto(f"{acme.url}/my/prices", timeout=FIRST_PAGE_MS)
    acme.page.fill("#number", "0044 20 7946 0000")
    acme.page.get_by_role("button", name="Show", exact=True).click()
    expect(acme.page.locator(".o_telecom_answer")).to_contain_text(re.compile(r"442079460000.*UK fixed", re.DOTALL))
    told = acme.page.locator(".o_telecom_told")
    expect(told).to_contain_text("it would start now")
    told.locator("summary").click()
    expect(told.locator("details")).to_contain_text("answered 60 s")
    acme.page.set_viewport_size(NARROW)
    assert acme.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    acme.page.set_viewport_size(WIDE)
    acme.page.fill("#number", "102")
    acme.page.get_by_role("button", name="Show", exact=True).click()
    expect(told).to_contain_text("one of your own telephones")
    acme.page.fill("#search", "germany")
    acme.page.get_by_role("button", name="Show", exact=True).click()
    expect(acme.page.locator("main, .o_portal_wrap").first).to_contain_text("Germany mobile")
    expect(acme.page.locator("body")).not_to_contain_text("Meridian")
