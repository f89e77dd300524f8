"""Included minutes by hand: a plan is given some, staff and customer see what is left, a block is given and paid."""

from playwright.sync_api import expect

from tests.support import staff
from tests.support.browser import picture
from tests.support.office import go, office


def test_a_plan_is_given_minutes_and_the_account_shows_them(person, switch):
    pricing = person("pricing")
    pricing.menu("Prices", "Rate Plans")
    pricing.page.locator(".o_data_row", has_text="Direct").first.click()
    pricing.page.get_by_role("tab", name="Included Minutes").click()
    pricing.add_line()
    expect(pricing.page.locator(".modal .o_form_view")).to_be_visible()
    pricing.type(name="90 minutes to German mobiles", minutes="90")
    pricing.choose("destination_ids", "Germany mobile")  # other stories call London
    picture(pricing.page, "minutes_plan_line")
    pricing.scope.locator(".modal-footer").get_by_role("button", name="Save & Close").click()
    pricing.save()
    picture(pricing.page, "minutes_plan")

    accountant = person("accountant")
    accountant.menu("Customers", "Billing Accounts")
    accountant.page.locator(".o_data_row, .o_kanban_record", has_text="Lighthouse School").first.click()
    button = accountant.page.locator("button[name='action_open_included']")
    expect(button).to_contain_text("90:00")
    picture(accountant.page, "minutes_account")
    button.click()
    assert accountant.row("90 minutes to German mobiles")["free"] == "90:00"
    picture(accountant.page, "minutes_list")
    accountant.page.locator(".o_data_row").first.click()
    expect(accountant.page.locator(".o_field_widget[name='entry_ids'] .o_data_row")).to_contain_text("Given")
    picture(accountant.page, "minutes_bucket")


def test_a_block_is_given_once_and_what_is_impossible_is_said(person, switch):
    accountant = person("accountant")
    odoo = switch.odoo
    odoo.create(
        "telecom.allowance", name="Block of 50", kind="block", minutes=50, price=4.5,
        currency_id=odoo.read("telecom.billing.account", switch.ref("lighthouse"), "currency_id")[0],
        destination_ids=[switch.ref("uk_fixed")],
    )  # fmt: skip
    account, _ = staff.new_account(switch, "541", 5_000_000)
    accountant.page.goto(f"{accountant.url}/odoo/action-telecom_base.action_billing_account/{account}")
    left = int(odoo.read("telecom.billing.account", account, "included_left"))  # those of its plan
    for told in ("", "not enough left"):
        accountant.press("Give Minutes")
        accountant.choose("allowance_id", "Block of 50")
        accountant.type(reference="Ordered by telephone")
        picture(accountant.page, f"minutes_give_{'again' if told else 'first'}")
        accountant.scope.locator(".modal-footer").get_by_role("button", name="Give").click()
        if told:
            expect(accountant.page.locator(".modal", has_text=told).last).to_be_visible()
        else:
            button = accountant.page.locator("button[name='action_open_included']")
            expect(button).to_contain_text(f"{left + 50}:00")
    assert switch.wallet(account) == (500_000, 0)
    (bucket,) = switch.all(
        "select left_s from telecom_allowance_bucket where account_id = %s and kind = 'block'", account
    )
    assert bucket["left_s"] == 3000


def test_a_customer_sees_what_is_left(person, switch):
    north = person("northwind")
    office(north, "Rate Plans")
    north.page.locator(".o_data_row", has_text="Northwind Standard").first.click()
    north.page.get_by_role("tab", name="Included Minutes").click()
    north.add_line()
    north.type(name="60 minutes to German mobiles", minutes="60")
    north.choose("destination_ids", "Germany mobile")  # other stories call London
    expect(north.page.locator(".o_selected_row .o_tag", has_text="Germany mobile")).to_be_visible()
    picture(north.page, "minutes_office_plan")
    north.save()

    acme = person("acme")
    page = office(acme, "Included Minutes")
    assert acme.row("60 minutes to German mobiles")["free"] == "60:00"
    picture(page, "minutes_office_list")
    page.locator(".o_data_row").first.click()
    expect(page.locator(".o_field_widget[name='entry_ids'] .o_data_row")).to_contain_text("Given")
    picture(page, "minutes_office_bucket")
    go(acme, "Accounts")
    page.locator(".o_data_row").first.click()
    expect(page.locator(".o_form_view .oe_stat_button", has_text="Minutes Left")).to_contain_text("60:00")
    picture(page, "minutes_office_account")
