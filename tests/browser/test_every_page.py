"""Every main page of the owner, a reseller and a customer comes, without complaints, on a desk and on a telephone."""

import pytest

from tests.support.browser import leave, log_in, passwords
from tests.support.pages import PEOPLE, SIZES, Walk, context_of

AT_LEAST = {"admin": 60, "northwind": 25, "acme": 18}  # pages and forms: a walk that finds no menu shall not pass


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("login", PEOPLE)
def test_every_page_comes_and_none_is_wider_than_the_screen(browser, web, whole_switch, login, size):
    errors = len(web.errors())
    context = context_of(browser, size)
    log_in(context, web.url, login, passwords(whole_switch.folder / "credentials.json")[login])
    walk = Walk(context, web.url, login, size).take(PEOPLE[login])
    leave(context)
    assert walk.faults == [], "\n".join(walk.faults)
    assert web.errors()[errors:] == []
    assert len(walk.names) >= AT_LEAST[login], walk.names
