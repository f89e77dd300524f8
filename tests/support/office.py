"""The office of resellers and customers in a browser: its own menu beside the lists and forms of the web client."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect

from .browser import FIRST_PAGE_MS, WIDE, Person
from .switch import Switch

PASSWORD = "a password of my own, 2026"


def office(person: Person, section: str = "") -> Page:
    """Open the office, at one of its sections."""
    person.page.goto(f"{person.url}/office")
    expect(person.page.locator(".o_office_entry").first).to_be_visible(timeout=FIRST_PAGE_MS)
    if section:
        go(person, section)
    return person.page


def go(person: Person, section: str) -> None:
    """Choose a section of the office's menu and wait for its page."""
    person.page.locator(".o_office_menu").get_by_role("link", name=section, exact=True).click()
    expect(person.page.locator(".o_last_breadcrumb_item")).to_have_text(section)


def new_password(person: Person) -> str:
    """Press New Password at a telephone; read the password from the page that shows it once, and close that."""
    person.press("New Password")
    shown = person.field("sip_password").locator("input, span").first
    expect(shown).to_be_visible()
    is_input = shown.evaluate("node => node.tagName") == "INPUT"
    password = shown.input_value() if is_input else shown.inner_text()
    person.page.locator(".modal .btn-close, .modal-footer button").first.click()
    expect(person.page.locator(".modal")).to_have_count(0)
    return password


def invited(switch: Switch, browser: Browser, address: str) -> tuple[BrowserContext, str]:
    """Follow the invitation that was mailed to an address, choose a password.

    Return the browser, logged in, and the address of the brand to which the invitation leads.
    """
    mail = switch.one(
        "select body_html from mail_mail where email_to ilike %s order by id desc limit 1", f"%{address}%"
    )
    link = next(link for link in re.findall(r'href="([^"]+)"', mail["body_html"]) if "token=" in link)
    link = link.replace("&amp;", "&")
    context = browser.new_context(viewport=WIDE, ignore_https_errors=True)
    page = context.new_page()
    page.goto(link, timeout=FIRST_PAGE_MS)
    page.fill("#password", PASSWORD)
    page.fill("#confirm_password", PASSWORD)
    page.locator(".oe_signup_form, .oe_reset_password_form").locator("button[type=submit]").click()
    page.wait_for_selector(".o_portal", timeout=FIRST_PAGE_MS)
    page.close()
    return context, f"https://{urlsplit(link).netloc}"
