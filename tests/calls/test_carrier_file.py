"""A carrier's own list of calls, made of the far end's journal and then damaged: each damage is found, and no other."""

import base64
import csv
import io
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.support.until import until

LONDON = ZoneInfo("Europe/London")
MADE = (("02079460000", 1.3), ("02079460001", 0.3), ("02079460000", 0.3), ("02079460003", 0.3), ("02079460000", 0.3))
HEADER = ["Destination Number", "Connect Time", "Billed (s)", "Charge", "Currency"]


def calls(switch):
    """Calls by Atlantic, as the far end has them."""
    carried = len(switch.carrier_legs())
    phone = switch.phone("101")
    for number, seconds in MADE:
        phone.forget()
        phone.dial(number)
        phone.state("CONFIRMED", seconds=8)
        time.sleep(seconds)
        phone.hang_up()
        phone.ended()
        time.sleep(1.1)  # the next one begins in another second

    def written():
        legs = switch.carrier_legs()[carried:]
        return len(legs) == len(MADE) and all(leg.ended_at for leg in legs)

    until(written, seconds=8, reason="the far end's journal")
    return switch.carrier_legs()[carried:]


def line_of(leg):
    carrier, _, number = leg.userfield.partition("/")
    assert carrier == "atlantic"
    seconds = -int(-leg.seconds // 1)
    start = datetime.fromtimestamp(leg.answered_at, LONDON)
    return [f"+{number}", f"{start:%d/%m/%Y %H:%M:%S}", str(seconds), f"{seconds * 0.01 / 60:.6f}", "EUR"]


def damaged(lines):
    """The first and last lines stay: they bound the period. Returns the file's lines."""
    first, longer, dearer, _dropped, last = (list(line) for line in lines)
    longer[2] = str(int(longer[2]) + 30)
    dearer[3] = "1.000000"
    never = ["+442079469999", first[1], "60", "0.010000", "EUR"]
    return [first, longer, dearer, never, last, last]


def test_every_damage_of_a_carriers_file_is_listed_and_nothing_else(switch):
    point = switch.last_record()
    made = calls(switch)
    ours = switch.settled(point, legs=len(MADE))
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADER, *damaged([line_of(leg) for leg in made])])
    statement = switch.odoo.create(
        "telecom.carrier.statement",
        carrier_id=switch.ref("atlantic"),
        file=base64.b64encode(text.getvalue().encode()).decode(),
        filename="atlantic.csv",
        timezone="Europe/London",
        date_order="dmy",
        tolerance_start_s=3,
        tolerance_s=1,
        tolerance_cost=0.0002,  # a second's price: both ends stop their own clock
    )
    switch.odoo.call("telecom.carrier.statement", [statement], "action_compare")
    assert switch.odoo.read("telecom.carrier.statement", statement, "state", "message") == {
        "id": statement, "state": "done", "message": False,
    }  # fmt: skip

    found = switch.all(
        "select result, line, record_id from telecom_statement_line where statement_id = %s order by line", statement
    )
    first, longer, dearer, dropped, last = (leg["id"] for leg in ours)
    assert [(row["result"], row["line"], row["record_id"]) for row in found] == [
        ("matched", 2, first),
        ("seconds", 3, longer),
        ("cost", 4, dearer),
        ("only_theirs", 5, None),
        ("matched", 6, last),
        ("only_theirs", 7, None),
        ("only_ours", None, dropped),
    ]
