"""Limits of spending by hand: set on an account, seen when they have locked it, by staff, reseller and customer."""

import json

import pytest
from playwright.sync_api import expect

from tests.support.browser import picture
from tests.support.office import office


@pytest.fixture
def locked(switch):
    """`locked(key)` locks an account of the demo as a call does that the day's limit leaves no room for."""
    accounts = []

    def lock(key):
        accounts.append(switch.account(key))
        request = json.dumps({"call_ref": "story", "frozen": {"e164": "4915112340000"}})
        query = "select telecom_spend_lock(%s, 'day', 20000000, 19900000, %s)"
        switch.all(query, accounts[-1], request)
        return accounts[-1]

    yield lock
    for account in accounts:
        switch.all("select telecom_spend_unlock(%s, null)", account)


def unlock(page):
    page.locator(".o_form_view").get_by_role("button", name="Unlock").click()
    dialog = page.locator(".modal-footer")
    dialog.get_by_role("button", name="Ok").click()


def test_staff_sets_limits_sees_the_lock_and_unlocks(person, switch, locked):
    accountant = person("accountant")
    page = accountant.page
    accountant.menu("Customers", "Billing Accounts")
    page.locator(".o_data_row, .o_kanban_record", has_text="Lighthouse School").first.click()
    accountant.type(max_spend_call="2.50", max_spend_day="20")
    accountant.save()
    picture(page, "spend_account", reload=True)
    account = locked("lighthouse")
    values = switch.odoo.read("telecom.billing.account", account, "max_spend_call", "max_spend_day")
    assert (values["max_spend_call"], values["max_spend_day"]) == (2.5, 20.0)

    accountant.menu("Customers", "Spending Locks")
    row = accountant.row("Lighthouse School")
    assert (row["rule"], row["most"], row["called"], row["state"]) == (
        "Most per day", "20.00", "4915112340000", "Locked",
    )  # fmt: skip
    expect(page.locator(".o_data_row").get_by_role("button", name="Unlock")).to_be_visible()
    picture(page, "spend_locks", reload=True)
    accountant.menu("Customers", "Billing Accounts")
    page.locator(".o_data_row, .o_kanban_record", has_text="Lighthouse School").first.click()
    expect(page.locator(".o_form_view .alert-danger:visible")).to_contain_text("Most per day")
    picture(page, "spend_locked", reload=True)
    unlock(page)
    expect(page.locator(".o_form_view .alert-danger:visible")).to_have_count(0)
    assert switch.odoo.read("telecom.billing.account", account, "spend_lock_id") is False
    accountant.type(max_spend_call="0", max_spend_day="0")
    accountant.save()


def test_impossible_limits_are_refused_in_words(person):
    accountant = person("accountant")
    accountant.menu("Customers", "Billing Accounts")
    accountant.page.locator(".o_data_row, .o_kanban_record", has_text="Lighthouse School").first.click()
    accountant.type(max_spend_day="-1")
    assert "zero (no limit) or more" in accountant.save_refused()


def test_a_reseller_sees_and_unlocks_its_customers_in_the_office(person, switch, locked):
    account = locked("acme")
    north = person("northwind")
    page = office(north, "Customers")
    expect(page.locator(".o_data_row.text-danger", has_text="Acme Trading")).to_contain_text("Most per day")
    picture(page, "spend_office_list", reload=True)
    page.locator(".o_data_row", has_text="Acme Trading").click()
    expect(page.locator(".o_form_view .alert-danger:visible")).to_contain_text("Most per day")
    picture(page, "spend_office_account", reload=True)
    unlock(page)
    expect(page.locator(".o_form_view .alert-danger:visible")).to_have_count(0)
    assert switch.odoo.read("telecom.billing.account", account, "spend_lock_id") is False


def test_a_customer_sees_that_its_account_is_locked_and_has_no_button(person, locked):
    locked("acme")
    acme = person("acme")
    page = office(acme, "Accounts")
    page.locator(".o_data_row, .o_kanban_record", has_text="Acme Trading").first.click()
    expect(page.locator(".o_form_view .alert-danger:visible")).to_contain_text("Most per day")
    expect(page.get_by_role("button", name="Unlock")).to_have_count(0)
    picture(page, "spend_customer", reload=True)
