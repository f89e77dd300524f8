"""A carrier pays us for the calls that it brings, by its inbound deck: seen on record, ledger and margin."""

import pytest

from tests.support import staff
from tests.support.inbound import new_number
from tests.support.until import until

PER_MINUTE = 0.006  # 100 micro-units a second


@pytest.fixture(scope="module")
def paid(whole_switch):
    """Atlantic pays for calls to British numbers of ours."""
    switch = whole_switch
    with switch.noticed():
        switch.odoo.create(
            "telecom.deck.rate", carrier_id=switch.ref("atlantic"), direction="inbound", prefix="44", price=PER_MINUTE
        )
    return switch


def called(switch, extension):
    """An account that pays nothing for being called, its telephone and its number."""
    account, sip = staff.new_account(switch, extension, 0)
    return account, switch.phone(sip), new_number(switch, account, sip)


def talk(switch, phone, number, seconds):
    switch.call_in(number, seconds=seconds)
    phone.rings()
    phone.state("CONFIRMED")
    phone.ended(seconds=seconds + 6)


def owed(switch):
    query = "select sum(revenue_micro) as micro from telecom_carrier_ledger where direction = 'inbound'"
    return switch.one(query)["micro"] or 0


def test_a_call_in_brings_revenue_by_the_inbound_deck(switch, paid):
    account, phone, number = called(switch, "621")
    point, before = switch.last_record(), owed(switch)
    talk(switch, phone, number, 2)
    (leg,) = switch.settled(point)

    assert (leg["direction"], leg["carrier_id"]) == ("inbound", switch.ref("atlantic"))
    assert leg["answered_s"] in (2, 3)
    revenue = leg["answered_s"] * 100
    assert (leg["carrier_revenue_micro"], leg["carrier_cost_micro"]) == (revenue, 0)
    assert leg["carrier_billed_s"] == leg["answered_s"]
    assert owed(switch) - before == revenue
    (page,) = switch.all("select margin, carrier_revenue from telecom_call_record_view where id = %s", leg["id"])
    assert int(page["margin"] * 1_000_000) == int(page["carrier_revenue"] * 1_000_000) == revenue
    assert switch.wallet(account) == (0, 0)


def test_a_price_that_changes_during_the_call_changes_nothing(switch, paid):
    _account, phone, number = called(switch, "622")
    rate = switch.odoo.find("telecom.deck.rate", ("direction", "=", "inbound"))
    point = switch.last_record()
    switch.call_in(number, seconds=4)
    phone.state("CONFIRMED")
    with switch.noticed():
        switch.odoo.write("telecom.deck.rate", rate, price=0.6)
    try:
        phone.ended(seconds=10)
        (leg,) = switch.settled(point)
        assert leg["carrier_revenue_micro"] == leg["answered_s"] * 100
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.deck.rate", rate, price=PER_MINUTE)


def test_revenue_of_a_call_that_nobody_was_asked_about_is_recovered(switch, paid):
    _account, phone, number = called(switch, "623")
    until(lambda: number in switch.node.command("database show bss_did"), seconds=8, reason="the routing extract")
    point = switch.last_record()
    switch.bridge.stop()
    try:
        talk(switch, phone, number, 2)
    finally:
        switch.bridge.start()
    (leg,) = switch.settled(point)
    assert (leg["carrier_id"], leg["trunk_id"]) == (switch.ref("atlantic"), switch.ref("trunk_atlantic"))
    assert leg["carrier_revenue_micro"] == leg["answered_s"] * 100
    assert leg["terms"]["note"].endswith("as it was known afterwards")


def test_the_ledger_is_the_sum_of_the_records(switch, paid):
    """Also of all other stories that ran on this switch."""
    ledger = switch.all(
        "select carrier_id, direction, sum(legs) as legs, sum(cost_micro) as cost, sum(revenue_micro) as revenue"
        " from telecom_carrier_ledger group by 1, 2 order by 1, 2"
    )
    records = switch.all(
        "select carrier_id, direction, count(*) as legs, sum(carrier_cost_micro) as cost,"
        " sum(carrier_revenue_micro) as revenue from telecom_call_record where carrier_id is not null"
        " group by 1, 2 order by 1, 2"
    )
    assert ledger == records
    assert any(line["revenue"] for line in ledger)
