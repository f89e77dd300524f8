"""Two host names show two brands from one server, over TLS: pages, log-ins, e-mails, own templates."""

import re
from urllib.parse import urlsplit

import pytest
import websocket
from playwright.sync_api import Page, expect

from tests.support.browser import FIRST_PAGE_MS, NARROW, WIDE, Person, leave, passwords
from tests.support.mailbox import html_of
from tests.support.office import go, office

OWNER, RESELLER, NOBODY = "meridian.localhost", "northwind.localhost", "nobody.test"
BRANDS = {OWNER: ("Meridian Telecom", "rgb(31, 42, 68)"), RESELLER: ("Northwind Voice", "rgb(15, 81, 50)")}
WORDS = {OWNER: "Northwind", RESELLER: "Meridian"}  # of the other


@pytest.fixture
def visitor(browser, tls):
    """`visitor(host)` is a page of somebody who has not logged in."""
    contexts = []

    def at(host: str, path: str = "/web/login", size=None) -> Page:
        contexts.append(browser.new_context(viewport=size or WIDE, ignore_https_errors=True))
        page = contexts[-1].new_page()
        page.goto(tls.url(host) + path, timeout=FIRST_PAGE_MS)
        return page

    yield at
    for context in contexts:
        leave(context)


def try_to_log_in(page: Page, login: str, password: str) -> None:
    page.fill("#login", login)
    page.fill("#password", password)
    page.click(".oe_login_form button[type=submit]")


@pytest.fixture
def known(whole_switch):
    return passwords(whole_switch.folder / "credentials.json")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_two_hosts_show_two_brands(visitor, size):
    for host, (name, colour) in BRANDS.items():
        page = visitor(host, size=size)
        expect(page).to_have_title(f"Login | {name}")
        header = page.locator(".o_brand_header")
        expect(header).to_have_css("background-color", colour)
        expect(header.locator(f"img[alt='{name}']")).to_be_visible()
        assert header.locator("img").evaluate("image => image.naturalWidth") > 0
        expect(page.locator(".o_brand_footer")).to_contain_text(f"{name} Ltd")
        words = page.content()
        assert WORDS[host] not in words
        assert "Odoo" not in page.locator("body").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_host_of_nobody_tells_of_nobody(visitor):
    page = visitor(NOBODY)
    expect(page).to_have_title("Login | Telephony")
    words = page.content()
    for word in (*WORDS.values(), "Odoo Version", "odoo.com"):
        assert word not in words


def test_certificates_headers_and_cookies(tls):
    for host, (name, _colour) in BRANDS.items():
        status, headers, text = tls.get(host)  # trusts this installation's authority only
        assert (status, name in text) == (200, True)
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        session = next(one for one in headers.get_all("Set-Cookie") if one.startswith("session_id="))
        assert all(word in session for word in ("Secure", "HttpOnly", "SameSite=Lax"))
    with pytest.raises(OSError, match="certificate verify failed"):
        tls.get(NOBODY)


def test_headers_that_a_visitor_sends_do_not_choose_the_brand(tls):
    forged = {"X-Forwarded-Host": OWNER, "Forwarded": f"host={OWNER}", "X-Forwarded-Proto": "http"}
    _status, headers, text = tls.get(RESELLER, **forged)
    assert "Northwind Voice" in text and "Meridian" not in text
    assert "Strict-Transport-Security" in headers


def test_the_live_channel_passes(tls):
    way = {"sslopt": {"cert_reqs": 0, "check_hostname": False}, "host": RESELLER, "timeout": 10}
    url = f"wss://127.0.0.1:{tls.port}/websocket?version=19.0-2"
    live = websocket.create_connection(url, origin=tls.url(RESELLER), **way)
    try:
        assert live.connected
    finally:
        live.close()


