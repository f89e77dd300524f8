"""A person at a browser: Debian's Chromium driven by Playwright, with the words of Odoo's pages."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
# No look-ups of the browser's own; and it may run as root in a container.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP *.test 127.0.0.1",
]  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FIRST_PAGE_MS = 60_000  # the first page of a new database compiles scripts and styles
WAIT_MS = 8_000
BACK_OFFICE, PORTAL = ".o_main_navbar", ".o_portal"
expect.set_options(timeout=WAIT_MS)


PICTURES = os.environ.get("BSS_TEST_PICTURES")
"""A folder for pictures of pages, to be looked at by a person."""


def picture(page: Page, name: str, *, reload: bool = False) -> None:
    """Keep a page as it is wide and narrow, when BSS_TEST_PICTURES names a folder. `reload` it then: the menu of a page
    that was narrow stays folded."""
    if not PICTURES:
        return
    for size, width in (("wide", WIDE), ("narrow", NARROW)):
        page.set_viewport_size(width)
        page.wait_for_timeout(700)
        page.screenshot(path=Path(PICTURES) / f"{name}_{size}.png")
    page.set_viewport_size(WIDE)
    if reload:
        page.reload()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env={"HOME": home})
        try:
            yield browser
        finally:
            browser.close()


def leave(context: BrowserContext) -> None:
    """Close all pages of somebody who goes. The context itself stays until the browser ends: Chromium 156 did not
    answer once to the end of one (`Target.disposeBrowserContext`), and Playwright waits for that without a limit."""
    for page in context.pages:
        page.close()


def passwords(credentials: Path) -> dict[str, str]:
    """Log-in -> password of the demo's people, from the file that the demo's loader writes."""
    people = json.loads(credentials.read_text(encoding="utf-8"))["users"]
    return {one["login"]: one["password"] for one in people}


def log_in(context: BrowserContext, url: str, login: str, password: str) -> None:
    """Log a user in by the log-in page, and wait for what they are let in to."""
    page = context.new_page()
    page.goto(f"{url}/web/login", timeout=FIRST_PAGE_MS)
    page.fill("#login", login)
    page.fill("#password", password)
    page.click(".oe_login_form button[type=submit]")
    page.wait_for_selector(f"{BACK_OFFICE}, {PORTAL}", timeout=FIRST_PAGE_MS)
    page.close()


class Person:
    """Somebody logged in, at one page: the first one they get.

    `complaints` are what the browser's console says is wrong, refused answers of the server among it.
    """

    def __init__(self, context: BrowserContext, url: str) -> None:
        context.set_default_timeout(WAIT_MS)
        self.page: Page = context.new_page()
        self.url = url
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{url}/odoo", timeout=FIRST_PAGE_MS)
        self.page.wait_for_selector(f"{BACK_OFFICE}, {PORTAL}", timeout=FIRST_PAGE_MS)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    # Going about

    def menu(self, section: str, entry: str, title: str | None = None) -> None:
        """Choose an entry of the top menu and wait for its page, whose title is the entry's if not said otherwise."""
        self.page.locator(".o_menu_sections").get_by_role("button", name=section, exact=True).click()
        self.page.locator(".o-dropdown--menu").get_by_role("menuitem", name=entry, exact=True).click()
        expect(self.page.locator(".o_last_breadcrumb_item")).to_have_text(title or entry)

    def press(self, name: str) -> None:
        """Press the button with this text."""
        self.scope.get_by_role("button", name=name, exact=True).first.click()

    def press_stat(self, name: str) -> None:
        """Press a button of the form's box; where it is crowded, some of them stand under More."""
        box = self.page.locator(".o_form_view .o-form-buttonbox")
        button, more = box.locator("button", has_text=name), box.locator(".o_button_more")
        expect(button.or_(more).first).to_be_visible()
        if not button.count():
            more.click()
            button = self.page.locator(".o_dropdown_more button", has_text=name)
        button.first.click()

    def new(self) -> None:
        """Press New, which opens a form or a line."""
        self.page.locator(".o_control_panel").get_by_role("button", name="New", exact=True).first.click()
        expect(self.page.locator(".o_form_view .o_form_editable, .o_selected_row").first).to_be_visible()

    @property
    def scope(self) -> Locator:
        """Where one types: the topmost dialog, else the page."""
        dialogs = self.page.locator(".modal:not(.o_inactive_modal)")
        return dialogs.last if dialogs.count() else self.page.locator(".o_web_client")

    def field(self, name: str) -> Locator:
        """A field: in the line that is being edited, else in the form."""
        row = self.scope.locator(".o_selected_row")
        place = row if row.count() else self.scope
        return place.locator(f".o_field_widget[name='{name}']").first

    # Filling in

    def type(self, **values: str) -> None:
        """Type into fields, in the order given."""
        for name, value in values.items():
            self.field(name).locator("input:visible, textarea:visible").first.fill(value)

    def type_day(self, name: str, day: date) -> None:
        """Type a day (m/d/y) into a date field, which is a button until it is clicked."""
        button, typed = self.field(name).locator("button"), self.field(name).locator("input")
        expect(button.or_(typed).first).to_be_visible()
        if button.count():
            button.first.click()
        typed.first.select_text()
        typed.first.press_sequentially(f"{day:%m/%d/%Y}")
        typed.first.press("Enter")
        expect(self.page.locator(".o_datetime_picker")).to_have_count(0)

    def choose(self, name: str, text: str) -> None:
        """Type into a field that offers records and take the first offered one with that text.

        Without a click before: that would offer records of its own, and the text's come after the choice was made.
        """
        self.field(name).locator("input").fill(text)
        self.page.locator(".o-autocomplete--dropdown-item a", has_text=text).first.click()
        expect(self.page.locator(".o-autocomplete--dropdown-menu")).to_have_count(0)

    def add_line(self) -> None:
        """Add a line to the list in the form, and wait for it, or for the dialog in which it is typed.

        Not for any line that is being edited: that is the one before for a moment, and would get what is typed next.
        """
        scope, dialogs = self.scope, self.page.locator(".modal").count()
        edited = scope.locator(".o_selected_row")
        before = edited.first.get_attribute("data-id") if edited.count() else ""
        scope.get_by_role("button", name="Add a line").click()
        new_row = scope.locator(f".o_selected_row:not([data-id='{before}'])")
        expect(self.page.locator(".modal .o_form_view").nth(dialogs).or_(new_row).first).to_be_visible()

    # Saving

    def save(self) -> None:
        """Press the save button and wait until everything is saved."""
        self._save_button().click()
        expect(self._unsaved()).to_have_count(0)

    def save_refused(self) -> str:
        """Press the save button; return what the dialog says, close it and discard what was typed."""
        self._save_button().click()
        dialog = self.page.locator(".modal")
        expect(dialog).to_be_visible()
        words = dialog.locator(".modal-body").inner_text()
        dialog.locator(".modal-footer button").first.click()
        expect(dialog).to_have_count(0)
        self.discard()
        return words

    def discard(self) -> None:
        self.page.locator(".o_form_button_cancel, .o_list_button_discard").first.click()
        expect(self._unsaved()).to_have_count(0)

    def _save_button(self) -> Locator:
        return self.page.locator(".o_form_button_save, .o_list_button_save").first

    def _unsaved(self) -> Locator:
        """What only stands on a page with unsaved changes: a form's shown save button, or a list's line."""
        form = self.page.locator(".o_form_view").count() > 0
        return self.page.locator(".o_form_status_indicator_buttons:not(.invisible)" if form else ".o_selected_row")

    # Reading

    def row(self, *words: str) -> dict[str, str]:
        """The first line of the list that has all these words: column name -> text."""
        rows = self.page.locator(".o_data_row")
        for word in words:
            rows = rows.filter(has_text=word)
        expect(rows.first).to_be_visible()
        cells = rows.first.locator("td.o_data_cell")
        return {cell.get_attribute("name") or "": cell.inner_text().strip() for cell in cells.all()}
