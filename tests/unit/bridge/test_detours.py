"""Where calls go on: forwards followed and not followed, ring groups, and what each member may do by itself."""

from dataclasses import replace

import pytest

from telecom_switch_bridge.ledger_ports import OpenLeg
from telecom_switch_bridge.ports import Allowed, Decision, Reason, Refused, Ringing
from telecom_switch_bridge.services.authorise_branch import authorise_branch
from telecom_switch_bridge.services.detour_call import detour_call, why_of
from telecom_switch_bridge.services.follow_target import MAX_BRANCHES, MAX_HOPS, Why
from telecom_switch_bridge.services.frozen_terms import terms_from_json, terms_to_json
from telecom_switch_bridge.services.live_legs import LiveLeg, LiveLegs
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.services.prepare_detour import LONGEST_WAIT_S, read_branch, read_path
from telecom_switch_bridge.services.route_inbound import prepare_inbound, route_inbound
from telecom_switch_bridge.services.routing_extract import routing_extract
from telecom_switch_bridge.values import Number, RingGroup, Target

from .fakes import FakeReservations
from .world import ACME, NOW, RESELLER, SCHOOL, demo, phone, request

MOBILE = "447700900123"
TO_MOBILE, TO_102, TO_GROUP, OF_SCHOOL, EMERGENCY, TO_301, TO_101 = 1, 2, 3, 4, 5, 6, 7
TARGETS = (
    Target(TO_MOBILE, ACME, "external", None, MOBILE, None),
    Target(TO_102, ACME, "phone", "a10-102", None, None),
    Target(TO_GROUP, ACME, "group", None, None, 9),
    Target(OF_SCHOOL, SCHOOL, "external", None, MOBILE, None),
    Target(EMERGENCY, ACME, "external", None, "44999", None),
    Target(TO_301, SCHOOL, "phone", "a30-301", None, None),
    Target(TO_101, ACME, "phone", "a10-101", None, None),
)
GROUP = RingGroup(9, ACME, "200", "parallel", 25, screen_calls=False, target_ids=(TO_102, TO_MOBILE))


def world(called=None, group=None, **changes):
    """The demo with telephone 102 and the ring group 200 changed; 103 calls."""
    phones = (
        phone(101, ACME, "101", **(changes.pop("first", {}))),
        phone(102, ACME, "102", cli_e164=None, **(called or {})),
        phone(103, ACME, "103"),
        phone(301, SCHOOL, "301", forward_busy_id=OF_SCHOOL),
    )
    groups = (replace(GROUP, **(group or {})),)
    return demo(phone_rows=phones, target_rows=TARGETS, group_rows=groups, **changes)


def dial(catalogue, dialled="102"):
    return prepare_call(request(dialled, "a10-103"), catalogue=catalogue, now=NOW)


def dials(terms):
    return [route.dial for route in terms.routes]


def test_a_call_forwarded_outside_is_paid_and_shown_as_the_forwarding_telephones():
    terms = dial(world({"forward_always_id": TO_MOBILE}))
    assert (terms.decision, terms.direction, terms.e164) == (Decision.EXTERNAL, "outbound", MOBILE)
    assert (terms.account_id, terms.phone_id, terms.from_number) == (ACME, 102, "103")
    assert [level.account_id for level in terms.levels] == [ACME, RESELLER]
    assert terms.cli == "442079460999"  # 102 has none of its own: the caller's, which is the account's too
    assert terms.ringing == Ringing()


@pytest.mark.parametrize("target", [OF_SCHOOL, TO_301, EMERGENCY, 77, TO_102])
def test_a_forward_that_cannot_be_followed_is_none(target):
    """Another account's, an emergency number's, one that is gone, to itself: the telephone rings."""
    terms = dial(world({"forward_always_id": target}))
    assert (terms.decision, dials(terms)) == (Decision.INTERNAL, ["PJSIP/a10-102"])


def test_forwards_in_a_circle_ring_the_last_one():
    terms = dial(world({"forward_always_id": TO_101}, first={"forward_always_id": TO_102}))
    assert dials(terms) == ["PJSIP/a10-101"]


def test_a_chain_of_forwards_has_a_bound():
    phones = [phone(one, ACME, str(one), forward_always_id=one + 1) for one in range(110, 130)]
    targets = tuple(Target(one.phone_id, ACME, "phone", one.endpoint, None, None) for one in phones)
    catalogue = demo(phone_rows=(*phones, phone(103, ACME, "103")), target_rows=targets)
    assert dials(dial(catalogue, "110")) == [f"PJSIP/a10-{110 + MAX_HOPS - 1}"]


def test_only_a_telephone_that_may_forward_is_asked_about_again():
    assert dial(world()).ringing == Ringing()
    terms = dial(world({"forward_busy_id": TO_MOBILE, "ring_s": 20, "screen_calls": True}))
    assert terms.ringing == Ringing(path="102", screen="103", wait_s=LONGEST_WAIT_S)
    assert terms.ring_s == 20


