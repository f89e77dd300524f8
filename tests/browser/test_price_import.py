"""A carrier's price list of 100,000 lines, uploaded, watched and applied by somebody at a browser."""

from pathlib import Path

from playwright.sync_api import expect

from tests.support.browser import PICTURES

LINES = 100_000


def look(person, name):
    if PICTURES:
        person.page.screenshot(path=Path(PICTURES) / f"{name}.png")


def deck(tmp_path, lines, *more):
    """A file of whole prefixes of Germany, with a comment column that makes it big enough for the job."""
    file = tmp_path / "pacific.csv"
    rows = (f"49{100_000 + n},Germany area {n},0.01{n % 10},0,60/60" for n in range(lines))
    file.write_text("\n".join(["Code,Destination,Rate per Minute,Connection Fee,Intervals", *rows, *more]) + "\n")
    return file


def upload(pricing, file):
    pricing.menu("Carriers", "Price Imports")
    pricing.new()
    with pricing.page.expect_response("**/telecom.price.import/onchange"):
        pricing.choose("carrier_id", "Pacific")
    pricing.scope.locator(".o_field_widget[name='file'] input[type=file]").set_input_files(file)
    expect(pricing.field("file").locator("input.o_input")).to_have_value(file.name)
    pricing.page.get_by_label("Changes Only").check()
    pricing.save()


def test_a_big_deck_with_a_progress_bar(switch, pricing, tmp_path):
    upload(pricing, deck(tmp_path, LINES))
    look(pricing, "import-draft")
    pricing.press("Verify")
    expect(pricing.page.locator(".progress")).to_be_visible()
    one = switch.odoo.find("telecom.price.import", ("state", "=", "verifying"))
    switch.odoo.call("telecom.price.import", [one], "_note_progress", 42, "Reading: line 42,000")  # the job is faster
    expect(pricing.page.locator("[role=progressbar]")).to_have_attribute("aria-valuenow", "42")
    expect(pricing.page.get_by_text("42 % · Reading: line 42,000")).to_be_visible()
    look(pricing, "import-progress")
    switch.odoo.call("telecom.price.import", [], "_run_queued")
    done = switch.one(
        "select percent from telecom_job_progress where model = 'telecom.price.import' and record_id = %s", one
    )
    assert done["percent"] == 90, "the job tells how far it is"
    expect(pricing.page.get_by_role("button", name="Apply")).to_be_visible()
    assert pricing.field("new_count").inner_text().replace(",", "").startswith(str(LINES))
    look(pricing, "import-verified")

    pricing.press("Apply")
    expect(pricing.page.locator(".progress")).to_be_visible()
    switch.odoo.call("telecom.price.import", [], "_run_queued")
    expect(pricing.page.get_by_role("button", name="Roll Back")).to_be_visible()
    look(pricing, "import-applied")
    count = "select count(*) from telecom_deck_rate where carrier_id = %s and prefix like '49______'"
    assert switch.one(count, switch.ref("pacific"))["count"] == LINES

    pricing.press("Roll Back")
    pricing.page.locator(".modal").get_by_role("button", name="Ok").click()
    expect(pricing.page.locator(".progress")).to_be_visible()
    switch.odoo.call("telecom.price.import", [], "_run_queued")
    expect(pricing.page.get_by_role("button", name="Verify Again")).to_be_visible()
    assert switch.one(count, switch.ref("pacific"))["count"] == 0


def test_bad_lines_are_named_and_nothing_is_compared(switch, pricing, tmp_path):
    file = deck(tmp_path, 3, "49100000,again,5,0,60/60", "491,Berlin,-1,0,60/60", "abc,Nowhere,0.01,0,60/60")
    upload(pricing, file)
    pricing.press("Verify")
    pricing.page.get_by_role("tab", name="Lines to Correct").click()
    rows = pricing.page.locator(".o_field_widget[name=problem_ids] .o_data_row")
    expect(rows).to_have_count(3)
    texts = [text.replace("\n", " ").replace("\t", " ") for text in rows.all_inner_texts()]
    look(pricing, "import-problems")
    for text, (line, words) in zip(
        texts, ((5, "another price on line 2"), (6, "negative"), (7, "cannot be a prefix")), strict=True
    ):
        assert text.strip().startswith(str(line)) and words in text, text
    expect(pricing.page.get_by_role("button", name="Apply")).to_have_count(0)


def test_changes_are_listed_and_the_deck_is_given_out(switch, pricing, tmp_path):
    upload(pricing, deck(tmp_path, 20))
    pricing.press("Verify")
    pricing.page.locator(".oe_stat_button", has_text="New").click()
    expect(pricing.page.locator(".o_data_row")).to_have_count(20)
    assert pricing.row("49100007")["price"] == "0.0170"
    look(pricing, "import-changes")
    pricing.menu("Carriers", "Carriers")
    pricing.page.get_by_role("cell", name="Pacific").first.click()
    pricing.page.locator(".oe_stat_button", has_text="Export Prices").click()
    look(pricing, "export")
    with pricing.page.expect_download() as got:
        pricing.press("Download")
    assert got.value.suggested_filename.endswith(".xlsx")
