"""One whole switch, Odoo's web server on its database and one browser for all browser stories of a run."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.support.browser import WIDE, Person, chromium, leave, log_in, passwords
from tests.support.fixtures import switch, whole_switch
from tests.support.mailbox import Mailbox
from tests.support.switch import Switch
from tests.support.tls import TlsProxy, choose_port
from tests.support.web import WebOdoo

__all__ = ["switch", "whole_switch"]


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """The mail server that Odoo has: it takes everything."""
    with Mailbox() as server:
        yield server


@pytest.fixture(scope="session")
def https_port(whole_switch: Switch) -> int:
    return choose_port(whole_switch)


@pytest.fixture(scope="session")
def web(whole_switch: Switch, mailbox: Mailbox, https_port: int) -> Iterator[WebOdoo]:
    server = WebOdoo(whole_switch.database, whole_switch.folder, mailbox.port)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def tls(whole_switch: Switch, web: WebOdoo, https_port: int) -> Iterator[TlsProxy]:
    """The reverse proxy in front of Odoo, with certificates for the brands' hosts."""
    proxy = TlsProxy(whole_switch, web, https_port)
    try:
        proxy.start()
        yield proxy
    finally:
        proxy.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="session")
def logged_in(browser: Browser, web: WebOdoo, whole_switch: Switch) -> Iterator[Callable[[str], BrowserContext]]:
    """`logged_in(login)` is a browser in which that demo user has logged in, once for the run."""
    known = passwords(whole_switch.folder / "credentials.json")
    contexts: dict[str, BrowserContext] = {}

    def of(login: str) -> BrowserContext:
        if login not in contexts:
            contexts[login] = browser.new_context(viewport=WIDE)
            log_in(contexts[login], web.url, login, known[login])
        return contexts[login]

    yield of
    for context in contexts.values():
        leave(context)


@pytest.fixture
def person(logged_in: Callable[[str], BrowserContext], web: WebOdoo) -> Iterator[Callable[[str], Person]]:
    """`person(login)` is that demo user at a fresh page; at the end nothing may have gone wrong in page or server."""
    people: list[Person] = []
    errors = len(web.errors())

    def at_a_page(login: str) -> Person:
        people.append(Person(logged_in(login), web.url))
        return people[-1]

    yield at_a_page
    for one in people:
        one.page.context.set_offline(False)
        one.page.close()
    complaints = [complaint for one in people for complaint in one.complaints]
    assert complaints == [], "\n".join(complaints)
    assert web.errors()[errors:] == []


@pytest.fixture
def pricing(person: Callable[[str], Person]) -> Person:
    return person("pricing")


@pytest.fixture
def support(person: Callable[[str], Person]) -> Person:
    return person("support")
