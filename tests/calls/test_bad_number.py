"""What cannot be dialled is refused in words or at once; what looks like a command reaches no channel."""

import pytest

from tests.support.raw_sip import RawPhone
from tests.support.sound import loud_seconds

INJECTIONS = [
    "441&PJSIP/x",
    "441%26PJSIP%2Fa",
    "44%24%7BSHELL(id)%7D",
    "44%22%20%3D%20%22",
    "44%2C1%29",
    "44%0aX%3a%20y",
    "44%00",
    "44%5e1)U(leg-answered",
    "44;user=phone",
    "4" * 79,
]


@pytest.fixture
def raw(switch):
    sip = switch.sip("101")
    phone = RawPhone(switch.phone_ip, switch.node.sip, sip.username, sip.password)
    yield phone
    phone.close()


def test_a_destination_without_a_price_is_refused_in_words(switch):
    """Premium numbers are in no plan: unrateable is refused, never free."""
    point, carried = switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone("101")
    phone.dial("09098790000")
    assert phone.ended(seconds=12)["code"] == 404
    assert loud_seconds(phone.recording) > 2
    assert not phone.was_answered()
    assert (switch.last_record(), len(switch.carrier_legs())) == (point, carried)


def test_a_number_that_is_none_is_refused_in_words(switch):
    phone = switch.phone("101")
    phone.dial("0044")
    assert phone.ended(seconds=12)["code"] == 484
    assert loud_seconds(phone.recording) > 1


@pytest.mark.parametrize("dialled", INJECTIONS)
def test_a_dialled_text_with_more_than_digits_reaches_nothing(switch, raw, dialled):
    point, carried, bridge = switch.last_record(), len(switch.carrier_legs()), len(switch.bridge.log())
    before = switch.wallet(switch.account("acme"))
    log = len(switch.node.log())

    status = raw.invite(dialled, seconds=10)

    lines = [line for line in switch.node.log()[log:].splitlines() if "action=" in line]
    if dialled in ("44;user=phone", "44%00"):  # a parameter as carriers write it, or the end of a text: 44 is dialled
        assert "dialled=44 " in lines[0]
    else:
        assert status == 484
        assert len(lines) == 1, lines
        assert "reason=bad_number" in lines[0]
        assert "authorise" not in switch.bridge.log()[bridge:]
    assert (switch.last_record(), len(switch.carrier_legs())) == (point, carried)
    assert switch.wallet(switch.account("acme")) == before


def test_a_name_instead_of_a_number_is_not_found(switch, raw):
    assert raw.invite("s") == 404
    assert raw.invite("h") == 404
    assert raw.invite("sales") == 404
