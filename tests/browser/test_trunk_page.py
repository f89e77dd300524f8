"""The page of a trunk, by hand: what the switch finds, what helps, and how a number goes out before one saves."""

import pytest
from playwright.sync_api import expect

from tests.support import staff
from tests.support.browser import NARROW
from tests.support.carrier_tap import CarrierTap
from tests.support.until import until


@pytest.fixture
def sleepy(switch):
    """A trunk whose carrier is not there, and the switch knows."""
    tap = CarrierTap(switch.far_ip)
    trunk = staff.new_trunk(
        switch, "Sleepy", switch.far_ip, tap.port, prefix="4420794665", price=0.001, check_s=2, match_ips="127.0.0.247"
    )
    until(lambda: switch.odoo.read("telecom.trunk", trunk, "link_state") == "unreachable", seconds=20)
    yield trunk
    tap.close()
    staff.forget_trunk(switch, trunk)


def test_a_trunk_that_is_down_says_so_and_what_helps(sleepy, pricing):
    pricing.menu("Carriers", "SIP Trunks")
    row = pricing.page.locator(".o_data_row", has_text="Sleepy").first
    expect(row).to_contain_text("Unreachable")
    row.locator("td[name='name']").click()
    expect(pricing.page.locator(".o_form_view .alert-danger:visible")).to_contain_text("does not answer")
    expect(pricing.field("link_state")).to_contain_text("Unreachable")


def test_a_number_is_tried_while_one_types(sleepy, pricing):
    pricing.menu("Carriers", "SIP Trunks")
    pricing.page.locator(".o_data_row", has_text="Sleepy").first.locator("td[name='name']").click()
    pricing.choose("numbering_plan_id", "United Kingdom")
    pricing.type(try_number="+44 20 7946 0123", add_prefix="9")
    pricing.field("add_prefix").locator("input").press("Tab")
    expect(pricing.field("example")).to_contain_text("9442079460123")
    pricing.type(try_called="02079460123")
    pricing.field("try_called").locator("input").press("Tab")
    expect(pricing.field("called_example")).to_contain_text("442079460123")
    pricing.type(try_number="call me")
    pricing.field("try_number").locator("input").press("Tab")
    expect(pricing.field("example")).to_contain_text("not a number")
    pricing.discard()
    pricing.page.set_viewport_size(NARROW)
    pricing.page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth", timeout=5000)
