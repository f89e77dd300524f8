"""The first day of a reseller: made by the owner's wizard, invited; its plan, customer and telephone, which calls."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import Person, leave
from tests.support.office import go, invited, new_password, office
from tests.support.switch import Sip
from tests.support.until import until

ADDRESS = "ruby@riverline.example"
HOST = "phone.riverline.test"
DIALLED = "442079460000"


def make_reseller(admin: Person) -> None:
    admin.page.locator(".o_menu_sections").get_by_role("button", name="Customers", exact=True).click()
    admin.page.locator(".o-dropdown--menu").get_by_role("menuitem", name="New Reseller", exact=True).click()
    admin.type(name="Riverline Voice")
    admin.scope.get_by_label("Postpaid").check()
    admin.type(credit_limit="100")
    admin.choose("rate_plan_id", "Meridian Wholesale")
    admin.type(brand_name="Riverline", host_name=f"https://{HOST}/")
    admin.type(admin_name="Ruby River", admin_email=ADDRESS)
    admin.press("Create")
    expect(admin.page.locator(".o_last_breadcrumb_item")).to_contain_text("Riverline Voice")


@pytest.fixture
def ruby(person, browser, tls, switch):
    """The first administrator of a reseller that the owner's administrator makes, at the reseller's own host."""
    make_reseller(person("admin"))
    until(lambda: tls.has_certificate(HOST), seconds=10, reason="a certificate for the new host")
    context, url = invited(switch, browser, ADDRESS)
    assert url == tls.url(HOST)
    ruby = Person(context, url)
    yield ruby
    leave(context)
    assert ruby.complaints == [], "\n".join(ruby.complaints)


def test_plan_customer_telephone_and_a_call_that_is_seen(ruby, switch):
    page = office(ruby)
    assert page.url.startswith(f"https://{HOST}:")
    expect(page.locator(".o_office_brand")).to_contain_text("Riverline")
    go(ruby, "Rate Plans")
    ruby.new()
    ruby.type(name="River Plan", default_percent="50")
    ruby.save()

    go(ruby, "Customers")
    ruby.press("New Customer")
    ruby.type(name="Bakery Bloom")
    ruby.choose("rate_plan_id", "River Plan")
    ruby.press("Create")
    expect(page.locator(".o_form_view [name='partner_id']").first).to_contain_text("Bakery Bloom")
    ruby.press("Top up")
    ruby.type(amount="5", reference="Cash")
    ruby.press("Post")
    expect(page.locator(".oe_stat_button [name='balance']")).to_contain_text("5.00")

    page.locator(".oe_stat_button", has_text="Telephones").click()
    with switch.noticed():
        ruby.new()
        ruby.type(name="Shop", extension="701")
        ruby.save()
        password = new_password(ruby)
    username = ruby.field("sip_username").inner_text().strip()

    point = switch.last_record()
    phone = switch.phone(Sip(username, password))
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    go(ruby, "Calls Now")
    until(lambda: ruby.row(DIALLED, "Bakery Bloom")["state"] == "Answered", seconds=8)
    charged = page.locator(".o_data_row td[name='charge']").first
    expect(charged).not_to_have_text("0.0000")
    before = charged.inner_text()
    expect(charged).not_to_have_text(before)  # the page looks again by itself
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    charges = switch.charges(leg["id"])
    assert charges[0]["gross_micro"] > charges[1]["gross_micro"] > 0
    expect(page.locator(".o_view_nocontent")).to_be_visible()

    go(ruby, "Calls")
    assert float(ruby.row(DIALLED, "Bakery Bloom")["gross"]) == pytest.approx(charges[0]["gross_micro"] / 1e6)
    go(ruby, "Statement")
    assert ruby.row("Bakery Bloom", "Charge")["amount"].startswith("-0.0")
    for section in ("Customers", "Telephones", "Numbers", "Resellers"):
        go(ruby, section)
        for word in ("Meridian", "Northwind", "Acme"):
            expect(page.locator("body")).not_to_contain_text(word)
