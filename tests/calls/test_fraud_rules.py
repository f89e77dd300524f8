"""A stolen password that calls one number over and over, in real calls: the one too many is refused, and all others."""

import pytest

from tests.support import staff

GERMAN_MOBILE, BRITISH = "004915112340000", "02079460000"
REFUSED = "reason=spend_limit cause=21"


def call(phone, called):
    """A call that is answered, and ended at once."""
    phone.forget()
    phone.dial(called)
    phone.state("CONFIRMED")
    phone.hang_up()
    phone.ended()


@pytest.mark.parametrize(
    ("extension", "rule"),
    [("541", {"kind": "repeated"}), ("542", {"kind": "country", "countries": "others"})],
)
def test_an_attack_ends_with_the_call_that_is_one_too_many(switch, extension, rule):
    odoo = switch.odoo
    account, sip = staff.new_account(switch, extension, 5_000_000)
    phone = switch.phone(sip)
    (britain,) = odoo.call("res.country", [], "search", [["code", "=", "GB"]])
    with switch.noticed():
        made = odoo.create(
            "telecom.fraud.rule", name="Story", most_calls=2, account_ids=[[6, 0, [account]]],
            country_ids=[[6, 0, [britain]]], **rule,
        )  # fmt: skip
    try:
        for called in (GERMAN_MOBILE, BRITISH, GERMAN_MOBILE):
            call(phone, called)
        switch.refuses(phone, GERMAN_MOBILE, REFUSED)
        (lock,) = switch.all("select rule, called from telecom_spend_lock where account_id = %s", account)
        assert (lock["rule"], lock["called"]) == (rule["kind"], GERMAN_MOBILE[2:])
        switch.refuses(phone, BRITISH, REFUSED)
        odoo.call("telecom.billing.account", [account], "action_spend_unlock")
        call(phone, GERMAN_MOBILE)
    finally:
        with switch.noticed():
            odoo.call("telecom.fraud.rule", [made], "unlink")