def test_people_exist_at_their_own_host_only(visitor, known):
    told = []
    for host, login in ((OWNER, "northwind"), (RESELLER, "accountant"), (RESELLER, "no such person")):
        page = visitor(host)
        try_to_log_in(page, login, known.get(login, "x"))
        told.append(page.locator(".alert-danger").inner_text().strip())
    assert set(told) == {"Wrong login/password"}
    page = visitor(RESELLER)
    try_to_log_in(page, "northwind", known["northwind"])
    page.wait_for_selector(".o_portal", timeout=FIRST_PAGE_MS)
    expect(page.locator(".o_brand_header img")).to_have_attribute("alt", "Northwind Voice")


def test_e_mails_come_from_the_brand(visitor, switch, mailbox, tls):
    for host, login, address in ((RESELLER, "northwind", "nora@nora.test"), (OWNER, "accountant", "alex@alex.test")):
        switch.db.execute(
            "update res_partner set email = %s, email_normalized = %s from res_users u"
            " where u.partner_id = res_partner.id and u.login = %s",
            [address, address, login],
        )
        page, before = visitor(host, "/web/reset_password"), len(mailbox.mails)
        page.fill("#login", login)
        page.locator(".oe_reset_password_form button[type=submit]").click()
        expect(page.locator(".alert-success")).to_be_visible()
        mail = mailbox.newest(address, after=before)
        name = BRANDS[host][0]
        assert mail["From"].startswith(f"{name} <") and mail["From"].endswith(f"@{name.split()[0].lower()}.example>")
        body = html_of(mail)
        logo = re.search(r'src="(https://[^"]+/brand/logo)"', body)[1]
        link = re.search(r'href="(https://[^"]+/web/reset_password[^"]+)"', body)[1]
        assert logo.startswith(f"https://{host}:") and link.startswith(f"https://{host}:")
        assert f"{name} Ltd" in body
        everything = str(mail)
        assert WORDS[host] not in everything and "Odoo" not in everything
        assert tls.get(host, urlsplit(logo).path)[1]["Content-Type"] == "image/png"


def test_a_reseller_makes_its_brand_its_own(browser, tls, visitor, known):
    page = visitor(RESELLER)
    try_to_log_in(page, "northwind", known["northwind"])
    page.wait_for_selector(".o_portal", timeout=FIRST_PAGE_MS)
    nora = Person(page.context, tls.url(RESELLER))
    office(nora, "Brand")
    nora.page.locator(".o_data_row", has_text="Northwind Voice").click()
    nora.type(name="Northwind Calls")
    nora.page.get_by_role("tab", name="Style").click()
    nora.type(style="@import 'https://spy.test/x.css';")
    assert "@import in line 1" in nora.save_refused()
    nora.type(name="Northwind Calls")
    nora.page.get_by_role("tab", name="Style").click()
    nora.type(style=".o_brand_header { border-bottom: 7px solid rgb(1, 2, 3); }")
    nora.page.get_by_role("tab", name="Page Templates").click()
    nora.add_line()
    nora.field("kind").locator("input, select").first.click()
    nora.page.locator(".o_select_menu_item, .o-dropdown--menu .dropdown-item", has_text="Home page").first.click()
    nora.type(body="<section class='container'><h1>Calls from {{name}}</h1>{{content}}</section>")
    nora.scope.locator(".modal-footer").get_by_role("button", name=re.compile("Save")).first.click()
    expect(nora.page.locator(".modal")).to_have_count(0)
    nora.save()
    page = visitor(RESELLER, "/")
    expect(page.get_by_role("heading", name="Calls from Northwind Calls")).to_be_visible()
    expect(page.locator(".o_brand_header")).to_have_css("border-bottom", "7px solid rgb(1, 2, 3)")
    page.get_by_role("link", name="Log in").first.click()
    expect(page).to_have_title("Login | Northwind Calls")
    expect(visitor(OWNER, "/").locator(".o_brand_header")).not_to_have_css("border-bottom-width", "7px")
    office(nora, "Brand")  # as it was, for the stories that follow
    nora.page.locator(".o_data_row", has_text="Northwind Calls").click()
    nora.type(name="Northwind Voice")
    nora.save()
    go(nora, "Customers")
    assert nora.complaints == []
