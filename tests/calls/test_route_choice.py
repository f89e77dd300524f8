"""Carriers in other currencies, of poor quality or blocked: which one a real call takes, and which one it does not."""

import time
from datetime import UTC, datetime, timedelta
from zlib import crc32

import pytest

from telecom_switch_bridge.services.route_candidates import PROBE_SHARE
from tests.support import staff

NO_LINE_AT_FIRST, ANSWERED = "02079470503", "02079470003"
ROUTED = "4420794705"
FAILED, GOOD = 1_000, 4_000


@pytest.fixture
def dollars(switch):
    """A second carrier whose prices are in dollars, 0.05 a minute, after Atlantic, which has no line; (rate, trunk)."""
    usd = switch.one("select id from res_currency where name = 'USD'")["id"]
    owner = switch.odoo.read("telecom.carrier", switch.ref("atlantic"), "company_id")[0]
    switch.db.execute("update res_currency set active = true where id = %s", [usd])
    switch.db.execute("delete from res_currency_rate where currency_id = %s", [usd])
    trunk = staff.new_trunk(
        switch, "Dollar", switch.far_ip, 5060, prefix=ROUTED, price=0.05, add_prefix="0077", match_ips="127.0.0.249"
    )
    carrier = switch.odoo.read("telecom.trunk", trunk, "carrier_id")[0]
    route = switch.odoo.find("telecom.route", ("prefix", "=", ROUTED))
    with switch.noticed():
        euro = switch.odoo.find("telecom.deck.rate", ("carrier_id", "=", carrier))
        switch.odoo.call("telecom.deck.rate", [euro], "unlink")
        switch.odoo.write("telecom.carrier", carrier, currency_id=usd)
        price = {"price": 0.05, "first_increment_s": 1, "next_increment_s": 1}
        switch.odoo.create("telecom.deck.rate", carrier_id=carrier, prefix=ROUTED, **price)
        switch.odoo.write("telecom.route", route, rule="priority")
        line = switch.odoo.find("telecom.route.line", ("route_id", "=", route))
        switch.odoo.write("telecom.route.line", line, priority=2)
        switch.odoo.create("telecom.route.line", route_id=route, trunk_id=switch.ref("trunk_atlantic"), priority=1)
        rate = switch.odoo.create("res.currency.rate", currency_id=usd, company_id=owner, name="2020-01-01", rate=1.0)
    yield rate, trunk
    staff.forget_trunk(switch, trunk)


def attempts(switch, phone, number, *, answered):
    """Legs of a call in the order in which carriers were tried."""
    point = switch.last_record()
    phone.forget()
    phone.dial(number)
    if answered:
        phone.state("CONFIRMED", seconds=10)
        time.sleep(1.2)
        phone.hang_up()
    phone.ended(seconds=12)
    return switch.settled(point)


def test_a_fail_over_that_would_lose_money_in_another_currency_is_skipped(switch, dollars):
    """Sold at 0.04 euro a minute: at 1.00 dollars a euro the second carrier costs 0.05 euro, at 2.00 it costs 0.025."""
    rate, trunk = dollars
    phone = switch.phone("301")
    legs = attempts(switch, phone, NO_LINE_AT_FIRST, answered=False)
    assert [leg["carrier_id"] for leg in legs] == [switch.ref("atlantic")]
    assert not phone.was_answered()

    with switch.noticed():
        switch.odoo.write("res.currency.rate", rate, rate=2.0)
    failed, carried = attempts(switch, phone, NO_LINE_AT_FIRST, answered=True)
    assert (failed["carrier_id"], carried["trunk_id"]) == (switch.ref("atlantic"), trunk)
    assert (carried["carrier_currency"], carried["terms"]["carrier_factor_e8"]) == ("USD", 50_000_000)
    shown = switch.odoo.read("telecom.call.record", carried["id"], "margin", "margin_currency_id")
    in_euro = -(-carried["carrier_cost_micro"] // 2)  # half-up
    assert round(shown["margin"] * 1_000_000) == carried["revenue_net_micro"] - in_euro > 0
    assert shown["margin_currency_id"][1] == "EUR"


def test_a_loss_that_the_account_is_allowed_is_taken(switch, dollars):
    _rate, trunk = dollars
    account = switch.account("lighthouse")
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, allow_loss=True)
    try:
        legs = attempts(switch, switch.phone("301"), NO_LINE_AT_FIRST, answered=True)
        assert legs[-1]["trunk_id"] == trunk
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.billing.account", account, allow_loss=False)


