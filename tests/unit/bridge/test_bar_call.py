"""Every class from the telephone up to the owner must allow a number; nobody lifts what a provider bars."""

from dataclasses import replace

import pytest

from telecom_switch_bridge.core.class_of_service import Opening, ServiceClass, ServiceRule
from telecom_switch_bridge.ports import CallRequest, CallTerms, Decision, Reason
from telecom_switch_bridge.services.prepare_call import prepare_call
from telecom_switch_bridge.values import Destination

from .test_explain import ask
from .world import ACME, NOW, RESELLER, demo

LONDON, MOBILE = "442079460000", "447700900123"
BLOCK_LONDON = ServiceRule(1, False, "always", "prefix", digits="4420")
ALLOW_ONE = ServiceRule(2, True, "always", "number", digits=LONDON)


def service_class(class_id, *rules, others=True):
    return ServiceClass(class_id, f"Class {class_id}", others, Opening(), rules)


def world(classes, *, phone=None, acme=None, acme_own=None, reseller=None):
    base = demo()
    accounts = tuple(
        replace(one, class_id=acme, own_class_id=acme_own)
        if one.account_id == ACME
        else replace(one, class_id=reseller)
        if one.account_id == RESELLER
        else one
        for one in base.account_rows
    )
    phones = tuple(replace(one, class_id=phone) if one.endpoint == "a10-101" else one for one in base.phone_rows)
    return demo(account_rows=accounts, phone_rows=phones, class_rows=tuple(classes))


def call(catalogue, dialled=f"00{LONDON}", endpoint="a10-101"):
    return prepare_call(CallRequest(endpoint, dialled, 1, "", "1-1", "x"), catalogue=catalogue, now=NOW)


@pytest.mark.parametrize("place", ["phone", "acme", "acme_own", "reseller"])
def test_a_class_at_any_place_bars(place):
    catalogue = world([service_class(5, BLOCK_LONDON)], **{place: 5})
    refused = call(catalogue)
    assert refused.reason is Reason.BARRED
    assert "'Class 5'" in refused.detail and "rule 1, prefix 4420" in refused.detail
    assert isinstance(call(catalogue, f"00{MOBILE}"), CallTerms)


@pytest.mark.parametrize("place", ["phone", "acme", "acme_own", "reseller"])
def test_an_exception_down_to_one_number(place):
    catalogue = world([service_class(5, BLOCK_LONDON, ALLOW_ONE)], **{place: 5})
    assert isinstance(call(catalogue), CallTerms)
    assert call(catalogue, f"00{LONDON[:-1]}1").reason is Reason.BARRED


def test_nobody_below_lifts_what_a_provider_bars():
    catalogue = world([service_class(5, BLOCK_LONDON), service_class(6, ALLOW_ONE)], phone=6, acme=6, reseller=5)
    assert f"account A{RESELLER}" in call(catalogue).detail


def test_a_telephones_class_stands_in_place_of_the_one_for_all_others():
    catalogue = world([service_class(5, BLOCK_LONDON), service_class(6)], phone=6, acme_own=5)
    assert isinstance(call(catalogue), CallTerms)
    assert call(catalogue, endpoint="a10-102").reason is Reason.BARRED


def test_internal_emergency_and_own_numbers_go_through():
    catalogue = world([service_class(5, others=False)], phone=5, acme=5, reseller=5)
    assert call(catalogue).reason is Reason.BARRED
    assert call(catalogue, "102").decision is Decision.INTERNAL
    assert call(catalogue, "999").decision is Decision.EMERGENCY
    assert call(catalogue, "00442079460999").decision is Decision.EXTERNAL


def test_a_class_that_is_not_known_bars():
    assert call(world([], phone=5)).reason is Reason.BARRED


def test_explain_names_each_class_and_its_rule():
    classes = [service_class(5, BLOCK_LONDON, ALLOW_ONE), service_class(6, BLOCK_LONDON)]
    page = ask(to=LONDON.replace("44", "0", 1), catalogue=world(classes, phone=5, reseller=6))
    assert page["refused"] == "barred"
    assert [(one["level"], one["set_by"], one["allows"]) for one in page["classes"]] == [
        (0, "customer", True),
        (1, "provider", False),
    ]
    assert page["classes"][0]["why"] == (f"class 'Class 5' of account A{ACME} allows it: rule 2, number {LONDON}")
    assert len(page["levels"]) == 2, "prices are shown all the same"


def test_by_type_and_country_of_the_destination():
    base = world([service_class(5, ServiceRule(1, False, "always", "network_type", network_type="mobile"))], acme=5)
    typed = tuple(
        Destination(one.destination_id, one.name, one.group_id, "mobile" if "mobile" in one.name else "fixed", "GB")
        for one in base.destination_rows
    )
    catalogue = base.with_parts({"destination_rows": typed})
    assert call(catalogue, f"00{MOBILE}").reason is Reason.BARRED
    assert isinstance(call(catalogue), CallTerms)
