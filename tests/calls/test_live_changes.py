"""What staff change in Odoo counts from the next call on, with nothing started anew."""

import time

from tests.support import staff
from tests.support.until import until


def talk(phone, number, seconds):
    phone.forget()
    phone.dial(number)
    phone.state("CONFIRMED")
    time.sleep(seconds)
    phone.hang_up()
    phone.ended()


def test_a_telephone_added_in_odoo_registers_and_calls(switch):
    point = switch.last_record()
    acme = switch.account("acme")
    phone = switch.phone(staff.new_phone(switch, acme, "155"))
    talk(phone, "02079460000", 0.2)
    (leg,) = switch.settled(point)
    assert leg["account_id"] == acme


def test_a_telephone_archived_in_odoo_is_out_at_once(switch):
    sip = staff.new_phone(switch, switch.account("acme"), "156")
    switch.phone(sip).close()
    phone = switch.odoo.find("telecom.phone", ("sip_username", "=", sip.username))
    switch.odoo.write("telecom.phone", phone, active=False)

    def refused():
        code = switch.phone(sip, expect=None).registered()
        switch.hang_up_all()
        return code in (401, 403, 404)

    until(refused, seconds=8, reason="the archived telephone is refused")


def test_a_new_password_counts_and_the_old_one_does_not(switch):
    sip = staff.new_phone(switch, switch.account("acme"), "157")
    switch.phone(sip).close()
    phone = switch.odoo.find("telecom.phone", ("sip_username", "=", sip.username))
    switch.odoo.write("telecom.phone", phone, sip_password="a-wholly-new-password")

    def refused():
        code = switch.phone(sip, expect=None).registered()
        switch.hang_up_all()
        return code in (401, 403)

    until(refused, seconds=8, reason="the old password is refused")
    sip.password = "a-wholly-new-password"
    switch.phone(sip)


def test_a_price_changed_in_odoo_is_charged_on_the_next_call(switch):
    """Lighthouse pays 0.03 a minute to America, then 0.60: 1 s costs 0.0005, then 0.01."""
    phone = switch.phone("301")
    point = switch.last_record()
    talk(phone, "0012125550000", 0.2)
    (leg,) = switch.settled(point)
    assert [charge["gross_micro"] for charge in switch.charges(leg["id"])] == [500]

    rate = switch.ref("rate_direct_us")
    try:
        with switch.noticed():
            switch.odoo.write("telecom.rate", rate, price=0.60)
        point = switch.last_record()
        talk(phone, "0012125550000", 0.2)
        (leg,) = switch.settled(point)
        assert [charge["gross_micro"] for charge in switch.charges(leg["id"])] == [10_000]
    finally:
        with switch.noticed():
            switch.odoo.write("telecom.rate", rate, price=0.03)


def test_a_trunk_added_in_odoo_carries_the_next_call(switch):
    """A third carrier at the same far end, for one prefix: told apart by what it puts before the number."""
    carried = len(switch.carrier_legs())
    staff.new_trunk(
        switch,
        "Third",
        switch.far_ip,
        5060,
        prefix="442079461",
        price=0.001,
        add_prefix="0077",
        match_ips="127.0.0.253",
    )
    point = switch.last_record()
    talk(switch.phone("101"), "02079461000", 0.2)
    (leg,) = switch.settled(point)
    assert leg["carrier_cost_micro"] == 17  # 1 s at 0.001 a minute
    assert [one.userfield for one in switch.carrier_legs()[carried:]] == ["pacific/442079461000"]


def test_a_suspended_account_is_refused_in_words_and_may_call_for_help(switch):
    account, sip = staff.new_account(switch, "158", 1_000_000)
    phone = switch.phone(sip)
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, state="suspended")
    phone.dial("02079460000")
    assert phone.ended(seconds=12)["code"] == 403
    assert "reason=suspended" in switch.node.log()
    phone.forget()
    phone.dial("999")
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()
