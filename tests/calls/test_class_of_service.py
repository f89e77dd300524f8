"""Which numbers outside may be called: barred callers hear why, exceptions and all else go through."""

import pytest

from tests.calls.test_price_and_route import page
from tests.support import staff
from tests.support.detours import extension, set_phone, target_outside
from tests.support.sound import loud_seconds
from tests.support.until import until

LONDON, OTHER_LONDON, MOBILE = "02079460000", "02079461000", "07700900000"
CREDIT = 5_000_000


def new_class(switch, *rules, **values):
    with switch.noticed():
        return switch.odoo.create(
            "telecom.service.class", name="Story", rule_ids=[(0, 0, rule) for rule in rules], **values
        )


def blocked(prefix):
    return {"kind": "prefix", "digits": prefix}


def allowed(number):
    return {"kind": "number", "digits": number, "action": "allow"}


def goes_through(switch, phone, number):
    point = switch.last_record()
    phone.forget()
    phone.dial(number)
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
    (leg,) = switch.settled(point)
    return leg


def is_barred(switch, phone, number):
    """The caller is refused with a sentence; nothing is set aside and no carrier is called."""
    point, carried = switch.last_record(), len(switch.carrier_legs())
    assert switch.refuses(phone, number, "reason=barred cause=21", seconds=12) == 403
    assert not switch.reservations()
    assert (switch.last_record(), len(switch.carrier_legs())) == (point, carried)


@pytest.fixture
def office(switch):
    office.count = getattr(office, "count", 0) + 1
    account, sip = staff.new_account(switch, f"5{office.count:02}1", CREDIT)
    return account, sip


def test_a_barred_caller_hears_why_and_one_number_is_excepted(switch, office):
    account, sip = office
    one = new_class(switch, blocked("44207"), allowed("442079461000"), account_id=account)
    set_phone(switch, sip, service_class_id=one)
    phone = switch.phone(sip)

    is_barred(switch, phone, LONDON)
    assert loud_seconds(phone.recording) > 2, "the sentence was not heard"
    assert goes_through(switch, phone, OTHER_LONDON)["e164"] == "442079461000"
    assert goes_through(switch, phone, MOBILE)["direction"] == "outbound"
    assert goes_through(switch, phone, "999")["direction"] == "emergency"


def test_the_providers_bar_wins_and_a_change_counts_on_the_next_call(switch, office):
    account, sip = office
    company = switch.odoo.read("telecom.billing.account", account, "company_id")[0]
    bar = new_class(switch, blocked("44207"), company_id=company)
    own = new_class(switch, allowed("442079460000"), account_id=account, is_default=True)
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, service_class_id=bar)
    phone = switch.phone(sip)
    is_barred(switch, phone, LONDON)

    told = page(switch, account_id=account, number=LONDON)
    assert told["refused"] == "barred"
    assert [(one["class_id"], one["set_by"], one["allows"]) for one in told["classes"]] == [
        (own, "customer", True),
        (bar, "provider", False),
    ]

    with switch.noticed():
        switch.odoo.write("telecom.service.class", bar, rule_ids=[(0, 0, allowed("442079460000"))])
    assert goes_through(switch, phone, LONDON)["e164"] == "442079460000"
    with switch.noticed():
        switch.odoo.write("telecom.service.class", own, other_calls="block")
    is_barred(switch, phone, OTHER_LONDON)


def test_what_a_reseller_is_barred_from_is_barred_for_its_customers(switch):
    """Premium rate is blocked by one switch for the reseller: its customer's customer is refused, others are not."""
    northwind = switch.account("northwind")
    company = switch.odoo.read("telecom.billing.account", northwind, "company_id")[0]
    bar = new_class(switch, company_id=company, block_premium=True)
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", northwind, service_class_id=bar)
    try:
        is_barred(switch, switch.phone("101"), "09098790000")
        assert goes_through(switch, switch.phone("101"), LONDON)["direction"] == "outbound"
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.billing.account", northwind, service_class_id=False)


def test_a_forward_leads_nowhere_that_the_telephone_may_not_call(switch, office):
    account, caller = office
    called = staff.new_phone(switch, account, f"{int(extension(caller)) + 1}")
    own = new_class(switch, blocked("44"), account_id=account)
    target = target_outside(switch, account, "442079460000")
    set_phone(switch, called, forward_always_id=target)
    phone = switch.phone(caller)
    assert goes_through(switch, phone, extension(called))["e164"] == "442079460000"
    set_phone(switch, called, service_class_id=own)
    is_barred(switch, phone, extension(called))


def test_a_transferred_party_goes_nowhere_that_the_telephone_may_not_call(switch, office):
    account, sip = office
    phone = switch.phone(sip)
    phone.dial(LONDON)
    phone.state("CONFIRMED")
    new_class(switch, blocked("44"), account_id=account, is_default=True)
    before = len(switch.node.log())
    phone.transfer(MOBILE)
    until(
        lambda: "action=call_refused reason=barred" in switch.node.log()[before:],
        seconds=8,
        reason="the transfer is refused",
    )
    phone.hang_up()
    switch.hang_up_all()
