"""Pictures of every main page at 1280 and 390 pixels: `./bss shots FOLDER`, on what `./bss up` runs.

Walks every menu entry of the administrator and every section of the demo's reseller and customer; of lists also the
first record's form. Prints what the browser complains of and which pages are wider than the screen; exit code 1 then.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.support.browser import FIRST_PAGE_MS, NARROW, WIDE, chromium, log_in, passwords

SIZES = {"1280": WIDE, "390": NARROW}
SETTLE_MS = 900
TALLEST = 3000
BACK_OFFICE_ROOT = "Telecom"
CONTENT = (
    ".o_list_view, .o_kanban_view, .o_form_view, .o_telecom_dashboard, .o_view_nocontent, .o_portal, .o_graph_view"
)
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth + 1"
HEIGHT = "Math.max(0, ...[...document.querySelectorAll('.o_content, .o_form_view')].map(one => one.scrollHeight))"


def main(folder: Path, url: str, credentials: Path) -> int:
    """Take all pictures; return 1 when a page complained."""
    folder.mkdir(parents=True, exist_ok=True)
    known = passwords(credentials)
    faults: list[str] = []
    with chromium() as browser:
        for login, pages in (("admin", _back_office), ("northwind", _office), ("acme", _office)):
            for size in SIZES:
                faults += _Walk(browser, url, login, known[login], size, folder).take(pages)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}, {len(faults)} faults")
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


Pages = Callable[[Page, str], Iterator[tuple[str, str]]]
"""Names and addresses of the pages that somebody has."""


class _Walk:
    """One person at one width."""

    def __init__(self, browser: Browser, url: str, login: str, password: str, size: str, folder: Path) -> None:
        self._context = browser.new_context(viewport=SIZES[size])
        log_in(self._context, url, login, password)
        self._url, self._login, self._size, self._folder = url, login, size, folder
        self._page = self._context.new_page()
        self._faults: list[str] = []
        self._name = ""
        self._page.on("pageerror", lambda error: self._note(str(error)))
        self._page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)

    def take(self, pages: Pages) -> list[str]:
        """Visit all pages; what was wrong with them."""
        for title, address in list(pages(self._page, self._url)):
            self._name = f"{self._login}-{_slug(title)}"
            self._page.goto(f"{self._url}{address}", timeout=FIRST_PAGE_MS)
            self._picture()
            self._open_first()
        self._context.close()
        return self._faults

    def _picture(self) -> None:
        try:
            self._page.wait_for_selector(CONTENT, timeout=FIRST_PAGE_MS)
        except Exception:  # noqa: BLE001  the picture shows what there was instead
            self._note("no page came")
        self._page.wait_for_timeout(SETTLE_MS)
        if self._page.evaluate(TOO_WIDE):
            self._note("wider than the screen")
        size = SIZES[self._size]
        height = min(TALLEST, max(size["height"], self._page.evaluate(HEIGHT) + 120))
        self._page.set_viewport_size({**size, "height": height})
        self._page.wait_for_timeout(200)
        self._page.screenshot(path=self._folder / f"{self._name}-{self._size}.png")
        self._page.set_viewport_size(size)

    def _open_first(self) -> None:
        """Open the first record of a list or of cards, where it has a form."""
        rows = self._page.locator(
            ".o_data_row td.o_data_cell:not(.o_list_button), .o_kanban_record:not(.o_kanban_ghost)"
        )
        if not rows.count():
            return
        rows.first.click()
        try:
            self._page.wait_for_selector(".o_form_view", timeout=2500)
        except Exception:  # noqa: BLE001  a list of which nothing is opened
            return
        self._name += "-form"
        self._picture()

    def _note(self, text: str) -> None:
        self._faults.append(f"{self._name} {self._size}: {text[:200]}")


def _back_office(page: Page, url: str) -> Iterator[tuple[str, str]]:
    """Every entry of the telecom menu."""
    page.goto(f"{url}/odoo", timeout=FIRST_PAGE_MS)
    menus: dict[str, Any] = page.request.get(f"{url}/web/webclient/load_menus").json()
    root = next(one for one in menus.values() if one["name"] == BACK_OFFICE_ROOT)
    yield from _entries(menus, root, "")


def _entries(menus: dict[str, Any], menu: dict[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for child in (menus[str(number)] for number in menu["children"]):
        name = f"{above}{child['name']}"
        if not child["children"] and child["actionID"]:
            yield name, f"/odoo/{child.get('actionPath') or 'action-' + str(child['actionID'])}"
        yield from _entries(menus, child, f"{name} ")


def _office(page: Page, url: str) -> Iterator[tuple[str, str]]:
    """Every section of the office, and the page that follows the log-in."""
    yield "my page", "/my"
    page.goto(f"{url}/office", timeout=FIRST_PAGE_MS)
    page.wait_for_selector(".o_office_entry", timeout=FIRST_PAGE_MS, state="attached")
    for entry in page.locator(".o_office_entries a[href^='/office/']").all():
        yield (entry.text_content() or "").strip(), entry.get_attribute("href") or ""


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
