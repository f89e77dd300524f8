"""A telephone sends the other party of its call elsewhere: each leg is charged to its end, as the carrier counts it."""

import signal
import time

import pytest

from tests.support import staff
from tests.support.carrier_tap import CarrierTap
from tests.support.phone import Phone
from tests.support.sound import loud_seconds, tone_share
from tests.support.transfers import (
    LONDON,
    LONDON_E164,
    MOBILE,
    MOBILE_E164,
    Office,
    Story,
    plan_without_warnings,
    price_micro,
)
from tests.support.until import until

SILENT_AFTER_S = 1.0
"""A silent telephone sends packets for 0.6 s after the answer all the same (PJMEDIA_STREAM_VAD_SUSPEND_MSEC)."""

WAYS = pytest.mark.parametrize("attended", [False, True], ids=["blind", "attended"])


@pytest.fixture(scope="module")
def office(whole_switch):
    return Office(whole_switch, "Transfers")


@pytest.fixture
def story(switch, office):
    return Story(switch, office.accounts, office.first, office.second)


@pytest.fixture
def tap(switch):
    tap = CarrierTap(switch.far_ip)
    yield tap
    tap.close()


def one_call(found):
    """The legs are tied together and say who transferred."""
    assert len({leg["linkedid"] for leg in found}) == 1, [(leg["leg_uniqueid"], leg["linkedid"]) for leg in found]
    return {leg["direction"]: (leg["terms"] or {}).get("note", "") for leg in found}


@WAYS
def test_an_outbound_call_goes_on_to_another_number(story, attended):
    story.dial(LONDON)
    time.sleep(1.2)
    story.transfer(MOBILE, attended=attended)
    time.sleep(2.3)
    story.phone.hang_up()
    time.sleep(0.5)
    assert story.switch.node.channels() == 2
    story.hang_up_far()

    first, second = story.agrees(2)
    one_call([first, second])
    assert first["terms"]["note"] == "transferred by 601"
    assert second["terms"]["note"] == ("transferred by 601" if attended else "made by a transfer of 601")
    assert {first["phone_id"], second["phone_id"]} == {first["phone_id"]}


@WAYS
def test_a_call_from_a_carrier_goes_on_to_a_number_outside(story, office, attended):
    story.switch.call_in(office.number, seconds=7)
    story.phone.state("CONFIRMED")
    time.sleep(1.2)
    story.transfer(MOBILE, attended=attended)
    notes = one_call(story.agrees(2))
    assert notes["inbound"] == "transferred by 601"


@WAYS
def test_a_call_from_a_carrier_goes_on_to_a_colleague(story, office, attended):
    story.switch.call_in(office.number, seconds=5)
    story.phone.state("CONFIRMED")
    time.sleep(1.2)
    story.transfer("602", attended=attended)
    story.colleague.state("CONFIRMED")
    story.colleague.ended(seconds=12)
    notes = one_call(story.agrees(2))
    assert notes["inbound"] == "transferred by 601"
    assert tone_share(story.colleague.recording, 440) > 0.9


@WAYS
def test_a_colleagues_call_goes_on_to_a_number_outside(story, attended):
    story.colleague.dial("601")
    story.colleague.state("CONFIRMED")
    story.phone.state("CONFIRMED")
    time.sleep(0.7)
    story.transfer(MOBILE, attended=attended)
    time.sleep(2.5)
    story.colleague.hang_up()
    story.colleague.ended()
    one_call(story.agrees(2))
    assert tone_share(story.colleague.recording, 880) > 0.9  # the far end returns what it hears


def test_a_party_that_is_sent_to_a_ringing_number_is_charged_to_its_own_end(story):
    """The transferring telephone connects both while the second one still rings (3 s)."""
    story.dial(LONDON)
    time.sleep(1)
    story.dial("02079460003", state="EARLY")
    time.sleep(0.5)
    assert story.phone.join().get("code", 0) < 300
    time.sleep(5)
    assert story.switch.node.channels() == 2
    story.hang_up_far()
    first, second = story.agrees(2)
    one_call([first, second])
    assert first["answered_s"] > second["answered_s"] >= 2


