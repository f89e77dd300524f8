"""Transfers: who may be sent where and who pays; what the journal tells of them, and what becomes of the legs."""

from datetime import timedelta

import pytest

from telecom_switch_bridge.errors import PeerMisbehaves
from telecom_switch_bridge.journal.parse import parse_line
from telecom_switch_bridge.ledger_ports import Channel, Transfer
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.ports import Allowed, Reason, Refused
from telecom_switch_bridge.services.extend_grants import ExtendGrants
from telecom_switch_bridge.services.frozen_terms import terms_from_json, terms_to_json
from telecom_switch_bridge.services.transfer_call import prepare_transfer, transfer_call

from .fakes import FakeReservations, FakeSwitch
from .journal_world import ANSWERED, CALLER, LEG, REF, World, gross
from .world import ACME, NORTHWIND, NOW, OWNER, RESELLER, demo, request

BLIND = (
    '"BLINDTRANSFER","1795658617.392166","a-1.0","a-1.0","PJSIP/a10-101-00000000","","","","s","attempts","Dial","",'
    '"{""extension"":""004915112340000"",""context"":""from-transfer"",""bridge_id"":""1a31432d"",'
    '""transferee_channel_name"":""PJSIP/trunk-1-00000001"",""transferee_channel_uniqueid"":""a-1.1""}"'
)
ATTENDED = (
    '"ATTENDEDTRANSFER","1795659127.964917","a-1.8","a-1.8","PJSIP/a10-101-00000008","","","","s","attempts","Dial","",'
    '"{""bridge1_id"":""76a5fbbb"",""channel2_name"":""PJSIP/a10-101-0000000a"",""channel2_uniqueid"":""a-1.10"",'
    '%s""transferee_channel_name"":""PJSIP/trunk-1-00000009"",""transferee_channel_uniqueid"":""a-1.9"",'
    '""transfer_target_channel_name"":""%s"",""transfer_target_channel_uniqueid"":""%s""}"'
)
TALKING = ATTENDED % ('""bridge2_id"":""2a042637"",', "PJSIP/trunk-1-0000000b", "a-1.11")
RINGING = ATTENDED % ('""app"":""Dial"",', "N/A", "N/A")
PARTY, HEARD = Channel("a-1.9", "PJSIP/trunk-1-00000009"), Channel("a-1.11", "PJSIP/trunk-1-0000000b")


@pytest.mark.parametrize(
    ("line", "transfer"),
    [
        (BLIND, Transfer((Channel("a-1.1", "PJSIP/trunk-1-00000001"),))),
        (TALKING, Transfer((PARTY, HEARD))),
        (RINGING, Transfer((PARTY,), PARTY, "a-1.10")),
        (BLIND.replace("PJSIP/trunk-1-00000001", "N/A"), Transfer(())),  # several parties: Asterisk names none
    ],
)
def test_the_journal_tells_who_was_transferred(line, transfer):
    assert parse_line(line).transfer == transfer


@pytest.mark.parametrize(
    "line",
    [
        BLIND.replace('{""extension', "{"), BLIND.replace('"{""ext', '"[{""ext'), RINGING.replace("channel2_", "no_"),
        BLIND.replace('""PJSIP/trunk-1-00000001""', "7").replace('"{""ext', '"[7]{""ext'),
    ],
)  # fmt: skip
def test_a_transfer_that_cannot_be_read_is_set_aside(line):
    with pytest.raises(PeerMisbehaves):
        parse_line(line)


@pytest.fixture
def asked():
    return request(
        dialled="02079460000", endpoint="a10-101", channel="PJSIP/trunk-1-00000007", channel_uniqueid="a-7.1"
    )


async def test_the_telephone_that_transfers_pays_for_the_new_leg(asked):
    reservations = FakeReservations({ACME: 20_000_000, RESELLER: 500_000_000})
    answer = await transfer_call(asked, catalogue=demo(), reservations=reservations, now=NOW, grant_s=120)
    assert isinstance(answer, Allowed) and answer.granted_s == 120
    terms = answer.terms
    assert [level.account_id for level in terms.payers] == [ACME, RESELLER]
    assert (terms.caller_channel, terms.cli, terms.transferred_by) == ("PJSIP/trunk-1-00000007", "442079460999", "101")
    (held,) = reservations.held.values()
    assert (held.channel_uniqueid, held.call_ref) == ("a-7.1", answer.call_ref)
    assert terms_from_json(terms_to_json(terms)) == terms


