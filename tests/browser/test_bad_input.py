"""Wrong values typed into pages: the message names the field and the remedy, and nothing is saved."""

import pytest
from playwright.sync_api import expect

PRICES = "select id, prefix, price_micro, valid_from from telecom_deck_rate order by id"
RATES = "select id, price, connect_fee from telecom_rate order by id"
PHONES = "select id, extension, account_id from telecom_phone order by id"
NUMBERS = "select id, e164 from telecom_number order by id"
DESTINATIONS = "select id, prefix from telecom_destination_prefix order by id"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"price": "0.0000001"}, ("Price (per minute)", "0.0000001", "at most 6 decimals")),
        ({"price": "-0.01"}, ("Prices", "from 0 to 1,000,000")),
    ],
)
def test_a_wrong_price_of_a_plan_is_refused(switch, pricing, typed, words):
    before = switch.all(RATES)
    pricing.menu("Prices", "Rate Plans")
    pricing.page.get_by_role("cell", name="Meridian Direct").click()
    pricing.page.locator(".o_data_row", has_text="UK fixed").locator("td[name='price']").click()
    pricing.type(**typed)
    refused(pricing.save_refused(), words)
    assert switch.all(RATES) == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"prefix": "44x", "price": "0.01"}, ("44x cannot be a prefix", "1 to 15 digits")),
        ({"prefix": "4477", "price": "0.1234567"}, ("Price", "0.1234567", "at most 6 decimals")),
        ({"prefix": "4477", "price": "-1"}, ("Prefix 4477", "from 0 to 1,000,000")),
    ],
)
def test_a_wrong_deck_price_is_refused(switch, pricing, typed, words):
    before = switch.all(PRICES)
    pricing.menu("Carriers", "Deck Prices")
    pricing.new()
    pricing.choose("carrier_id", "Atlantic Carrier")
    pricing.type(**typed)
    refused(pricing.save_refused(), words)
    assert switch.all(PRICES) == before


def test_letters_in_a_prefix_of_a_destination_are_refused(switch, pricing):
    before = switch.all(DESTINATIONS)
    pricing.menu("Prices", "Destinations")
    pricing.new()
    pricing.type(name="Spain fixed")
    pricing.choose("group_id", "Germany")
    pricing.type(prefixes="349 34a")
    refused(pricing.save_refused(), ("34a", "digits"))
    assert switch.all(DESTINATIONS) == before


def test_an_extension_that_is_taken_is_refused(switch, support):
    before = switch.all(PHONES)
    support.menu("Telephones", "Telephones")
    support.new()
    support.type(name="Second reception")
    support.choose("account_id", "Acme Trading")
    support.type(extension="101")
    refused(support.save_refused(), ("extension", "choose another"))
    assert switch.all(PHONES) == before


def test_a_number_that_is_none_is_refused(switch, support):
    before = switch.all(NUMBERS)
    support.menu("Telephones", "Numbers")
    support.new()
    support.type(e164="020 7946 0123")
    refused(support.save_refused(), ("02079460123 is not a number in E.164", "country code"))
    assert switch.all(NUMBERS) == before


def test_a_telephone_without_an_extension_is_marked_and_not_saved(switch, support):
    before = switch.all(PHONES)
    support.menu("Telephones", "Telephones")
    support.new()
    support.type(name="Nowhere")
    support.choose("account_id", "Acme Trading")
    support.page.locator(".o_form_button_save").click()
    expect(support.page.locator(".o_notification", has_text="Missing required fields")).to_be_visible()
    expect(support.page.locator(".o_field_widget.o_field_invalid")).to_have_count(1)
    expect(support.page.locator(".o_field_widget.o_field_invalid[name='extension']")).to_be_visible()
    support.discard()
    assert switch.all(PHONES) == before


def refused(said: str, words: tuple[str, ...]) -> None:
    """All words must be in what the page said."""
    assert [word for word in words if word.lower() not in said.lower()] == [], said