def seen(switch, trunk, disposition, count):
    """Attempts of a minute ago, as settlements leave them; so many that those of other stories do not matter."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    carrier = switch.odoo.read("telecom.trunk", trunk, "carrier_id")[0]
    switch.db.execute(
        """
        insert into telecom_call_record (leg_uniqueid, direction, started_at, ended_at, duration_us, destination_id,
            carrier_id, trunk_id, disposition)
        select 'seen-' || %s || number, 'outbound', %s, %s, 60000000, %s, %s, %s, %s from generate_series(1, %s) number
        """,
        [disposition, at, at, switch.ref("uk_fixed"), carrier, trunk, disposition, count],
    )


def work_out(switch):
    with switch.noticed():
        switch.odoo.call("telecom.trunk.quality", [], "_refresh")


def test_a_bad_carrier_sinks_and_comes_back(switch):
    """Atlantic is the cheaper one; with nearly all attempts failed it is tried last, but for one call in twenty."""
    atlantic, pacific = switch.ref("trunk_atlantic"), switch.ref("trunk_pacific")
    route, phone = switch.ref("route_all"), switch.phone("301")
    with switch.noticed():
        switch.odoo.write("telecom.route", route, least_quality=30)
    try:
        (leg,) = attempts(switch, phone, ANSWERED, answered=True)
        assert leg["trunk_id"] == atlantic
        seen(switch, atlantic, "failed", FAILED)
        work_out(switch)
        (leg,) = attempts(switch, phone, ANSWERED, answered=True)
        probes = crc32(leg["call_ref"].encode()) / 2**32 < PROBE_SHARE
        assert leg["trunk_id"] == (atlantic if probes else pacific)
        told = switch.odoo.create("telecom.price.and.route", account_id=switch.account("lighthouse"), number=ANSWERED)
        tried = switch.odoo.call("telecom.price.and.route", [told], "answer")["route"]["tried"]
        assert [(one["carrier"], one["poor"]) for one in tried] == [
            ("Pacific Carrier", False),
            ("Atlantic Carrier", True),
        ]
        assert tried[1]["quality"].startswith("quality ") and "of the destination: ASR" in tried[1]["quality"]

        seen(switch, atlantic, "answered", GOOD)
        work_out(switch)
        (leg,) = attempts(switch, phone, ANSWERED, answered=True)
        assert leg["trunk_id"] == atlantic
    finally:
        switch.db.execute("delete from telecom_call_record where leg_uniqueid like 'seen-%'")
        work_out(switch)
        with switch.noticed():
            switch.odoo.write("telecom.route", route, least_quality=0)


def test_a_blocked_carrier_gets_no_call(switch):
    phone = switch.phone("301")
    with switch.noticed():
        block = switch.odoo.create(
            "telecom.carrier.block", carrier_id=switch.ref("atlantic"), destination_id=switch.ref("uk_fixed")
        )
    (leg,) = attempts(switch, phone, ANSWERED, answered=True)
    assert leg["trunk_id"] == switch.ref("trunk_pacific")
    with switch.noticed():
        switch.odoo.write("telecom.carrier.block", block, active=False)
    (leg,) = attempts(switch, phone, ANSWERED, answered=True)
    assert leg["trunk_id"] == switch.ref("trunk_atlantic")


def test_the_record_tells_how_long_the_carrier_took_to_ring(switch):
    """The far end rings at once, for 3 s."""
    (leg,) = attempts(switch, switch.phone("301"), ANSWERED, answered=True)
    assert 0 <= leg["terms"]["pdd_ms"] < 2_000
