"""What a carrier and a called telephone get to see: the number that was meant for them, and nothing else."""

import pytest

from tests.support import staff
from tests.support.carrier_tap import CarrierTap
from tests.support.until import until


@pytest.fixture
def tap(switch):
    tap = CarrierTap(switch.far_ip)
    yield tap
    tap.close()


def test_the_invite_to_a_carrier_names_nobody_else(switch, tap):
    """A trunk added while calls go on gets the next call; its INVITE has no telephone, account, product or version."""
    staff.new_trunk(switch, "Tap", switch.far_ip, tap.port, prefix="1555", price=0.001, match_ips="127.0.0.252")
    sip = switch.sip("101")
    phone = switch.phone("101")

    phone.dial("0015551230000")
    invite = until(lambda: tap.invites[0] if tap.invites else "", seconds=5)
    assert phone.ended()["code"] == 486

    assert invite.startswith("INVITE sip:15551230000@")
    assert "From: <sip:442079460999@" in invite
    for secret in (
        sip.username,
        "Acme",
        "Northwind",
        "asterisk",
        "bss_",
        switch.name,
        "\r\nX-",
        "Remote-Party",
        "Asserted",
    ):
        assert secret.lower() not in invite.lower(), f"{secret!r} leaves in:\n{invite}"


def test_a_called_telephone_sees_the_extension_only(switch):
    caller = switch.phone("101")
    called = switch.phone("102", answer="486")

    caller.dial("102")
    invite = called.rings()["message"]
    assert caller.ended()["code"] == 486

    assert "From: <sip:101@" in invite
    for secret in (switch.sip("101").username, "asterisk", "bss_", "\r\nX-"):
        assert secret.lower() not in invite.lower(), f"{secret!r} leaves in:\n{invite}"
