"""Set up by clicking and typing only: a telephone, a price, a trunk; the next call uses all three, nothing restarts."""

import re
import time

from playwright.sync_api import expect

from tests.support.switch import Sip

PARIS = "0033140000000"  # as a British telephone dials it; the far end answers numbers that end in 0000


def add_telephone(admin) -> Sip:
    """Add extension 302 of the school and read the password, which is shown once."""
    admin.menu("Telephones", "Telephones")
    admin.new()
    admin.type(name="Library")
    admin.choose("account_id", "Lighthouse School")
    admin.type(extension="302")
    admin.save()
    expect(admin.page.get_by_text("This telephone has no password yet")).to_be_visible()
    admin.press("New Password")
    username = admin.field("sip_username").inner_text().strip()
    password = admin.field("sip_password").inner_text().strip()
    admin.press("Done")
    expect(admin.page.get_by_text("This telephone has no password yet")).to_have_count(0)
    assert admin.page.get_by_text(password).count() == 0
    return Sip(username, password)


def add_price(pricing) -> None:
    """France, so far sold to nobody: 0.05 a call and 0.12 a minute in the plan of the owner's own customers."""
    pricing.menu("Prices", "Destinations")
    pricing.new()
    pricing.type(name="France fixed")
    pricing.choose("group_id", "Germany")
    pricing.type(prefixes="331 332 333")
    pricing.save()
    pricing.menu("Prices", "Rate Plans")
    pricing.page.get_by_role("cell", name="Meridian Direct").click()
    pricing.add_line()
    pricing.choose("destination_id", "France fixed")
    pricing.type(connect_fee="0.05", price="0.12")
    pricing.save()


def add_carrier(pricing, far: str) -> None:
    """A carrier with a trunk and what it charges for Paris."""
    pricing.menu("Carriers", "Carriers")
    pricing.new()
    pricing.type(name="Channel Carrier")
    pricing.save()
    pricing.menu("Carriers", "SIP Trunks")
    pricing.new()
    pricing.type(name="Channel Dover", host=far, add_prefix="0077", match_ips="127.0.0.253")
    pricing.choose("carrier_id", "Channel Carrier")
    pricing.save()
    pricing.menu("Carriers", "Deck Prices")
    pricing.new()
    pricing.choose("carrier_id", "Channel Carrier")
    pricing.type(prefix="331", price="0.03")
    pricing.save()


def add_route(pricing) -> None:
    """France goes over the new trunk only."""
    pricing.menu("Carriers", "Routes")
    pricing.new()
    pricing.type(prefix="33")
    pricing.add_line()
    pricing.choose("trunk_id", "Channel Dover")
    pricing.save()


def test_a_telephone_a_price_and_a_trunk_added_by_hand_work_on_the_next_call(switch, person):
    """2 s to Paris: 0.05 + 2 x 0.12/60 = 0.054 for the school; the new carrier takes 2 x 0.03/60 = 0.001."""
    bridge_started = switch.one("select started_at from telecom_switch_node")
    school = switch.account("lighthouse")
    balance = switch.wallet(school)[0]
    point, carried = switch.last_record(), len(switch.carrier_legs())

    admin = person("admin")
    sip = add_telephone(admin)
    phone = switch.phone(sip)
    phone.dial(PARIS)
    assert phone.ended(seconds=12)["code"] >= 400  # nobody sells France yet
    phone.forget()
    pricing = person("pricing")
    add_price(pricing)
    add_carrier(pricing, switch.far_ip)
    with switch.noticed():  # a test dials sooner after the click than a person, and a busy machine reads later
        add_route(pricing)

    phone.dial(PARIS)
    phone.state("CONFIRMED")
    time.sleep(1.4)
    phone.hang_up()
    phone.ended()

    (leg,) = switch.settled(point)
    assert (leg["e164"], leg["answered_s"], leg["carrier_cost_micro"]) == ("33140000000", 2, 1_000)
    assert [charge["gross_micro"] for charge in switch.charges(leg["id"])] == [54_000]
    assert switch.wallet(school) == (balance - 54_000, 0)
    assert [one.userfield for one in switch.carrier_legs()[carried:]] == ["pacific/33140000000"]
    assert_shown(admin, leg)
    assert switch.one("select started_at from telecom_switch_node") == bridge_started


def assert_shown(admin, leg) -> None:
    """The page of call records has the call with seconds, carrier, cost, charge and margin."""
    admin.menu("Calls", "Call Records")
    row = admin.row("33140000000")
    assert row["account_id"] == "A100002 Lighthouse School"
    assert row["destination_id"] == "France fixed"
    assert row["disposition"] == "Answered"
    assert (row["answered_s"], row["carrier_id"]) == ("2", "Channel Carrier")
    assert [float(row[name]) for name in ("carrier_cost", "revenue", "margin")] == [0.001, 0.054, 0.053]
    admin.menu("Calls", "Charges")
    assert float(admin.row("33140000000", "Lighthouse School")["gross"]) == 0.054
    admin.menu("Money", "Entries", "Wallet Entries")
    assert re.sub("[^0-9.-]", "", admin.row("33140000000")["amount"]).startswith("-0.054")
