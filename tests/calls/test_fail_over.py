"""The cheapest carrier has no line: the next one carries the call, and its cost is the one that counts."""

import time


def test_the_second_carrier_carries_and_is_paid(switch):
    """Atlantic (0.010 a minute) answers 503 for this number; Pacific costs 0.013: 2 s are 0.000433."""
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone("101")

    phone.dial("02079460503")
    phone.state("CONFIRMED")
    time.sleep(1.4)
    phone.hang_up()
    phone.ended()

    failed, answered = switch.settled(point, legs=2)
    assert (failed["attempt"], failed["disposition"], failed["hangup_cause"]) == (1, "failed", 34)
    assert failed["carrier_id"] == switch.ref("atlantic")
    assert switch.charges(failed["id"]) == []
    assert (answered["attempt"], answered["disposition"], answered["answered_s"]) == (2, "answered", 2)
    assert (answered["carrier_id"], answered["carrier_cost_micro"]) == (switch.ref("pacific"), 433)
    assert [charge["gross_micro"] for charge in switch.charges(answered["id"])] == [13_300, 10_700]
    first, second = switch.carrier_legs()[carried:]
    assert (first.userfield, second.userfield) == ("atlantic/442079460503", "pacific/442079460503")


def test_a_number_that_no_carrier_can_reach_is_tried_once(switch):
    """404 is the number's own fault: a second carrier would say the same."""
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone("101")
    phone.dial("02079460404")
    assert phone.ended()["code"] == 404
    switch.settled(point)
    assert len(switch.carrier_legs()) == carried + 1
