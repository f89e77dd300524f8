"""Who does not know the password makes no call and learns nothing."""

import pytest

from tests.support.raw_sip import RawPhone


@pytest.mark.parametrize("user", ["{known}", "a999999-101", "trunk-1", "anonymous"])
def test_a_call_with_a_wrong_password_is_not_made(switch, user):
    point, carried = switch.last_record(), len(switch.carrier_legs())
    stranger = RawPhone(
        switch.phone_ip, switch.node.sip, user.format(known=switch.sip("101").username), "wrong-password"
    )
    try:
        assert stranger.invite("02079460000") in (401, 403)
    finally:
        stranger.close()
    assert switch.node.channels() == 0
    assert (switch.last_record(), len(switch.carrier_legs())) == (point, carried)


def test_a_telephone_with_a_wrong_password_does_not_register(switch):
    sip = switch.sip("101")
    sip.password = "wrong-password"
    phone = switch.phone(sip, expect=None)
    assert phone.registered() in (401, 403)


def test_the_answer_to_a_stranger_names_no_product(switch):
    stranger = RawPhone(switch.phone_ip, switch.node.sip, "nobody", "x")
    try:
        options = (
            f"OPTIONS sip:{switch.node.sip} SIP/2.0\r\nVia: SIP/2.0/UDP {stranger.contact};rport;branch=z9hG4bKx1\r\n"
            f"From: <sip:nobody@{switch.node.sip}>;tag=1\r\nTo: <sip:{switch.node.sip}>\r\nCall-ID: o1\r\n"
            "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        answer = stranger.send(options)
    finally:
        stranger.close()
    assert answer.startswith("SIP/2.0 ")
    assert "asterisk" not in answer.lower()
    assert 'realm="bss"' in answer or "401" not in answer.split("\r\n")[0]