def test_a_parallel_group_rings_telephones_directly_and_branches_for_what_costs():
    terms = dial(world(), "200")
    assert (dials(terms), terms.ring_s, terms.levels) == ([f"PJSIP/a10-102&Local/t{TO_MOBILE}@branch/n"], 25, ())
    assert terms.ringing.hunt


def test_a_serial_group_rings_in_order_and_asks_those_that_are_to_be_asked():
    terms = dial(world({"screen_calls": True}, {"strategy": "serial", "screen_calls": True}), "200")
    assert dials(terms) == ["Local/p102s@branch/n", f"Local/t{TO_MOBILE}s@branch/n"]


def test_a_member_that_forwards_is_followed_but_not_into_a_group():
    assert dials(dial(world({"forward_always_id": TO_MOBILE}, {"target_ids": (TO_102,)}), "200")) == [
        f"Local/t{TO_MOBILE}p102@branch/n"
    ]
    assert dials(dial(world({"forward_always_id": TO_GROUP}, {"target_ids": (TO_102,)}), "200")) == ["PJSIP/a10-102"]


def test_foreign_members_and_emergency_numbers_are_left_out_and_the_number_is_bounded():
    assert dials(dial(world(group={"target_ids": (OF_SCHOOL, EMERGENCY, TO_301, TO_102)}), "200")) == ["PJSIP/a10-102"]
    nobody = dial(world(group={"target_ids": (OF_SCHOOL,)}), "200")
    assert isinstance(nobody, Refused) and nobody.reason is Reason.BAD_NUMBER
    many = tuple(Target(1000 + one, ACME, "external", None, f"4477009{one:05}", None) for one in range(30))
    catalogue = world(group={"target_ids": tuple(one.target_id for one in many), "strategy": "serial"})
    assert len(dial(replace(catalogue, target_rows=many), "200").routes) == MAX_BRANCHES


async def detour(catalogue, ended, path, endpoint="a10-103", dialled="102", credit=9_000_000):
    reservations = FakeReservations({ACME: credit, RESELLER: 500_000_000})
    outcome = await detour_call(
        request(dialled, endpoint, said=(ended, path)),
        catalogue=catalogue, reservations=reservations, now=NOW, grant_s=120,
    )  # fmt: skip
    return outcome, reservations


@pytest.mark.parametrize(
    ("ended", "why"),
    [
        ("BUSY-17", Why.BUSY), ("CONGESTION-21", Why.BUSY), ("NOANSWER-19", Why.NO_ANSWER),
        ("DECLINED-21", Why.NO_ANSWER), ("CONGESTION-18", Why.NO_ANSWER), ("CHANUNAVAIL-20", Why.UNREACHABLE),
        ("", Why.UNREACHABLE), ("CONGESTION-x", Why.UNREACHABLE),
    ],
)  # fmt: skip
def test_how_an_attempt_ended_decides_which_forward_counts(ended, why):
    assert why_of(ended) is why


async def test_a_busy_telephone_goes_on_outside_with_a_reservation_of_its_own():
    outcome, reservations = await detour(world({"forward_busy_id": TO_MOBILE}), "BUSY-17", "102")
    assert isinstance(outcome, Allowed) and outcome.terms.e164 == MOBILE
    (held,) = reservations.held.values()
    assert held.account_ids == (ACME, RESELLER)
    broke, _ = await detour(world({"forward_busy_id": TO_MOBILE}), "BUSY-17", "102", credit=0)
    assert isinstance(broke, Refused) and broke.reason is Reason.NO_CREDIT


@pytest.mark.parametrize(
    ("ended", "path"),
    [("NOANSWER-19", "102"), ("BUSY-17", ""), ("BUSY-17", "x"), ("BUSY-17", "301"), ("BUSY-17", "1.2.3.4.5.102")],
)
async def test_no_forward_for_this_end_or_a_path_that_is_not_ours_goes_nowhere(ended, path):
    outcome, reservations = await detour(world({"forward_busy_id": TO_MOBILE}), ended, path)
    assert isinstance(outcome, Refused) and outcome.reason is Reason.UNANSWERED
    assert reservations.asked == []


async def test_a_forward_back_to_a_telephone_that_was_passed_is_not_followed():
    outcome, _ = await detour(world({"forward_busy_id": TO_101}), "BUSY-17", "101.102")
    assert isinstance(outcome, Refused) and outcome.reason is Reason.UNANSWERED


async def test_an_inbound_call_goes_on_inside_under_the_carriers_own_authorisation():
    numbers = (Number(1, "442079460999", ACME, "phone", "a10-102", None),)
    catalogue = world({"forward_busy_id": TO_101}, number_rows=numbers)
    outcome, reservations = await detour(catalogue, "BUSY-17", "102", "trunk-1", "442079460999")
    assert isinstance(outcome, Allowed) and dials(outcome.terms) == ["PJSIP/a10-101"]
    assert reservations.asked == []


