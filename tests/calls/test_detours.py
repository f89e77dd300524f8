"""A way by which somebody else could make a call at a customer's cost: a forwarding answer (REFER: test_transfers)."""

import pytest

from tests.support import journal, staff
from tests.support.carrier_tap import CarrierTap


@pytest.fixture
def forwarder(switch):
    """A carrier that answers every call with: try this German mobile instead."""
    tap = CarrierTap(switch.far_ip, "302 Moved Temporarily", f"Contact: <sip:4915112340000@{switch.node.sip}>")
    yield tap
    tap.close()


def test_a_forwarding_answer_is_not_followed(switch, forwarder):
    known = {"match_ips": "127.0.0.251"}
    staff.new_trunk(switch, "Forwarder", switch.far_ip, forwarder.port, prefix="1666", price=0.001, **known)
    acme = switch.account("acme")
    before, point, carried = switch.wallet(acme), switch.last_record(), len(switch.carrier_legs())
    phone = switch.phone("101")

    phone.dial("0016661230000")
    assert phone.ended(seconds=15)["code"] >= 400

    (leg,) = switch.settled(point)
    assert (leg["e164"], leg["answered_s"]) == ("16661230000", 0)
    assert len(forwarder.invites) == 1
    assert not any(one.channel.startswith("Local/") for one in journal.legs(switch.node.journal))
    assert len(switch.carrier_legs()) == carried
    assert switch.wallet(acme) == before
