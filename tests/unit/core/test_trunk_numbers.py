"""How carriers write numbers, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_switch_bridge.core.trunk_numbers import Habits, NumberRules, read_number, write_number

UK, US, ITALY = Habits("44", "0", "00"), Habits("1", "1", "011"), Habits("39", "", "00")
NUMBER = "442079460000"


@pytest.mark.parametrize(
    ("rules", "sent"),
    [
        ({}, "442079460000"),
        ({"plus_sign": True}, "+442079460000"),
        ({"number_style": "plus"}, "+442079460000"),
        ({"number_style": "plus", "plus_sign": True}, "+442079460000"),
        ({"number_style": "zeros"}, "00442079460000"),
        ({"number_style": "zeros", "plus_sign": True}, "00442079460000"),
        ({"number_style": "national", "habits": UK}, "02079460000"),
        ({"number_style": "national", "habits": US}, "011442079460000"),
        ({"number_style": "national", "habits": UK, "strip_digits": 1, "add_prefix": "99"}, "992079460000"),
        ({"number_style": "plus", "strip_digits": 2, "add_prefix": "0077"}, "+00772079460000"),
        ({"strip_digits": 15, "add_prefix": "1"}, "1"),
    ],
)
def test_a_called_number_is_sent_in_the_carriers_style(rules, sent):
    assert NumberRules(**rules).sends(NUMBER) == sent


def test_the_callers_number_has_a_style_of_its_own_and_no_prefix():
    rules = NumberRules("plus", "national", UK, strip_digits=3, add_prefix="0077")
    assert (rules.shows(NUMBER), rules.shows("12125550100"), rules.shows("")) == ("02079460000", "0012125550100", "")


@pytest.mark.parametrize(
    ("rules", "called", "read"),
    [
        ({}, "+442079460000", NUMBER),
        ({}, "00442079460000", NUMBER),
        ({}, "442079460000", NUMBER),
        ({}, "02079460000", "02079460000"),  # of no country: nobody's number
        ({"habits": UK}, "02079460000", NUMBER),
        ({"habits": US}, "011442079460000", NUMBER),
        ({"habits": ITALY}, "390612345678", "390612345678"),
        ({"habits": UK, "in_strip_digits": 4}, "007702079460000", NUMBER),
        ({"in_add_prefix": "4420"}, "79460000", NUMBER),
        ({"in_strip_digits": 2, "in_add_prefix": "44"}, "+992079460000", NUMBER),
        ({"habits": UK}, "", ""),
    ],
)
def test_a_called_number_that_comes_in_is_read_by_the_trunks_rules(rules, called, read):
    assert NumberRules(**rules).reads(called) == read


def test_a_caller_is_read_by_the_country_and_by_no_other_rule():
    rules = NumberRules(habits=UK, in_strip_digits=5, in_add_prefix="1")
    assert (rules.reads_caller("02079460000"), rules.reads_caller("+4930123"), rules.reads_caller("")) == (
        NUMBER, "4930123", "",
    )  # fmt: skip


@given(
    st.from_regex(r"[1-9][0-9]{6,14}", fullmatch=True),
    st.sampled_from(["plus", "zeros", "national"]),
    st.sampled_from([UK, US]),
)
def test_what_is_written_so_that_it_can_be_told_is_read_back(e164, style, habits):
    assert read_number(write_number(e164, style, habits), habits) == e164
