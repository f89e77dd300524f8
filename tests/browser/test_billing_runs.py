"""An accountant invoices a real call: drafts on a page, what is refused there, the posted document as a PDF."""

import io
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.support.browser import picture

OLDER = ("telecom_call_record", "telecom_call_charge")


def a_call_of_last_week(switch):
    """A real call of Harbour Cafe, of which the books then say that it was a week ago: the day must be over."""
    point = switch.last_record()
    phone = switch.phone("201")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    for table in OLDER:
        moved = f"update {table} set started_at = started_at - interval '7 days' where leg_uniqueid = %s"  # noqa: S608
        switch.all(f"{moved} returning id", leg["leg_uniqueid"])
    return switch.one(
        "select net_micro, tax_micro, gross_micro from telecom_call_charge where leg_uniqueid = %s and account_id = %s",
        leg["leg_uniqueid"],
        switch.account("harbour"),
    )


def confirmed(person, button):
    person.press(button)
    person.page.locator(".modal-footer .btn-primary").first.click()
    expect(person.page.locator(".modal")).to_have_count(0)


def test_an_accountant_invoices_a_call(switch, person):
    charge = a_call_of_last_week(switch)
    assert charge["gross_micro"] > 0
    switch.all(
        "update account_journal set active = true where company_id = %s and type = 'sale' returning id",
        switch.ref("reseller"),
    )
    accountant, today = person("accountant"), datetime.now(UTC).date()
    page = accountant.page
    accountant.menu("Money", "Billing Runs")
    expect(page.get_by_text("Invoice calls")).to_be_visible()
    picture(page, "billing_none-yet")
    accountant.new()
    accountant.choose("company_id", "Northwind Voice")
    accountant.choose("account_ids", "Harbour")
    accountant.type_day("date_to", today)
    accountant.save()
    accountant.press("Make the Invoices")
    expect(page.get_by_text("is not over yet")).to_be_visible()
    page.locator(".modal-footer button").first.click()
    accountant.type_day("date_to", today - timedelta(days=2))
    accountant.save()
    accountant.press("Make the Invoices")
    expect(page.locator(".progress")).to_be_visible()
    switch.odoo.call("telecom.billing.run", [], "_run_queued")
    expect(page.get_by_role("button", name="Post All")).to_be_visible()
    row = accountant.row("Harbour Cafe")
    assert row["state"] == "Draft"
    assert row["telecom_call_count"] == "1"
    picture(page, "billing_made")

    confirmed(accountant, "Post All")
    switch.odoo.call("telecom.billing.run", [], "_run_queued")
    expect(page.locator(".o_data_row", has_text="Posted")).to_be_visible()
    row = accountant.row("Harbour Cafe")
    assert row["name"].startswith("INV/")
    picture(page, "billing_posted")
    move = switch.one("select * from account_move where telecom_account_id = %s", switch.account("harbour"))
    rounded = int(move["amount_total"] * 1_000_000) - charge["gross_micro"]
    assert abs(rounded) < 20_000
    adjusted = switch.one(
        "select coalesce(sum(amount_micro), 0)::bigint as micro from telecom_wallet_entry where idempotency_key = %s",
        f"invoice:{move['id']}:rounding",
    )
    assert adjusted["micro"] == -rounded

    accountant.press_stat("Documents")
    expect(page.locator(".o_searchview")).to_be_visible()  # the run's own page has the same line
    page.locator(".o_data_row", has_text=row["name"]).first.click()
    expect(page.locator(".o_form_view .o_field_widget[name='name']").first).to_be_visible()
    picture(page, "billing_document")
    expect(page.get_by_role("button", name="Reset to Draft")).to_have_count(0)
    accountant.press_stat("Calls")
    expect(page.locator(".o_data_row", has_text="442079460000")).to_have_count(1)

    ticked = quote(json.dumps({"allowed_company_ids": [switch.ref("reseller")]}))  # as the page's own button does
    answer = page.request.get(f"{accountant.url}/report/pdf/account.report_invoice/{move['id']}?context={ticked}")
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.body())).pages)
    for expected in (row["name"], "Calls by Destination", "UK fixed", "Harbour Cafe"):
        assert expected in text, text
