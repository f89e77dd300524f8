"""What people may type at explain, and what they are told when it is not clear."""

import pytest

from telecom_switch_bridge.errors import Misused
from telecom_switch_bridge.explain.typed import find_phones, near_phones, typed_number
from tests.unit.bridge.world import phone

PHONES = [
    phone(1, 10, "101", endpoint="n100001-101", cli_e164="442079460999"),
    phone(2, 10, "102", endpoint="n100001-102", cli_e164=None),
    phone(3, 20, "101", endpoint="m100002-101", cli_e164="442079460888"),
]


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("020 7946 0000", "02079460000"),
        ("  +44 20-7946.0000 ", "+442079460000"),
        ("(020) 7946\u20110000", "02079460000"),
        ("(0)20 7946 0000", "02079460000"),
        ("+44\u00a020\u20137946\u22120000", "+442079460000"),
        ("0044 20 7946 0000", "00442079460000"),
        ("*100#", "*100#"),
        ("102", "102"),
    ],
)
def test_what_stands_between_digits_is_left_out(typed, dialled):
    assert typed_number(typed) == dialled


@pytest.mark.parametrize("typed", ["+44 (0)20-7946 0000", "0044 (0) 20 7946 0000"])
def test_a_zero_in_brackets_after_a_country_code_is_ambiguous_and_both_ways_are_named(typed):
    with pytest.raises(Misused, match=r"two ways.*442079460000.*leave out"):
        typed_number(typed)


@pytest.mark.parametrize(
    ("typed", "holds"),
    [("0800 FLOWERS", "holds E F L O R S W"), ("", "has no digit"), ("+", "has no digit"), ("44+20", r"holds \+"),
     ("\u0660\u0661", "holds"), ("020&PJSIP", "holds"), ("1\r\n2x", "holds x")],
)  # fmt: skip
def test_anything_else_is_no_number_and_is_named(typed, holds):
    with pytest.raises(Misused, match=holds):
        typed_number(typed)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("n100001-101", ["n100001-101"]),
        ("102", ["n100001-102"]),
        ("+44 20 7946 0888", ["m100002-101"]),
        ("101", ["n100001-101", "m100002-101"]),
        ("999", []),
        ("", []),
    ],
)
def test_a_telephone_goes_by_name_extension_or_own_number(wanted, found):
    assert [one.endpoint for one in find_phones(PHONES, wanted)] == found


def test_near_names_are_offered():
    assert near_phones(PHONES, "n100001") == ["n100001-101", "n100001-102"]
    assert near_phones(PHONES, "n10001-101")[0] == "n100001-101"
    assert near_phones(PHONES, "zzz") == ["m100002-101", "n100001-101", "n100001-102"]
    assert near_phones([], "101") == []
    assert len(near_phones([phone(n, 1, str(n)) for n in range(50)], "zzz")) == 8