async def branch(catalogue, name, endpoint="a10-103", dialled="200"):
    reservations = FakeReservations({ACME: 9_000_000, RESELLER: 500_000_000})
    outcome = await authorise_branch(
        request(dialled, endpoint, said=(name,)), catalogue=catalogue, reservations=reservations, now=NOW, grant_s=120
    )
    return outcome, reservations


async def test_a_member_outside_reserves_for_itself_and_may_be_asked():
    outcome, reservations = await branch(world(), f"t{TO_MOBILE}s")
    assert isinstance(outcome, Allowed) and outcome.granted_s == 120
    assert (outcome.terms.e164, outcome.terms.ringing.screen) == (MOBILE, "103")
    assert [one.account_ids for one in reservations.held.values()] == [(ACME, RESELLER)]


@pytest.mark.parametrize("name", [f"t{OF_SCHOOL}", f"t{EMERGENCY}", f"t{TO_102}", "t77", "p301s", f"t{TO_MOBILE}p301"])
async def test_a_branch_to_what_is_not_the_accounts_outside_is_refused(name):
    outcome, reservations = await branch(world(), name)
    assert isinstance(outcome, Refused) and outcome.reason is Reason.BAD_NUMBER
    assert reservations.asked == []


@pytest.mark.parametrize("text", ["", "t", "x1", "t1x", "t1p", "t9999999999", "p1s1", "t١"])
def test_what_is_no_branch_is_none(text):
    assert read_branch(text) is None


def test_a_path_is_numbers_and_points():
    assert (read_path("1.22.3"), read_path(""), read_path("1..2"), read_path("1;2")) == ((1, 22, 3), (), (), ())


async def test_a_number_that_leads_to_a_group_rings_it():
    numbers = (Number(1, "442079460999", ACME, "group", None, None, target_group_id=9),)
    outcome = await route_inbound(
        request("442079460999", "trunk-1", cli="4930123"),
        catalogue=world(number_rows=numbers), reservations=FakeReservations({}), now=NOW, grant_s=120,
    )  # fmt: skip
    assert isinstance(outcome, Allowed)
    assert (dials(outcome.terms), outcome.terms.cli) == ([f"PJSIP/a10-102&Local/t{TO_MOBILE}@branch/n"], "4930123")


def test_beside_a_carriers_leg_the_limit_of_a_branch_is_that_of_its_first_half():
    """Asterisk writes the mark on both halves of a Local channel, and the second one's ANSWER may come last."""
    terms = prepare_inbound(request("442079460999", "trunk-1"), catalogue=demo(), now=NOW).arriving
    arriving = LiveLeg(
        OpenLeg("a-2.0", "a-2.0-1", None, "a-2.0", "PJSIP/trunk-1-02", "a-2.0-1/in", NOW, NOW), terms, 6, 6
    )
    legs = LiveLegs()
    legs.add(arriving)
    for half in "12":
        name = f"Local/t1@branch-00000000;{half}"
        legs.add_phone(OpenLeg(f"a-2.{half}", "a-2.0-1", 1, "a-2.0", name, "a-2.0-1/1", NOW, NOW))
    assert legs.other_channel(arriving) == "Local/t1@branch-00000000;1"


def test_how_it_rings_lies_in_the_frozen_terms():
    terms = dial(world({"forward_busy_id": TO_MOBILE, "screen_calls": True}))
    assert terms_from_json(terms_to_json(terms)) == terms
    assert "ringing" not in terms_to_json(dial(world()))


def test_in_silence_a_groups_own_telephones_ring_and_nothing_is_forwarded():
    numbers = (
        Number(1, "442079460999", ACME, "group", None, None, target_group_id=9),
        Number(2, "442079460998", ACME, "external", None, MOBILE),
    )
    known = world({"forward_always_id": TO_MOBILE}, {"target_ids": (TO_101, TO_301, TO_MOBILE, TO_102)},
                  number_rows=numbers)  # fmt: skip
    extract = routing_extract(known.phone_rows, numbers, known.account_rows, known, groups=known.group_rows)
    assert extract["bss_ext", f"{ACME}-200"] == "a10-101&PJSIP/a10-102" == extract["bss_did", "442079460999"]
    assert extract["bss_ext", f"{ACME}-102"] == "a10-102"
    assert ("bss_did", "442079460998") not in extract
    off = tuple(replace(one, state="suspended") for one in known.phone_rows)
    known = replace(known, phone_rows=off)
    assert ("bss_ext", f"{ACME}-200") not in routing_extract(
        off, (), known.account_rows, known, groups=known.group_rows
    )
