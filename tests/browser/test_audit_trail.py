"""Who changed a price: the trail on the plan's page, in its own list, and in the office of the reseller."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import Person, picture
from tests.support.office import go, office


@pytest.fixture
def north(person) -> Person:
    return person("northwind")


@pytest.fixture
def auditor(person) -> Person:
    return person("auditor")


def test_a_resellers_new_price_is_in_its_own_trail_and_in_the_owners(north, auditor):
    page = office(north, "Rate Plans")
    north.new()
    north.type(name="Trail Plan", default_percent="40")
    north.save()
    north.type(default_percent="45")
    north.save()
    go(north, "Changes")
    row = north.row("Trail Plan", "45")
    assert (row["old_value"], row["new_value"], row["action"]) == ("40", "45", "Changed")
    assert "northwind" in row["who"]
    assert {"address", "user_id"}.isdisjoint(row)
    expect(page.locator(".o_list_view")).not_to_contain_text("Meridian")
    picture(page, "trail_office-changes")

    auditor.page.goto(f"{auditor.url}/odoo/telecom-audit")
    row = auditor.row("Trail Plan", "45")
    assert (row["old_value"], row["new_value"], row["door"], row["address"]) == ("40", "45", "Page", "127.0.0.1")
    assert row["category"] == "Price"
    picture(auditor.page, "trail_list")
    auditor.page.locator(".o_data_row", has_text="Trail Plan").first.click()
    expect(auditor.page.locator(".o_form_view .o_field_widget[name='record_name']").first).to_be_visible()
    picture(auditor.page, "trail_line")


def test_the_button_of_a_plan_opens_its_changes_only(auditor):
    auditor.menu("Prices", "Rate Plans")
    auditor.page.locator(".o_data_row").first.click()
    expect(auditor.page.locator(".o_form_view .oe_button_box, .o_form_view .o-form-buttonbox").first).to_be_visible()
    name = auditor.field("name").inner_text()
    auditor.press_stat("Changes")
    expect(auditor.page.locator(".o_last_breadcrumb_item")).to_have_text(f"Changes of {name}")
    picture(auditor.page, "trail_plan")
