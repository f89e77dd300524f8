"""A telephone calls a number outside: both hear each other, and every level pays what the tariff says."""

import time

import pytest

from tests.support.sound import tone_share


def test_an_answered_call_is_heard_both_ways_and_charged_at_every_level(switch):
    """Acme (customer of Northwind) talks 3 s to London; figures by hand from the demo's tariff.

    Northwind pays 0.01 + 3 x 0.02/60 = 0.011; Acme 25 % more on each price: 0.0125 + 3 x 0.025/60 = 0.01375 -> 0.0138;
    the carrier gets 3 x 0.01/60 = 0.0005.
    """
    acme, northwind = switch.account("acme"), switch.account("northwind")
    before = switch.wallet(acme)[0], switch.wallet(northwind)[0]
    point = switch.last_record()
    phone = switch.phone("101", tone_hz=620)

    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(2.4)
    phone.hang_up()
    phone.ended()

    (leg,) = switch.settled(point)
    assert tone_share(phone.recording, 620) > 0.9  # the far end returns what it hears: the way there and back
    assert (leg["direction"], leg["disposition"], leg["e164"], leg["answered_s"]) == (
        "outbound", "answered", "442079460000", 3,
    )  # fmt: skip
    assert leg["carrier_cost_micro"] == 500
    customer, reseller = switch.charges(leg["id"])
    assert (customer["account_id"], customer["net_micro"], customer["gross_micro"]) == (acme, 13_800, 13_800)
    assert (reseller["account_id"], reseller["net_micro"], reseller["gross_micro"]) == (northwind, 11_000, 11_000)
    assert switch.wallet(acme) == (before[0] - 13_800, 0)
    assert switch.wallet(northwind) == (before[1] - 11_000, 0)


def test_the_carriers_own_record_has_the_charged_seconds(switch):
    point = switch.last_record()
    known = len(switch.carrier_legs())
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(1.3)
    phone.hang_up()
    phone.ended()

    (leg,) = switch.settled(point)
    (theirs,) = switch.carrier_legs()[known:]
    assert theirs.userfield == "atlantic/442079460000"
    assert theirs.account == "442079460999"  # the number that Acme's reception shows
    assert theirs.seconds == pytest.approx(leg["duration_us"] / 1e6, abs=0.1)
    assert leg["answered_s"] == leg["carrier_billed_s"] == 2


def test_tax_is_added_for_an_account_that_has_it(switch):
    """Harbour Cafe pays 20 % VAT on the exact net: 0.0125 + 2 x 0.025/60 = 0.0133333 -> 0.0133 net, 0.002667 tax."""
    point = switch.last_record()
    phone = switch.phone("201")
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(1.4)
    phone.hang_up()
    phone.ended()

    (leg,) = switch.settled(point)
    charge = switch.charges(leg["id"])[0]
    assert leg["answered_s"] == 2
    assert (charge["net_micro"], charge["tax_micro"], charge["gross_micro"]) == (13_300, 2_667, 15_967)