def test_a_call_is_transferred_twice(story):
    story.dial(LONDON)
    story.transfer("602", attended=False)
    story.colleague.state("CONFIRMED")
    time.sleep(1.2)
    assert story.colleague.transfer(MOBILE)["code"] < 300
    time.sleep(1.5)
    assert story.switch.node.channels() == 2
    story.hang_up_far()
    found = story.agrees(3)
    assert len({leg["linkedid"] for leg in found}) == 1
    first = next(leg for leg in found if leg["e164"] == LONDON_E164)
    assert first["terms"]["note"] == "transferred by 601, transferred by 602"


def test_twenty_transfers_leave_nothing_behind(story):
    """Every one has two legs outside, which end after 10 s at the latest."""
    for _ in range(20):
        story.dial(LONDON)
        story.transfer(MOBILE, attended=False)
        time.sleep(0.2)
        story.phone.hang_up()
    story.hang_up_far()
    story.agrees(40)
    assert story.switch.node.channels() == 0 and story.switch.far.channels() == 0


@pytest.fixture(scope="module")
def plain_plan(whole_switch):
    return plan_without_warnings(whole_switch, "Transfers without warnings")


@WAYS
def test_both_legs_go_on_past_their_slices_and_end_with_the_credit(switch, plain_plan, attended):
    """London costs 0.04 a minute, the mobile 0.12: 0.03 is enough for about 11 s of both; the first slices are 6 s."""
    account, sip = staff.new_account(switch, "621" if attended else "622", 30_000)
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, rate_plan_id=plain_plan)
    story = Story(switch, [account], sip)
    story.dial(LONDON)
    story.transfer(MOBILE, attended=attended)
    began = time.monotonic()
    until(lambda: switch.node.channels() == 0, seconds=20, reason="the limit to end the call")

    assert time.monotonic() - began > 7
    legs = switch.settled(story.point, legs=2)
    charges = [(leg["answered_s"], switch.charges(leg["id"])[0]["gross_micro"]) for leg in legs]
    london, mobile = (next(one for one, leg in zip(charges, legs, strict=True) if leg["e164"] == e164)
                      for e164 in (LONDON_E164, MOBILE_E164))  # fmt: skip
    assert mobile == (mobile[0], mobile[0] * 2_000) and mobile[0] > 7
    assert london == (london[0], price_micro("0", "0.04", london[0])) and london[0] >= mobile[0]
    assert switch.wallet(account) == (30_000 - london[1] - mobile[1], 0)
    assert switch.wallet(account)[0] >= 0
    ended = [leg["ended_at"] for leg in legs]
    assert abs((ended[0] - ended[1]).total_seconds()) < 0.5
    assert "grant_exceeded" not in switch.bridge.log()


def test_a_transfer_that_the_credit_does_not_allow_is_refused_in_words(switch):
    """The colleague is told that it does not go on, and nothing of the account."""
    account, sip = staff.new_account(switch, "623", 0)
    second = staff.new_phone(switch, account, "624")
    story = Story(switch, [account], sip, second)
    story.colleague.dial("623")
    story.colleague.state("CONFIRMED")
    story.phone.state("CONFIRMED")
    log = len(switch.node.log())
    story.transfer(MOBILE, attended=False)
    told = story.phone.learns()
    story.colleague.ended(seconds=15)

    assert told["code"] >= 400
    assert "reason=no_credit" in switch.node.log()[log:]
    assert loud_seconds(story.colleague.recording) > 2
    (leg,) = switch.settled(story.point)
    assert (leg["direction"], switch.wallet(account)) == ("internal", (0, 0))
    assert switch.far.channels() == 0


def test_a_party_that_hears_a_refusal_is_charged_while_it_hears_it(switch, office):
    """One call at a time is the account's limit, and the one that is transferred still counts."""
    account, sip = office.accounts[0], office.first
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, max_calls_outbound=1)
    try:
        story = Story(switch, office.accounts, sip)
        story.dial(LONDON)
        time.sleep(0.5)
        log = len(switch.node.log())
        story.transfer(MOBILE, attended=False)
        (leg,) = story.agrees(1)
        assert "reason=too_many_calls" in switch.node.log()[log:]
        assert leg["answered_s"] >= 2
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.billing.account", account, max_calls_outbound=False)