async def test_a_transfer_is_refused_without_credit_and_nothing_is_set_aside(asked):
    reservations = FakeReservations({ACME: 0, RESELLER: 500_000_000})
    answer = await transfer_call(asked, catalogue=demo(), reservations=reservations, now=NOW, grant_s=120)
    assert isinstance(answer, Refused) and answer.reason is Reason.NO_CREDIT and reservations.held == {}


@pytest.mark.parametrize(
    ("dialled", "endpoint", "reason"),
    [
        ("999", "a10-101", Reason.BAD_NUMBER),
        ("112", "a10-101", Reason.BAD_NUMBER),
        ("0", "a10-101", Reason.BAD_NUMBER),
        ("02079460000", "trunk-1", Reason.UNKNOWN_PHONE),  # a carrier may not transfer
        ("02079460000", "", Reason.UNKNOWN_PHONE),
    ],
)
def test_nobody_is_sent_where_the_telephone_may_not_send_them(dialled, endpoint, reason):
    refused = prepare_transfer(request(dialled=dialled, endpoint=endpoint), catalogue=demo(), now=NOW)
    assert isinstance(refused, Refused) and refused.reason is reason


@pytest.fixture
async def world():
    made = World()
    await made.authorise()
    return made


def told(uniqueid, *parties, heir=None, replaced="", endpoint="a10-101", linkedid=None):
    """A transfer by a channel of a telephone, as `World.journal` takes it."""
    kind = "ATTENDEDTRANSFER" if len(parties) > 1 or heir else "BLINDTRANSFER"
    return (kind, ANSWERED + timedelta(seconds=10), uniqueid, "", None, f"PJSIP/{endpoint}-00000000",
            Transfer(parties, heir, replaced), linkedid)  # fmt: skip


async def test_a_leg_is_charged_to_its_own_end_and_says_who_transferred_it(world):
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    await world.journal(told(CALLER, Channel(LEG, "PJSIP/trunk-1-1")), ("CHAN_END", ANSWERED, CALLER, ""))
    assert world.ledger.legs[LEG].transferred_by == "transferred by 101"
    await world.journal(("HANGUP", ANSWERED + timedelta(seconds=60), LEG, f"{REF}/1", 16))
    assert gross(world.record) == [(ACME, NORTHWIND, 37_500), (RESELLER, OWNER, 30_000)]
    assert (world.record["answered_s"], world.record["terms"]["note"]) == (60, "transferred by 101")
    assert world.ledger.stored == {}


async def test_a_transfer_and_the_end_may_come_in_one_batch(world):
    await world.journal(
        ("ANSWER", ANSWERED, LEG, f"{REF}/1"), ("CHAN_END", ANSWERED, CALLER, ""),
        told(CALLER, Channel(LEG, "PJSIP/trunk-1-1"), endpoint="stranger"),
        ("HANGUP", ANSWERED + timedelta(seconds=1), LEG, f"{REF}/1", 16),
    )  # fmt: skip
    assert world.record["terms"]["note"] == "transferred by stranger"  # a telephone that is not there any more
    assert world.ledger.legs == {} and world.ledger.stored == {}


@pytest.mark.parametrize("at_once", [True, False])
async def test_the_legs_of_a_call_are_tied_together_whatever_the_switch_says_at_their_ends(world, at_once):
    """Asterisk does not pass the new linkedid on to every channel."""
    events = [
        ("ANSWER", ANSWERED, LEG, f"{REF}/1"),
        told(CALLER, Channel(LEG, "PJSIP/trunk-1-1"), linkedid="a-1795470000.0"),
        ("HANGUP", ANSWERED + timedelta(seconds=60), LEG, f"{REF}/1", 16),
    ]
    for batch in [events] if at_once else [[event] for event in events]:
        await world.journal(*batch)
    assert world.record["linkedid"] == "a-1795470000.0"


