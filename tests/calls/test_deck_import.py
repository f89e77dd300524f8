"""A carrier's price list from a spreadsheet: it is what calls cost from its second on, and not before."""

import base64
import time
from datetime import UTC, datetime, timedelta

from tests.support.until import until

LIST = "Destination;Dial Code;Rate per Minute;Intervals\nUnited Kingdom;442;0,006;1/1\n"
OLD_MICRO, NEW_MICRO = 167, 100  # one second at 0.01 and at 0.006 a minute, rounded half up


def cost(switch):
    """Carrier's cost of a call of one second."""
    point = switch.last_record()
    phone = switch.phone("101")
    phone.forget()
    phone.dial("02079460000")
    phone.state("CONFIRMED")
    time.sleep(0.2)
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    assert leg["carrier_id"] == switch.ref("atlantic")
    return leg["carrier_cost_micro"]


def test_a_deck_counts_from_its_second_and_is_rolled_back(switch):
    odoo, model = switch.odoo, "telecom.price.import"
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=12)
    one = odoo.create(
        model, carrier_id=switch.ref("atlantic"), file=base64.b64encode(LIST.encode()).decode(),
        filename="atlantic.csv", scope="partial", start=f"{start:%Y-%m-%d %H:%M:%S}",
    )  # fmt: skip
    odoo.call(model, [one], "action_verify")
    assert odoo.read(model, one, "state", "message", "lowered_count") == {
        "id": one, "state": "verified", "message": False, "lowered_count": 1,
    }  # fmt: skip
    with switch.noticed():
        odoo.call(model, [one], "action_apply")
    assert cost(switch) == OLD_MICRO
    assert datetime.now(UTC) < start, "the machine is too slow to call before the second"

    until(lambda: datetime.now(UTC) >= start, seconds=15, reason="the second of the new prices")
    assert cost(switch) == NEW_MICRO

    with switch.noticed():
        odoo.call(model, [one], "action_roll_back")
    assert cost(switch) == OLD_MICRO
