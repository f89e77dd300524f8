"""One call too many is refused in words, counts follow living calls, and a killed bridge changes nothing about that."""

import signal
import time

from tests.support import staff
from tests.support.sound import loud_seconds

OUTSIDE = "02079460000"


def test_one_call_too_many_is_told_so_until_a_place_is_free(switch):
    account, first = staff.new_account(switch, "161", 5_000_000)
    other = staff.new_phone(switch, account, "162")
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, max_calls_outbound=1)
    talker, waiter = switch.phone(first), switch.phone(other)
    carried, point = len(switch.carrier_legs()), switch.last_record()

    talker.dial(OUTSIDE)
    talker.state("CONFIRMED")
    refused(switch, waiter)
    assert loud_seconds(waiter.recording) > 1, "the sentence was not heard"

    switch.bridge.stop(signal.SIGKILL)
    switch.bridge.start()
    refused(switch, waiter)
    assert len(switch.reservations()) == 1

    waiter.forget()
    waiter.dial("999")
    waiter.state("CONFIRMED")
    waiter.hang_up()
    waiter.ended()

    talker.hang_up()
    talker.ended()
    switch.settled(point, legs=2)
    waiter.forget()
    waiter.dial(OUTSIDE)
    waiter.state("CONFIRMED")
    time.sleep(0.3)
    waiter.hang_up()
    waiter.ended()
    switch.settled(point, legs=3)
    assert len(switch.carrier_legs()) == carried + 3  # two calls and one for help
    assert switch.all("select * from switch_v1_call_count") == [] == switch.all("select * from telecom_call_counted")


def refused(switch, phone):
    """Dial, hear that there are too many calls, and be given up with it."""
    assert switch.refuses(phone, OUTSIDE, "reason=too_many_calls cause=42") == 503
