"""One whole switch, Odoo's web server on its database and one browser for all browser stories of a run."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import WIDE, Person, chromium, passwords
from tests.support.fixtures import switch, whole_switch
from tests.support.switch import Switch
from tests.support.web import WebOdoo

__all__ = ["switch", "whole_switch"]


@pytest.fixture(scope="session")
def web(whole_switch: Switch) -> Iterator[WebOdoo]:
    server = WebOdoo(whole_switch.database, whole_switch.folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def person(browser: Browser, web: WebOdoo, whole_switch: Switch) -> Iterator[Callable[..., Person]]:
    """`person(login)` is that demo user, logged in; at the end nothing may have gone wrong in browser or server."""
    known = passwords(whole_switch.folder / "credentials.json")
    people: list[Person] = []
    errors = len(web.errors())

    def log_in(login: str, arrive_at: str = ".o_main_navbar") -> Person:
        one = Person(browser.new_context(viewport=WIDE), web.url)
        people.append(one)
        one.log_in(login, known[login], arrive_at)
        return one

    yield log_in
    for one in people:
        one.page.context.close()
    assert [complaint for one in people for complaint in one.complaints] == []
    assert web.errors()[errors:] == []


@pytest.fixture
def pricing(person: Callable[..., Person]) -> Person:
    return person("pricing")


@pytest.fixture
def support(person: Callable[..., Person]) -> Person:
    return person("support")
