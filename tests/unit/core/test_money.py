"""Amounts: exact reading and writing, rounding by magnitude, currencies."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_switch_bridge.core.money import (
    convert_micro,
    format_micro,
    most_convertible_micro,
    parse_micro,
    quantum_micro,
    round_ratio,
)


@pytest.mark.parametrize(
    ("text", "micro"),
    [("0", 0), ("1", 1_000_000), ("0.000001", 1), ("-2.5", -2_500_000), ("+.5", None), ("1.0000000", 1_000_000)],
)
def test_decimal_text_is_read_exactly(text, micro):
    if micro is None:
        with pytest.raises(ValueError, match="not a decimal"):
            parse_micro(text)
    else:
        assert parse_micro(text) == micro


@pytest.mark.parametrize(("text", "decimals"), [("0.0000001", 6), ("0.01", 1), ("1.5", 0)])
def test_finer_amounts_are_refused_with_their_decimals(text, decimals):
    with pytest.raises(ValueError, match=f"more than {decimals} decimals"):
        parse_micro(text, decimals)


@pytest.mark.parametrize("text", ["", "1e5", "0x1", "1,5", "1 000", "NaN", "١", "1" * 19, "--1"])
def test_what_is_no_decimal_amount_is_refused(text):
    with pytest.raises(ValueError, match="not a decimal"):
        parse_micro(text)


@given(st.integers(-(10**18), 10**18))
def test_reading_undoes_writing(micro):
    assert parse_micro(format_micro(micro)) == micro


def test_writing_fewer_decimals_loses_nothing():
    assert format_micro(-1_500_000, 2) == "-1.50" and format_micro(3_000_000, 0) == "3"
    with pytest.raises(AssertionError):
        format_micro(1_234_567, 4)


@pytest.mark.parametrize(
    ("numerator", "method", "rounded"),
    [
        (25, "half_up", 30),
        (-25, "half_up", -30),
        (24, "half_up", 20),
        (21, "up", 30),
        (-21, "up", -30),
        (29, "down", 20),
        (-29, "down", -20),
        (20, "up", 20),
        (0, "up", 0),
    ],
)
def test_rounding_mirrors_at_zero(numerator, method, rounded):
    assert round_ratio(numerator, 1, method, 10) == rounded


@given(st.integers(-(10**12), 10**12), st.integers(1, 5_000), st.sampled_from([1, 100, 10**6]))
def test_rounding_stays_within_its_quantum(numerator, denominator, quantum):
    exact = Fraction(numerator, denominator)
    assert abs(round_ratio(numerator, denominator, "half_up", quantum) - exact) * 2 <= quantum
    assert 0 <= abs(round_ratio(numerator, denominator, "up", quantum)) - abs(exact) < quantum
    assert 0 <= abs(exact) - abs(round_ratio(numerator, denominator, "down", quantum)) < quantum


def test_none_keeps_six_decimals_whatever_it_says():
    assert quantum_micro("none", 0) == 1 and quantum_micro("half_up", 4) == 100


@given(st.integers(-5, 10**12), st.integers(1, 10**11))
def test_credit_in_another_currency_is_the_most_that_converts_into_it(credit_micro, factor_e8):
    most = most_convertible_micro(credit_micro, factor_e8)
    assert convert_micro(most, factor_e8) <= credit_micro or credit_micro < 0
    assert convert_micro(most + 1, factor_e8) > credit_micro
