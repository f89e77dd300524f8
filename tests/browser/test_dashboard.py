"""The dashboard after a real call: what it counts, and that a click opens the list it was counted from."""

from playwright.sync_api import expect

from tests.support.browser import NARROW, WIDE
from tests.support.office import office


def tile(page, key):
    return page.locator(f".o_dashboard_tile[data-key='{key}']")


def box(page, key):
    return page.locator(f".o_dashboard_box[data-key='{key}']")


def number(page, key):
    return int(tile(page, key).locator(".o_dashboard_value").inner_text().split()[0].replace(",", ""))


def make_a_call(switch):
    point = switch.last_record()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    return point, phone


def test_the_owner_sees_a_call_now_and_then_counted(switch, person):
    point, phone = make_a_call(switch)
    admin = person("admin")
    admin.page.goto(f"{admin.url}/odoo/telecom-dashboard")
    expect(tile(admin.page, "live").locator(".o_dashboard_value")).to_have_text("1")
    phone.hang_up()
    phone.ended()
    switch.settled(point)
    expect(tile(admin.page, "live").locator(".o_dashboard_value")).to_have_text("0", timeout=15_000)

    admin.page.reload()
    expect(box(admin.page, "traffic").locator("canvas")).to_be_visible()
    expect(box(admin.page, "carriers")).to_contain_text("Atlantic Carrier")
    expect(box(admin.page, "destinations")).to_contain_text("UK fixed")
    legs = number(admin.page, "legs")
    assert legs >= 1
    assert number(admin.page, "legs") == switch.one("select count(*) as legs from telecom_call_record")["legs"]
    box(admin.page, "destinations").get_by_role("link", name="UK fixed").click()
    expect(admin.page.locator(".o_last_breadcrumb_item")).to_have_text("UK fixed")
    expect(admin.page.locator(".o_data_row", has_text="442079460000").first).to_be_visible()
    admin.page.locator(".o_breadcrumb").get_by_text("Dashboard").click()
    expect(tile(admin.page, "legs")).to_be_visible()


def test_a_click_on_a_bar_opens_that_day(switch, person):
    point, phone = make_a_call(switch)
    phone.hang_up()
    phone.ended()
    switch.settled(point)
    admin = person("admin")
    admin.page.goto(f"{admin.url}/odoo/telecom-dashboard")
    admin.page.get_by_role("button", name="7 days").click()
    canvas = box(admin.page, "traffic").locator("canvas")
    expect(canvas).to_be_visible()
    admin.page.wait_for_timeout(300)  # the picture is drawn anew
    size = canvas.bounding_box()
    canvas.click(position={"x": size["width"] * 0.87, "y": size["height"] * 0.6})  # the last of seven days: today
    expect(admin.page.locator(".o_data_row", has_text="442079460000").first).to_be_visible()


def test_a_reseller_and_its_customer_find_theirs_first(switch, person):
    point, phone = make_a_call(switch)
    phone.hang_up()
    phone.ended()
    switch.settled(point)
    for login, key in (("northwind", "sales_EUR"), ("acme", "spent_EUR")):
        page = office(person(login))
        expect(tile(page, key)).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Atlantic")
        expect(page.locator("body")).not_to_contain_text("Meridian")
        box(page, "destinations").get_by_role("link", name="UK fixed").click()
        expect(page.locator(".o_data_row", has_text="442079460000").first).to_be_visible()


def test_it_fits_a_telephones_screen(person):
    page = office(person("northwind"))
    page.set_viewport_size(NARROW)
    try:
        expect(page.locator(".o_dashboard_tile").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        widths = page.evaluate("[...document.querySelectorAll('.o_dashboard_box')].map(one => one.scrollWidth)")
        assert max(widths, default=0) <= NARROW["width"]
    finally:
        page.set_viewport_size(WIDE)
