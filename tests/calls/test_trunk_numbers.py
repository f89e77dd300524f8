"""Numbers and codecs are what each carrier wants, both ways; a change on the trunk's page counts on the next call."""

import pytest

from tests.support import staff
from tests.support.asterisk import free_addresses
from tests.support.carrier_tap import CarrierTap
from tests.support.raw_sip import RawPhone
from tests.support.until import until

DIALLED, OUR_NUMBER = "02079466400", "442079460999"


@pytest.fixture
def carrier(switch):
    """A carrier that is busy, its trunk, and an address of its own from which it calls."""
    tap = CarrierTap(switch.far_ip)
    (address,) = free_addresses(1)
    trunk = staff.new_trunk(
        switch, "Stylish", switch.far_ip, tap.port, prefix="4420794664", price=0.001, match_ips=address
    )
    yield tap, trunk, address
    tap.close()
    staff.forget_trunk(switch, trunk)


def invite(switch, tap):
    """The INVITE that a call of a telephone makes at the carrier."""
    before, phone = len(tap.invites), switch.phone("101")
    phone.dial(DIALLED)
    phone.ended()
    switch.hang_up_all()
    assert len(tap.invites) == before + 1
    return tap.invites[-1]


def test_what_goes_out_is_written_as_the_trunks_page_says(switch, carrier):
    tap, trunk, _address = carrier
    home = switch.odoo.find("telecom.numbering.plan", ("country_code", "=", "44"))
    plain = invite(switch, tap)
    assert plain.startswith("INVITE sip:442079466400@")
    assert f"From: <sip:{OUR_NUMBER}@" in plain
    assert "PCMA/8000" in plain and "PCMU/8000" in plain
    for changes, called, caller in (
        ({"number_style": "national", "numbering_plan_id": home, "cli_style": "plus"}, DIALLED, f"+{OUR_NUMBER}"),
        ({"strip_digits": 1, "add_prefix": "9977", "cli_style": "national"}, f"9977{DIALLED[1:]}", "02079460999"),
        ({"number_style": "zeros", "strip_digits": 0, "cli_style": "zeros"}, "997700442079466400", f"00{OUR_NUMBER}"),
    ):
        with switch.noticed():
            switch.odoo.write("telecom.trunk", trunk, **changes)
        told = switch.odoo.read("telecom.trunk", trunk, "number_style", "example", "cli_example")
        sent = invite(switch, tap)
        assert sent.startswith(f"INVITE sip:{called}@"), told
        assert f"From: <sip:{caller}@" in sent, told
    switch.odoo.write("telecom.trunk", trunk, codecs="alaw")
    sent = until(lambda: text if "PCMU/8000" not in (text := invite(switch, tap)) else "", seconds=10)
    assert "PCMA/8000" in sent


def test_what_comes_in_is_read_as_the_trunks_page_says(switch, carrier):
    _tap, trunk, address = carrier
    home = switch.odoo.find("telecom.numbering.plan", ("country_code", "=", "44"))
    caller, phone = RawPhone(address, switch.node.sip, "02071234567", "x"), switch.phone("101", answer="486")
    try:
        until(lambda: caller.invite("9902079460999") == 404, seconds=8, reason="the carrier's address is known")
        with switch.noticed():
            switch.odoo.write("telecom.trunk", trunk, in_strip_digits=2, numbering_plan_id=home)
        assert caller.invite("9902079460999") == 486
        assert "From: <sip:442071234567@" in phone.rings()["message"]
        with switch.noticed():
            switch.odoo.write("telecom.trunk", trunk, in_strip_digits=0, in_add_prefix="4420794")
        assert caller.invite("60999") == 486
        assert caller.invite("02079460999") == 404
    finally:
        caller.close()
