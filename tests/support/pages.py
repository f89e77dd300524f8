"""Every main page of somebody: its name, its address, and what is wrong with it at one width of the screen."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from .browser import FIRST_PAGE_MS, NARROW, WIDE

SIZES = {"1280": WIDE, "390": NARROW}
BACK_OFFICE_ROOT = "telecom_base.menu_root"
PORTAL_PAGES = ("/my", "/my/account", "/my/security")
CONTENT = (
    ".o_list_view .o_data_row, .o_list_view .o_group_header, .o_kanban_record:not(.o_kanban_ghost), .o_view_nocontent,"
    " .o_form_view, .o_telecom_dashboard .o_dashboard_tile, .o_pivot table, .o_graph_view canvas,"
    " .o_portal_wrap, .o_portal"
)
ROWS = ".o_data_row .o_data_cell:not(.o_list_button), .o_kanban_record:not(.o_kanban_ghost)"
OPENS_MS = 2_500  # a line of which a form opens has opened it by then
DRAWN_MS = 250
TALLEST = 3_000
HEIGHT = "Math.max(0, ...[...document.querySelectorAll('.o_content, .o_form_view')].map(one => one.scrollHeight))"
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll(
        '.o_content, .o_form_sheet_bg, .o_kanban_renderer, .o_list_view .o_content > .o_list_renderer,'
        + ' #wrapwrap .table-responsive')]
    .filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
    .map(one => `${one.className || one.tagName}: ${one.scrollWidth} > ${one.clientWidth}`)"""
"""Lines within a form may be moved sideways; a page may not."""

Addresses = Callable[[Page, str], Iterator[tuple[str, str]]]
"""Names and addresses of the pages that somebody has."""


class Walk:
    """Somebody who is logged in opens page after page. `faults` is what was wrong; `folder` is where pictures go."""

    def __init__(self, context: BrowserContext, url: str, who: str, size: str, folder: Path | None = None) -> None:
        self.faults: list[str] = []
        self.names: list[str] = []
        self._url, self._who, self._size, self._folder = url, who, size, folder
        self._page = context.new_page()
        self._page.on("pageerror", lambda error: self._note(str(error)))
        self._page.on("console", self._hear)

    def take(self, addresses: Addresses) -> "Walk":
        """Visit all pages, and of lists and cards also the form of the first record."""
        for title, address in list(addresses(self._page, self._url)):
            self.names.append(f"{self._who}-{_slug(title)}")
            self._page.goto(f"{self._url}{address}", timeout=FIRST_PAGE_MS)
            self._look()
            if self._open_first():
                self._look()
        self._page.close()
        return self

    def _look(self) -> None:
        """Wait for the page; note what is wrong with it; take its picture."""
        try:
            self._page.locator(CONTENT).first.wait_for(timeout=FIRST_PAGE_MS)
        except Error:
            self._note("no page came")
        self._page.wait_for_timeout(DRAWN_MS)
        for text in self._page.locator(".o_error_dialog .modal-body, .modal .o_error_detail").all_inner_texts():
            self._note(text)
        if self._size == "390":
            for text in self._page.evaluate(TOO_WIDE):
                self._note(f"wider than the screen: {text}")
        if self._folder is not None:
            self._picture(self._folder / f"{self.names[-1]}-{self._size}.png")

    def _picture(self, file: Path) -> None:
        size = SIZES[self._size]
        height = min(TALLEST, max(size["height"], self._page.evaluate(HEIGHT) + 120))
        self._page.set_viewport_size({**size, "height": height})
        self._page.wait_for_timeout(3 * DRAWN_MS)
        self._page.screenshot(path=file)
        self._page.set_viewport_size(size)

    def _open_first(self) -> bool:
        """Open the first record of a list or of cards; False where there is none, or it has no form."""
        rows = self._page.locator(ROWS)
        if not rows.count():
            return False
        rows.first.click()
        try:
            self._page.locator(".o_form_view").first.wait_for(timeout=OPENS_MS)
        except Error:
            return False
        self.names.append(f"{self.names[-1]}-form")
        return True

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(message.text)

    def _note(self, text: str) -> None:
        self.faults.append(f"{self.names[-1] if self.names else self._who} {self._size}: {text[:300]}")


def back_office(page: Page, url: str) -> Iterator[tuple[str, str]]:
    """Every entry of the telecom menu."""
    page.goto(f"{url}/odoo", timeout=FIRST_PAGE_MS)
    menus: dict[str, Any] = page.request.get(f"{url}/web/webclient/load_menus").json()
    root = next(one for one in menus.values() if one["xmlid"] == BACK_OFFICE_ROOT)
    yield from _entries(menus, root, "")


def _entries(menus: dict[str, Any], menu: dict[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for child in (menus[str(number)] for number in menu["children"]):
        name = f"{above}{child['name']}"
        if not child["children"] and child["actionID"]:
            yield name, f"/odoo/{child.get('actionPath') or 'action-' + str(child['actionID'])}"
        yield from _entries(menus, child, f"{name} ")


def office(page: Page, url: str) -> Iterator[tuple[str, str]]:
    """The portal's pages and every section of the office."""
    yield from (("portal " + path, path) for path in PORTAL_PAGES)
    page.goto(f"{url}/my", timeout=FIRST_PAGE_MS)
    cards = page.locator(".o_portal_docs a[href^='/my/']").all()
    linked = {(card.get_attribute("href") or "").partition("?")[0] for card in cards} - set(PORTAL_PAGES)
    yield from (("portal " + path, path) for path in sorted(linked))
    page.goto(f"{url}/office", timeout=FIRST_PAGE_MS)
    page.locator(".o_office_entry").first.wait_for(timeout=FIRST_PAGE_MS, state="attached")
    for entry in page.locator(".o_office_entries a[href^='/office/']").all():
        yield (entry.text_content() or "").strip(), entry.get_attribute("href") or ""


PEOPLE: dict[str, Addresses] = {"admin": back_office, "northwind": office, "acme": office}
"""The owner's administrator, the demo's reseller and its customer, and where they have their pages."""


def context_of(browser: Browser, size: str) -> BrowserContext:
    """A browser of a width."""
    return browser.new_context(viewport=SIZES[size])


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
