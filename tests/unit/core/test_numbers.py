"""Dialled digits to E.164, by the habits of the country they are dialled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_switch_bridge.core.numbers import NumberFault, Refusal, is_emergency, normalise_dialled

UK = ("44", "0", "00")
USA = ("1", "1", "011")
ITALY = ("39", "", "00")


@pytest.mark.parametrize(
    ("plan", "dialled", "e164"),
    [
        (UK, "02079460000", "442079460000"),
        (UK, "00493012345678", "493012345678"),
        (UK, "+493012345678", "493012345678"),
        (UK, "442079460000", "442079460000"),  # already E.164, as a trunk sends it
        (UK, "2079460000", "442079460000"),  # valid at home without its prefix
        (UK, "4930123456", "4930123456"),  # not valid at home: taken as E.164
        (USA, "12125550123", "12125550123"),
        (USA, "2125552368", "12125552368"),
        (USA, "011442079460000", "442079460000"),
        (ITALY, "0669812345", "390669812345"),  # the zero belongs to the number
        (ITALY, "00442079460000", "442079460000"),
    ],
)
def test_dialled_digits_become_e164(plan, dialled, e164):
    assert normalise_dialled(dialled, *plan) == e164


@pytest.mark.parametrize(
    ("dialled", "fault"),
    [
        ("", NumberFault.EMPTY),
        ("+", NumberFault.EMPTY),
        ("*43#", NumberFault.NOT_DIGITS),
        ("++44", NumberFault.NOT_DIGITS),
        ("0207;rm", NumberFault.NOT_DIGITS),
        ("٠٢٠٧٩٤٦٠٠٠٠", NumberFault.NOT_DIGITS),
        ("112", NumberFault.TOO_SHORT),
        ("00", NumberFault.TOO_SHORT),
        ("+4420794600001234", NumberFault.TOO_LONG),
        ("000123456789", NumberFault.NO_COUNTRY),
    ],
)
def test_what_is_no_number_is_refused_as_a_value(dialled, fault):
    assert normalise_dialled(dialled, *UK) == Refusal(fault)


def test_emergency_numbers_are_data():
    assert is_emergency("999", {"112", "999"}) and not is_emergency("0999", {"112", "999"})


@given(st.text(max_size=20), st.sampled_from([UK, USA, ITALY]))
def test_every_answer_is_e164_or_a_refusal(dialled, plan):
    answer = normalise_dialled(dialled, *plan)
    if not isinstance(answer, Refusal):
        assert 7 <= len(answer) <= 15 and answer.isascii() and answer.isdecimal() and answer[0] != "0"
