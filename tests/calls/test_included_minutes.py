"""Included minutes in real calls: split in mid call, shared by calls at once, rolled over, bridge killed."""

import signal
import time

import pytest

from tests.support import staff
from tests.support.allowance_rows import give
from tests.support.until import until

UK, ANSWERS_AT_ONCE, RINGS_3_S = "uk_fixed", "02079460000", "02079460003"
GRANT_S = 6  # tests/support/switch.py


class Rows:
    """The switch's database, as the rows' helpers want it."""

    def __init__(self, switch):
        self.all, self._switch = switch.all, switch

    def value(self, query, *values):
        (value,) = self._switch.one(query, *values).values()
        return value


def new_customer(switch, extension, credit_micro, seconds):
    """A customer with a block of so many seconds to UK fixed lines; its account, telephone and block."""
    account, sip = staff.new_account(switch, extension, credit_micro)
    odoo = switch.odoo
    destination = switch.ref("uk_fixed")
    with switch.noticed():
        block = odoo.create(
            "telecom.allowance", name=f"Block {extension}", kind="block", minutes=1, destination_ids=[destination]
        )
        give(Rows(switch), account, block, seconds, f"story {extension}")
    return account, sip


def used_s(switch, account):
    query = """select coalesce(-sum(entry.seconds), 0)::int as used from telecom_allowance_entry entry
                 join telecom_allowance_bucket bucket on bucket.id = entry.bucket_id
                where bucket.account_id = %s and entry.kind = 'used'"""
    return switch.one(query, account)["used"]


def test_minutes_that_end_in_mid_call_are_split_to_the_second(switch):
    account, sip = new_customer(switch, "521", 1_000_000, 8)
    point = switch.last_record()
    phone = switch.phone(sip)

    phone.dial(ANSWERS_AT_ONCE)
    phone.state("CONFIRMED")
    time.sleep(11.4)
    phone.hang_up()
    phone.ended()

    (leg,) = switch.settled(point)
    (charge,) = switch.charges(leg["id"])
    assert (leg["answered_s"], charge["terms"]["included_s"], used_s(switch, account)) == (12, 8, 8)
    assert charge["gross_micro"] == 2_700  # 4 x 0.04/60 = 0.002667 -> 0.0027
    assert switch.wallet(account) == (1_000_000 - 2_700, 0)


def test_two_calls_share_the_last_seconds_and_nobody_has_more(switch):
    """No credit, 10 s: together the two calls last 10 s, and end by themselves."""
    account, sip = new_customer(switch, "522", 0, 10)
    second_sip = staff.new_phone(switch, account, "523")
    point = switch.last_record()
    phones = [switch.phone(one) for one in (sip, second_sip)]

    for phone in phones:
        phone.dial(ANSWERS_AT_ONCE)
    for phone in phones:
        phone.state("CONFIRMED")
    for phone in phones:
        phone.ended(seconds=15)

    legs = switch.settled(point, legs=2)
    assert sum(leg["answered_s"] for leg in legs) == 10 == used_s(switch, account)
    assert [charge["gross_micro"] for leg in legs for charge in switch.charges(leg["id"])] == [0, 0]
    assert switch.wallet(account) == (0, 0)
    third = switch.phone(sip)
    third.dial(ANSWERS_AT_ONCE)
    third.ended(seconds=15)
    last = max(leg["id"] for leg in legs)  # the call that began first may have ended last
    assert switch.last_record() == last, "the minutes are used up and there is no credit"


def test_a_bridge_that_is_killed_in_mid_call_loses_and_spends_no_seconds(switch):
    account, sip = new_customer(switch, "524", 0, 60)
    point = switch.last_record()
    phone = switch.phone(sip)

    phone.dial(RINGS_3_S)
    phone.state("EARLY")
    switch.bridge.stop(signal.SIGKILL)
    phone.state("CONFIRMED")
    phone.ended(seconds=12)
    switch.bridge.start()

    (leg,) = switch.settled(point)
    assert (leg["answered_s"], used_s(switch, account)) == (GRANT_S, GRANT_S)
    until(lambda: switch.all("select * from telecom_allowance_hold") == [])


@pytest.mark.parametrize("rolls_over", [False, True])
def test_seconds_of_last_month_are_used_if_they_roll_over(switch, rolls_over):
    odoo, destination = switch.odoo, switch.ref("uk_fixed")
    plan = odoo.call("telecom.rate.plan", [switch.ref("plan_direct")], "copy", {"name": f"Monthly {rolls_over}"})[0]
    monthly = odoo.create(
        "telecom.allowance", name="Monthly", plan_id=plan, minutes=1, rolls_over=rolls_over,
        destination_ids=[destination],
    )  # fmt: skip
    account, sip = staff.new_account(switch, f"52{5 + rolls_over}", 100_000, plan)
    switch.all(
        """select telecom_allowance_open(array[%s], array[%s], begins - interval '1 day')
             from telecom_allowance_month_of(now(), 'Europe/London')""",
        account, monthly,
    )  # fmt: skip
    switch.all("select telecom_allowance_expire(now())")
    point = switch.last_record()
    phone = switch.phone(sip)

    phone.dial(ANSWERS_AT_ONCE)
    phone.state("CONFIRMED")
    time.sleep(2.4)
    phone.hang_up()
    phone.ended()

    switch.settled(point)
    buckets = switch.all(
        "select left_s from telecom_allowance_bucket where account_id = %s order by period_start", account
    )
    assert [row["left_s"] for row in buckets] == ([57, 60] if rolls_over else [0, 57])
    assert switch.wallet(account) == (100_000, 0)
