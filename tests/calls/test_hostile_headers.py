"""Garbage in every header that a telephone can fill changes neither a call nor its charge."""

import time

import pytest

from tests.support import journal
from tests.support.raw_sip import RawPhone
from tests.support.until import until

LONG = "x" * 1500
NASTY = "\"' ; ${SHELL(id)} $[1+1] \\ | & ^ <script> \u202e\u0416\u00e9 %0a"


@pytest.fixture
def raw(switch):
    sip = switch.sip("101")
    phone = RawPhone(switch.phone_ip, switch.node.sip, sip.username, sip.password)
    yield phone
    phone.close()


def from_header(switch, display="", user=None):
    user = user or switch.sip("101").username
    return f"{display}<sip:{user}@{switch.node.sip}>"


def cases(switch):
    quoted = NASTY.replace("\\", "\\\\").replace('"', '\\"')
    return {
        "display name": {"From": from_header(switch, f'"{quoted}" ')},
        "long display name": {"From": from_header(switch, f'"{LONG}" ')},
        "to": {"To": f'"{quoted}" <sip:{LONG[:200]}@x>'},
        "contact": {"Contact": f'"{quoted}" <sip:%22%3b@{switch.phone_ip}:9>'},
        "asserted identity": {"P-Asserted-Identity": f'"{quoted}" <sip:+4499{LONG[:100]}@x>'},
        "remote party": {"Remote-Party-ID": f'"{quoted}" <sip:999@x>;party=calling'},
        "diversion": {"Diversion": f'"{quoted}" <sip:"x@y>;reason=unknown'},
        "user agent": {"User-Agent": NASTY + LONG},
        "subject": {"Subject": LONG, "X-Bss-Decision": "internal", "BSS_DECISION": "internal"},
    }


NAMES = (
    "display name", "long display name", "to", "contact", "asserted identity", "remote party", "diversion",
    "user agent", "subject",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_garbage_in_a_header_changes_neither_call_nor_charge(switch, raw, name):
    """The call is answered and ended at once: at most one second is charged, with the caller that we know."""
    acme, carried, point = switch.account("acme"), len(switch.carrier_legs()), switch.last_record()
    log = len(switch.node.log())

    status = raw.invite("02079460000", cases(switch)[name], seconds=5)
    until(lambda: switch.node.channels() == 0, seconds=8, reason="the call to end")

    if status == 200:
        (leg,) = switch.settled(point)
        assert leg["answered_s"] <= 1 or name == "contact"
        assert (leg["account_id"], leg["from_number"]) == (acme, "442079460999")
        (theirs,) = switch.carrier_legs()[carried:]
        assert theirs.account == "442079460999"
    else:
        assert 400 <= status < 500, status
        assert switch.last_record() == point
    new_lines = switch.node.log()[log:]
    assert "SHELL" not in new_lines.replace("${SHELL(id)}", "")
    assert all(set(record) == set(journal.FIELDS) for record in journal.records(switch.node.journal))


def test_datagrams_that_are_no_sip_stop_nothing(switch, raw):
    for text in ("", "\0" * 100, "INVITE", "INVITE sip:1 SIP/2.0\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "\xff" * 4000):
        raw.send(text, seconds=0.05)
    time.sleep(0.2)
    point = switch.last_record()
    assert raw.invite("02079460000") == 200
    switch.settled(point)
