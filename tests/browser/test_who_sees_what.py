"""What each role finds in the pages: support no costs, a reseller's user no back office."""

import re

from playwright.sync_api import expect


def test_support_sees_calls_but_no_charges_costs_or_margins(switch, support):
    point = switch.last_record()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    support.menu("Calls", "Calls in Progress")
    row = support.row("442079460000")
    assert "seconds" in row
    assert set(row).isdisjoint({"charge", "carrier_cost", "margin"})
    phone.hang_up()
    phone.ended()
    switch.settled(point)

    support.menu("Calls", "Call Records")
    row = support.row("442079460000")
    assert row["account_id"] == "A100001 Acme Trading"
    assert set(row).isdisjoint({"carrier_cost", "revenue", "margin"})
    support.page.locator(".o_data_row", has_text="442079460000").first.click()
    expect(support.page.locator(".o_form_view [name='called']").first).to_be_visible()
    for name in ("carrier_cost", "carrier_billed_s", "revenue", "margin"):
        expect(support.page.locator(f"[name='{name}']")).to_have_count(0)


def test_support_finds_neither_deck_prices_nor_prices(support):
    support.page.locator(".o_menu_sections").get_by_role("button", name="Carriers", exact=True).click()
    entries = support.page.locator(".o-dropdown--menu [role=menuitem]")
    expect(entries.filter(has_text="SIP Trunks")).to_have_count(1)
    expect(entries.filter(has_text="Deck Prices")).to_have_count(0)
    support.page.keyboard.press("Escape")
    sections = support.page.locator(".o_menu_sections")
    expect(sections.get_by_role("button", name="Money", exact=True)).to_have_count(1)
    expect(sections.get_by_role("button", name="Prices", exact=True)).to_have_count(0)


def test_a_resellers_user_has_the_portal_and_no_back_office(person):
    north = person("northwind")
    assert re.fullmatch(r".*/my(/home)?", north.page.url)
    for address in ("/odoo", "/odoo/telecom-accounts", "/odoo/telecom-calls"):
        answer = north.page.goto(north.url + address)
        assert answer is not None
        assert answer.status in (200, 303)
        assert "/my" in north.page.url  # sent home
        expect(north.page.locator(".o_main_navbar")).to_have_count(0)
