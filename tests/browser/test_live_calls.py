"""The page Calls in Progress: a real call appears by itself, its seconds and cost move, a hang-up ends it."""

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from telecom_switch_bridge.core.meter import meter_of, metered
from telecom_switch_bridge.core.rating import Band, ChargeRule, Rounding, Step, Tariff, Tax, always
from tests.support.browser import NARROW
from tests.support.until import until

NUMBER = "442079460000"  # the far end answers it at once and plays until somebody hangs up
NOBODY = "Nobody is on the telephone"
DAY = (1, 2, 3, 4, 5, 6, 7)
WITH_EVERYTHING = Tariff(
    "Europe/Berlin",
    (
        Band("day", DAY, 0, 86_400, 10, None, 50_000, (Step(0, 39_999, 60, 30), Step(45, 120_000, 7, 6))),
        Band("from ten", DAY, 36_000, 86_400, 11, None, 0, (Step(0, 12_345, 60, 1),)),
    ),
    Rounding("up", 4),
    included_s=5,
    min_duration_s=10,
    grace_s=3,
    grace_mode="subtract",
    min_cost_micro=60_000,
    max_cost_micro=5_000_000,
    max_cost_strategy="free_after",
)
VAT = Tax(1, "VAT", "percent", 190_000)
RULES = [
    ChargeRule(),
    ChargeRule((VAT,)),
    ChargeRule((Tax(2, "VAT inside", "percent", 190_000, price_include=True), Tax(3, "Levy", "fixed", 5_000))),
    ChargeRule((VAT,), price_taxes=(Tax(2, "VAT inside", "percent", 70_000, price_include=True),)),
    ChargeRule((VAT, Tax(3, "Levy", "fixed", 5_000)), factor_e8=85_730_000),
]
JUST_BEFORE_TEN = datetime(2026, 5, 4, 7, 59, 20, tzinfo=UTC)


def open_page(one) -> None:
    one.menu("Calls", "Calls in Progress")
    expect(one.page.get_by_text(NOBODY)).to_be_visible()


def in_micro(text: str) -> int:
    """Amount as the page writes it."""
    return round(float(text.replace(",", "")) * 1_000_000)


def in_seconds(text: str) -> int:
    minutes, seconds = text.split(":")
    return int(minutes) * 60 + int(seconds)


def acme_pays(seconds: int) -> int:
    """0.0125 a call and 0.025 a minute by the second, half up at 4 decimals (micro-units)."""
    tariff = Tariff("UTC", (always(12_500, [Step(0, 25_000, 60, 1)]),), Rounding("half_up", 4))
    return metered(meter_of(tariff, JUST_BEFORE_TEN, 3600), seconds).gross_micro


def test_a_call_appears_moves_and_is_hung_up_from_the_page(switch, person):
    admin = person("admin")
    acme, point = switch.account("acme"), switch.last_record()
    balance = switch.wallet(acme)[0]
    open_page(admin)
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    expect(admin.page.locator(".o_data_row", has_text=NUMBER)).to_be_visible(timeout=2_500)  # nobody reloads
    until(lambda: admin.row(NUMBER)["state"] == "Answered", seconds=4)

    first = admin.row(NUMBER)
    assert first["account_id"] == "A100001 Acme Trading"
    assert (first["company_id"], first["carrier_id"]) == ("Northwind Voice", "Atlantic Carrier")
    until(lambda: in_seconds(admin.row(NUMBER)["seconds"]) >= in_seconds(first["seconds"]) + 2, seconds=6)
    later = admin.row(NUMBER)
    # both cells are read one after the other: a second may begin in between
    assert in_micro(later["charge"]) in {acme_pays(in_seconds(later["seconds"]) + more) for more in (0, 1)}
    assert in_micro(later["charge"]) > in_micro(first["charge"])
    expect(admin.page.locator(".o_list_footer")).to_contain_text(re.compile(r"0\.01\d{4}"))

    admin.page.locator(".o_data_row", has_text=NUMBER).get_by_role("button", name="Hang Up").click()
    expect(admin.page.locator(".modal")).to_contain_text("End this call now")
    assert not any(event.get("state") == "DISCONNECTED" for event in phone.events)
    admin.page.locator(".modal").get_by_role("button", name="Hang Up").click()
    phone.ended(seconds=5)
    expect(admin.page.get_by_text(NOBODY)).to_be_visible(timeout=4_000)

    (leg,) = switch.settled(point)
    charges = [charge["gross_micro"] for charge in switch.charges(leg["id"])]
    assert charges[0] == acme_pays(leg["answered_s"])
    assert leg["answered_s"] >= 2
    assert switch.wallet(acme) == (balance - charges[0], 0)
    admin.menu("Switch", "Commands")
    row = admin.row(NUMBER)
    assert (row["kind"], row["state"]) == ("Hang Up", "Done")
    command = switch.one("select asked_by, outcome from telecom_switch_command order by id desc limit 1")
    assert command == {"asked_by": switch.one("select id from res_users where login = 'admin'")["id"],
                       "outcome": "done"}  # fmt: skip


