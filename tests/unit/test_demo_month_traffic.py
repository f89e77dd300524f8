"""The month of the demo, before any price: the same seed and end give the same calls."""

import sys
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
sys.path.insert(0, str(FOLDER))

from telecom_story.faults import failure, read_faults  # noqa: E402  stands in the demo's folder
from telecom_story.numbers import dialled  # noqa: E402
from telecom_story.shape import weight  # noqa: E402
from telecom_story.traffic import Caller, plan_month  # noqa: E402

END = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
OFFICE = Caller("office", "business", "uk", "Europe/London", 20, 5, ("a", "b"), ("201", "202"), "441614960700")
HOME = Caller("home", "residential", "us", "America/Chicago", 5, 1, ("c",), ("201",), "13125550150")
HABITS = {("uk", "business"): [("uk_fixed", 3), ("fr_mobile", 1)], ("us", "residential"): [("us", 1)]}


def test_the_same_seed_and_end_give_the_same_calls() -> None:
    calls = plan_month([OFFICE, HOME], HABITS, END)
    assert calls == plan_month([OFFICE, HOME], HABITS, END)
    assert len(calls) == 30 * (20 + 5 + 5 + 1)
    assert [call.at for call in calls] == sorted(call.at for call in calls)
    assert calls != plan_month([OFFICE, HOME], HABITS, END.replace(day=19))


def test_calls_lie_in_the_thirty_days_before_the_end() -> None:
    calls = plan_month([OFFICE], HABITS, END)
    assert calls[-1].at < END
    assert (END - calls[0].at).days <= 30


def test_who_has_one_telephone_calls_nobody_inside() -> None:
    calls = plan_month([OFFICE, HOME], HABITS, END)
    assert {call.caller.key for call in calls if call.kind == "internal"} == {"office"}
    assert all(call.other != call.phone for call in calls)


def test_hours_are_those_of_the_caller() -> None:
    at = datetime(2026, 3, 19, 15, 30, tzinfo=UTC)  # a Thursday; Chicago is five hours behind
    assert weight("business", at, "Europe/London") > weight("business", at, "America/Los_Angeles") > 0
    assert weight("business", at.replace(hour=3), "Europe/London") == 0


def test_numbers_are_dialled_as_people_of_a_country_do() -> None:
    assert dialled("441614960500", "44", "0", "00") == "01614960500"
    assert dialled("441614960500", "49", "0", "00") == "00441614960500"
    assert dialled("12125550101", "1", "1", "011") == "12125550101"


def test_the_most_special_fault_of_a_carrier_decides() -> None:
    rows = [
        {"carrier": "pacific", "percent": "10", "causes": "34 27"},
        {"carrier": "pacific", "prefix": "61", "from_days": "2", "to_days": "1", "percent": "80", "causes": "38"},
    ]
    faults = read_faults(rows, {"pacific": 7}, END)
    during = END.replace(day=18, hour=12)
    assert failure(faults, 7, "61255501234", during, 0.5) == 38
    assert failure(faults, 7, "61255501234", END, 0.5) is None
    assert failure(faults, 7, "3319900", END, 0.06) == 27
    assert failure(faults, 8, "61255501234", during, 0.0) is None