@pytest.mark.parametrize("target", ["999", "112", "0", "12*3", "00441", "1" * 33])
def test_nobody_is_handed_to_an_emergency_service_or_a_number_that_is_none(switch, office, target):
    """The telephone is silent: a voice packet of its that is still under way to the other party would be taken for an
    answer by Asterisk's res_pjsip_refer, which then tells it 200."""
    story = Story(switch, office.accounts, office.first, silent=True)
    story.dial(LONDON)
    time.sleep(SILENT_AFTER_S)
    log = len(story.switch.node.log())
    story.transfer(target, attended=False)
    assert story.phone.learns()["code"] >= 400
    (leg,) = story.agrees(1)
    assert leg["direction"] == "outbound"
    assert "action=call_refused" in story.switch.node.log()[log:]


def test_a_target_that_is_no_number_leaves_the_call_as_it_was(story):
    story.dial(LONDON)
    for target in ("external_replaces", "h", "x" * 60):
        story.phone.forget()
        story.phone.transfer(target)
        assert story.phone.learns()["code"] >= 400, target
    assert story.switch.node.channels() == 2
    story.phone.hang_up()
    story.agrees(1)


def test_a_carrier_does_not_learn_who_was_transferred_nor_by_whom(switch, story, office, tap):
    """The INVITE of the new leg is that of the telephone's own call."""
    staff.new_trunk(switch, "Transfer tap", switch.far_ip, tap.port, prefix="1777", price=0.001,
                    match_ips="127.0.0.250")  # fmt: skip
    switch.call_in(office.number, seconds=6, cli="442071234567")
    story.phone.state("CONFIRMED")
    story.transfer("0017771230000", attended=False)
    invite = until(lambda: tap.invites[0] if tap.invites else "", seconds=5)
    assert invite.startswith("INVITE sip:17771230000@")
    for secret in ("442071234567", office.first.username, "Referred-By", "Replaces:", "bss_", switch.name):
        assert secret.lower() not in invite.lower(), f"{secret!r} leaves in:\n{invite}"
    switch.settled(story.point, legs=2)


def test_a_carrier_cannot_transfer(switch, story):
    """A carrier's REFER is declined: it would make a call at the customer's cost."""
    carrier = Phone(switch.folder, user="carrier", password="", server=switch.node.sip, address=switch.phone_ip,
                    register=False, port=5077)  # fmt: skip
    switch.phones.append(carrier)
    staff.new_trunk(switch, "Transferring carrier", switch.phone_ip, 5077, prefix="1888", price=0.001,
                    match_ips="127.0.0.249")  # fmt: skip
    story.dial("0018881230000")
    carrier.state("CONFIRMED")
    assert carrier.transfer(MOBILE)["code"] == 603
    story.phone.hang_up()
    (leg,) = switch.settled(story.point)
    assert leg["e164"] == "18881230000"


def test_a_bridge_killed_after_a_transfer_settles_what_it_finds(story):
    """It is killed and started again while both legs go on, past their first slices."""
    story.dial(LONDON)
    story.transfer(MOBILE, attended=True)
    time.sleep(0.5)
    story.switch.bridge.stop(signal.SIGKILL)
    story.switch.bridge.start()
    time.sleep(7)
    assert story.switch.node.channels() == 2
    story.switch.bridge.stop(signal.SIGKILL)
    story.hang_up_far()
    until(lambda: story.switch.node.channels() == 0, seconds=5)
    story.switch.bridge.start()
    story.agrees(2)


def test_while_the_bridge_is_away_a_party_is_handed_to_colleagues_only(story):
    until(lambda: "-602" in story.switch.node.command("database show bss_ext"), seconds=8, reason="the extract")
    story.dial(LONDON)
    story.switch.bridge.stop(signal.SIGKILL)
    try:
        story.transfer("602", attended=False)
        story.colleague.state("CONFIRMED")
        assert story.colleague.transfer(LONDON)["code"] < 300
        until(lambda: story.switch.node.channels() == 0, seconds=15, reason="the refusal to be spoken")
    finally:
        story.switch.bridge.start()
    silent, outbound = sorted(story.agrees(2), key=lambda leg: leg["direction"])
    assert silent["direction"] == "internal"
    assert outbound["terms"]["note"] == "transferred by 601, transferred by 602"
