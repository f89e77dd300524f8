"""Log lines: the quick way writes what looking at each value writes."""

from hypothesis import given
from hypothesis import strategies as st

from telecom_switch_bridge.observe.log import MAX_VALUE_CHARS, _text, line

VALUES = st.one_of(
    st.none(),
    st.integers(),
    st.text(st.sampled_from('aZ0 =[],"\n.é-'), max_size=8),
    st.lists(st.integers(), max_size=3),
    st.just("x" * (MAX_VALUE_CHARS + 1)),
)


@given(st.dictionaries(st.sampled_from(["call_ref", "leg", "b"]), VALUES))
def test_a_line_is_made_of_its_values_one_by_one(fields):
    said = [f"{key}={_text(value)}" for key, value in fields.items() if value is not None]
    assert line("call", fields) == " ".join(["action=call", *said])