def test_who_sees_costs_sees_them_move_and_groups_and_filters(switch, person):
    auditor = person("auditor")
    open_page(auditor)
    phone = switch.phone("301")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    until(lambda: auditor.page.locator(".o_data_row", has_text="Lighthouse").count() == 1, seconds=4)
    until(lambda: auditor.row("Lighthouse").get("margin"), seconds=4)
    row = auditor.row("Lighthouse")
    assert in_micro(row["carrier_cost"]) > 0
    assert in_micro(row["margin"]) > 0
    expect(auditor.page.get_by_role("button", name="Hang Up")).to_have_count(0)

    auditor.page.locator(".o_searchview_input").fill("Pacific")
    auditor.page.locator(".o_searchview_autocomplete").get_by_text("Search Carrier for").click()
    expect(auditor.page.get_by_text(NOBODY)).to_be_visible()
    auditor.page.locator(".o_facet_remove").click()
    expect(auditor.page.locator(".o_data_row", has_text="Lighthouse")).to_have_count(1)
    auditor.page.locator(".o_searchview_dropdown_toggler").click()
    auditor.page.get_by_role("menuitemcheckbox", name="Carrier").click()
    expect(auditor.page.locator(".o_group_header")).to_contain_text("Atlantic Carrier")
    expect(auditor.page.locator(".o_data_row", has_text="Lighthouse")).to_have_count(1)
    phone.hang_up()
    expect(auditor.page.get_by_text(NOBODY)).to_be_visible(timeout=4_000)


def only(one, search: str, text: str) -> None:
    """Search for a text in one field, as the search box offers it, instead of what was searched for before."""
    while one.page.locator(".o_facet_remove").count():
        one.page.locator(".o_facet_remove").first.click()
    one.page.locator(".o_searchview_input").fill(text)
    one.page.locator(".o_searchview_autocomplete").get_by_text(f"Search {search} for").click()


def test_a_filter_holds_although_a_call_begins_while_its_answer_is_on_its_way(switch, support):
    open_page(support)
    first, second = switch.phone("301"), switch.phone("101")
    first.dial("02079460000")
    first.state("CONFIRMED")
    expect(support.page.locator(".o_data_row")).to_have_count(1)

    def answer_late(route) -> None:
        if "Pacific" in (route.request.post_data or ""):
            second.dial("02079460000")
            second.state("CONFIRMED")
            time.sleep(1)  # the page is told of the call meanwhile
        route.continue_()

    support.page.route("**/web_search_read*", answer_late)
    only(support, "Carrier", "Pacific")
    expect(support.page.get_by_text(NOBODY)).to_be_visible()
    support.page.unroute("**/web_search_read*")
    support.page.locator(".o_facet_remove").click()
    expect(support.page.locator(".o_data_row")).to_have_count(2)


def test_calls_are_found_by_provider_customer_carrier_and_destination(switch, support):
    open_page(support)
    rows = support.page.locator(".o_data_row")
    for extension, number in (("101", "02079460000"), ("301", "004930230000")):
        phone = switch.phone(extension)
        phone.dial(number)
        phone.state("CONFIRMED")
    expect(rows).to_have_count(2, timeout=6_000)
    for search, text, found in (
        ("Provider", "Northwind", "Acme"), ("Customer", "Lighthouse", "Lighthouse"),
        ("Destination", "UK fixed", "Acme"), ("Destination", "Germany", "Lighthouse"),
    ):  # fmt: skip
        only(support, search, text)
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text(found)
    only(support, "Carrier", "Atlantic")
    expect(rows).to_have_count(2)
    support.page.locator(".o_searchview_dropdown_toggler").click()
    support.page.get_by_role("menuitemcheckbox", name="Customer").click()
    expect(support.page.locator(".o_group_header")).to_have_count(2)
    expect(support.page.locator(".o_group_header").first).to_contain_text("(1)")


def test_on_a_narrow_screen_calls_are_cards_with_a_total(switch, person):
    admin = person("admin")
    open_page(admin)
    admin.page.set_viewport_size(NARROW)
    admin.page.reload()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    card = admin.page.locator(".o_kanban_record", has_text=NUMBER)
    expect(card).to_contain_text("Answered", timeout=6_000)
    expect(card).to_contain_text("0:02")
    totals = admin.page.locator(".o_telecom_live_totals")
    expect(totals).to_contain_text("1 in progress, 1 answered")
    expect(totals).to_contain_text(re.compile(r"0\.01\d{4} EUR"))
    expect(totals).to_be_in_viewport()
    width = admin.page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"]
    phone.hang_up()
    expect(admin.page.get_by_text(NOBODY)).to_be_visible(timeout=6_000)


def test_the_page_says_it_again_after_the_server_was_away(switch, support, web):
    open_page(support)
    support.page.context.set_offline(True)
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(0.5)
    support.page.context.set_offline(False)
    expect(support.page.locator(".o_data_row", has_text=NUMBER)).to_be_visible(timeout=20_000)
    phone.hang_up()
    support.complaints[:] = [one for one in support.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


@pytest.mark.parametrize("rule", RULES)
def test_the_page_prices_every_second_as_the_switch_does(support, rule):
    open_page(support)
    seconds = [*range(130), 900, 3599, 3600]
    meter = meter_of(WITH_EVERYTHING, JUST_BEFORE_TEN, 3600, rule)
    shown = support.page.evaluate(
        """([meter, seconds]) => {
            const { metered } = odoo.loader.modules.get("@telecom_switch/live_calls/meter");
            return seconds.map((s) => metered(meter, s)).map(({ net, gross }) => [Number(net), Number(gross)]);
        }""",
        [meter, seconds],
    )
    assert [tuple(one) for one in shown] == [tuple(metered(meter, s)) for s in seconds]
