"""Longest prefix: single and batch tables, held against the plain definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_switch_bridge.core.prefix import NO_MATCH, IntervalTable, PrefixTable, aligned

DIGITS = st.text("0149", min_size=1, max_size=6)
NUMBERS = st.one_of(DIGITS, st.text("0149", min_size=1, max_size=15))


def test_the_longest_prefix_wins_and_the_others_follow():
    table = PrefixTable({"44": "fixed", "447": "mobile", "44791": "special"})
    assert table.longest("447911123456") == ("44791", "special")
    assert list(table.matches("447911123456")) == [("44791", "special"), ("447", "mobile"), ("44", "fixed")]
    assert table.longest("4") is None and table.longest("33123") is None


@pytest.mark.parametrize("number", ["", "+4479", "44 79", "٤٤", "4" * 16])
def test_what_is_no_number_matches_nothing(number):
    assert PrefixTable({"4": 1}).longest(number) is None
    assert IntervalTable(["4"]).longest(aligned([number])).tolist() == [NO_MATCH]


@pytest.mark.parametrize("prefix", ["", "+44", "4a", "1" * 16])
def test_a_prefix_that_is_not_digits_is_refused(prefix):
    with pytest.raises(ValueError, match="prefix"):
        PrefixTable({prefix: 1})
    with pytest.raises(ValueError, match="prefix"):
        IntervalTable([prefix])


def test_a_prefix_that_is_there_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        IntervalTable(["44", "44"])


def test_an_empty_table_matches_nothing():
    assert IntervalTable([]).longest(aligned(["44"])).tolist() == [NO_MATCH]


@settings(max_examples=300, deadline=None)
@given(st.sets(DIGITS, max_size=30), st.lists(NUMBERS, max_size=20))
def test_both_tables_agree_with_the_definition(found, numbers):
    prefixes = sorted(found)
    single = PrefixTable({prefix: index for index, prefix in enumerate(prefixes)})
    batch = IntervalTable(prefixes).longest(aligned(numbers)) if numbers else np.array([])
    for number, index in zip(numbers, batch.tolist(), strict=True):
        wanted = sorted((p for p in prefixes if number.startswith(p)), key=len, reverse=True)
        assert [prefix for prefix, _ in single.matches(number)] == wanted
        assert (prefixes[index] if index != NO_MATCH else None) == (wanted[0] if wanted else None)
