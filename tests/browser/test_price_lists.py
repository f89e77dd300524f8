"""A reseller brings the prices of one of its plans from a file, in its own office."""

from playwright.sync_api import expect

from tests.support.browser import NARROW, WIDE
from tests.support.office import go, office
from tests.support.until import until

LINES = ("Destination,Price per Minute,Connection Fee", "UK fixed,0.031,0.02", "Germany mobile,0.21,0.02", "")


def test_prices_are_uploaded_looked_at_and_applied(person, whole_switch):
    north = person("northwind")
    page = office(north, "Rate Plans")
    north.new()
    north.type(name="From a File", default_percent="60")
    north.save()
    north.press("Import Prices")
    expect(page.locator(".o_last_breadcrumb_item")).to_have_text("Price Lists")
    north.new()
    file = {"name": "retail.csv", "mimeType": "text/csv", "buffer": "\n".join(LINES).encode()}
    page.locator(".o_field_widget[name='file'] input[type=file]").set_input_files(file)
    expect(north.field("file").locator("input.o_input")).to_have_value("retail.csv")
    north.save()
    north.press("Verify")
    expect(north.field("new_count")).to_contain_text("2")
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.set_viewport_size(WIDE)
    north.press("Apply")
    expect(page.get_by_role("button", name="Roll Back")).to_be_visible()
    # they begin with the second after the press; the page of prices opens with those that are in force
    begun = "select from telecom_price_import where applied_at <= now() at time zone 'UTC' and filename = %s"
    until(lambda: whole_switch.all(begun, "retail.csv"), reason="the prices have not begun")
    go(north, "Prices")
    assert north.row("From a File", "Germany mobile")["price"] == "0.2100"
    go(north, "Price Lists")
    assert north.row("retail.csv")["new_count"] == "2"