@pytest.mark.parametrize("at_once", [True, False])
async def test_the_leg_that_a_party_waits_for_is_part_of_the_partys_call(world, at_once):
    """The channel that dialled it is gone; Asterisk ties the leg to that one."""
    events = [
        told("a-1795473500.1", HEIR, heir=HEIR, replaced=CALLER, linkedid="a-1795470000.0"),
        ("ANSWER", ANSWERED, LEG, f"{REF}/1"),
        ("HANGUP", ANSWERED + timedelta(seconds=2), LEG, f"{REF}/1", 16),
    ]
    for batch in [events] if at_once else [[event] for event in events]:
        await world.journal(*batch)
    assert world.record["linkedid"] == "a-1795470000.0"


HEIR = Channel("a-1795473500.0", "PJSIP/a10-102-00000005")


async def test_a_party_that_takes_the_place_of_a_dialling_channel_keeps_what_that_set_aside(world):
    """The transferring telephone's second call still rings when it connects both."""
    await world.journal(told("a-1795473500.1", HEIR, heir=HEIR, replaced=CALLER), ("CHAN_END", ANSWERED, CALLER, ""))
    assert world.ledger.stored[REF].channel_uniqueid == HEIR.uniqueid
    assert terms_from_json(world.ledger.stored[REF].frozen).caller_channel == HEIR.name
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"), ("HANGUP", ANSWERED + timedelta(seconds=2), LEG, "", 16))
    assert (world.record["answered_s"], world.record["call_ref"]) == (2, REF)
    assert world.record["linkedid"] == CALLER  # what the event of the transfer said


async def test_a_leg_that_swapped_its_mark_is_still_the_leg_that_was_answered(world):
    """The heir's end comes with the mark of the channel that it replaced, that channel's end with the heir's."""
    heir = Channel(LEG, "PJSIP/trunk-1-1")
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    await world.journal(
        told(CALLER, heir, heir=heir, replaced="a-1795473600.5"),
        ("HANGUP", ANSWERED + timedelta(seconds=11), "a-1795473600.5", f"{REF}/1", 16),
    )
    assert world.ledger.records == {}, "the replaced channel ended with a mark that is not its own"
    await world.journal(("HANGUP", ANSWERED + timedelta(seconds=60), LEG, "", 16))
    assert (world.record["leg_uniqueid"], world.record["answered_s"]) == (LEG, 60)
    assert world.ledger.stored == {} and world.ledger.aside == []


async def test_a_leg_that_lost_its_limit_with_its_place_is_told_it_at_once(world):
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    heir = Channel(LEG, f"PJSIP/x-{LEG}")
    await world.journal(told(CALLER, heir, heir=heir, replaced="a-1795473600.5"))
    switch = FakeSwitch({LEG: f"PJSIP/x-{LEG}"})
    await extender(world, switch).run_once(ANSWERED + timedelta(seconds=10))
    assert switch.timeouts[f"PJSIP/x-{LEG}"] == pytest.approx(109.75)


def extender(world, switch):
    return ExtendGrants(
        world.live, reservations=FakeReservations({ACME: 1, RESELLER: 1}), switch=switch, log=Log("test"), slice_s=120,
        extend_below_s=20,
    )  # fmt: skip


async def test_a_party_that_asked_is_told_its_limit_again_and_once(world):
    """The dialplan keeps the limit of an answered party that asks; afterwards it is set to the hundredth."""
    await world.journal(("ANSWER", ANSWERED, LEG, f"{REF}/1"))
    switch = FakeSwitch({LEG: f"PJSIP/x-{LEG}"})
    extend = extender(world, switch)
    at = ANSWERED + timedelta(seconds=10)
    await extend.run_once(at)
    assert switch.timeouts == {}  # the dialplan had told the grant
    world.live.tell_again(LEG, at + timedelta(seconds=1))
    world.live.tell_again("a-1.99", at)  # no leg of ours
    await extend.run_once(at)
    assert switch.timeouts == {}
    await extend.run_once(at + timedelta(seconds=1))
    assert switch.timeouts[f"PJSIP/x-{LEG}"] == pytest.approx(108.75)
    switch.timeouts.clear()
    await extend.run_once(at + timedelta(seconds=2))
    assert switch.timeouts == {}
