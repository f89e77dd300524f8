"""What may be spent, in real calls: one ends at what it may cost, an attack inside what the account may spend a day.

Who reaches the limit of a day hears why the next call is refused, is told by e-mail once, and calls on when unlocked.
"""

import time

import pytest

from tests.support import staff
from tests.support.mailbox import Mailbox, html_of
from tests.support.sound import loud_seconds

GERMAN_MOBILE = "004915112340000"
"""0.12 a minute: a second costs 0.002."""

REFUSED = "reason=spend_limit cause=21"


@pytest.fixture(scope="module")
def mailbox(whole_switch):
    """A mail server that Odoo sends by."""
    with Mailbox() as box:
        odoo = whole_switch.odoo
        server = odoo.create(
            "ir.mail_server", name="Story", smtp_host="127.0.0.1", smtp_port=box.port, smtp_encryption="none"
        )
        yield box
        odoo.call("ir.mail_server", [server], "unlink")


def limited(switch, extension, **limits):
    """A customer with 5.00, two telephones and limits of spending: its account and the telephones."""
    account, sip = staff.new_account(switch, extension, 5_000_000)
    other = staff.new_phone(switch, account, f"{extension}9")
    with switch.noticed():
        switch.odoo.write("telecom.billing.account", account, **limits)
    return account, [switch.phone(sip), switch.phone(other)]


def spent(switch, account):
    return 5_000_000 - switch.wallet(account)[0]


def locks(switch, account):
    return switch.all("select * from telecom_spend_lock where account_id = %s order by id", account)


def test_a_call_ends_at_what_one_call_may_cost(switch):
    account, (phone, _) = limited(switch, "533", max_spend_call=0.016)
    point = switch.last_record()
    phone.dial(GERMAN_MOBILE)
    phone.state("CONFIRMED")
    phone.ended(seconds=15)
    (leg,) = switch.settled(point)
    (charge,) = switch.charges(leg["id"])
    assert (leg["answered_s"], charge["gross_micro"]) == (8, 16_000)
    assert locks(switch, account) == []


def test_two_calls_that_reach_the_days_limit_end_by_it_and_the_account_is_locked(switch, mailbox):
    account, phones = limited(switch, "534", max_spend_day=0.04)
    odoo = switch.odoo
    # Notices of accounts that other stories locked go first: nobody has an address yet.
    odoo.call("telecom.spend.lock", [], "_cron_notices")
    known = odoo.read("telecom.billing.account", account, "partner_id", "company_id")
    odoo.write("res.partner", known["partner_id"][0], email="customer@lock.example")
    odoo.write("res.company", known["company_id"][0], email="provider@lock.example")
    point = switch.last_record()
    for phone in phones:
        phone.dial(GERMAN_MOBILE)
    for phone in phones:
        phone.state("CONFIRMED")
    for phone in phones:
        phone.ended(seconds=25)
    legs = switch.settled(point, legs=2)
    assert sum(leg["answered_s"] for leg in legs) == 20, "20 s at 0.002"
    assert all(leg["answered_s"] >= 6 for leg in legs)
    assert spent(switch, account) == 40_000
    (lock,) = locks(switch, account)
    assert (lock["rule"], lock["called"], lock["unlocked_at"]) == ("day", GERMAN_MOBILE[2:], None)

    switch.refuses(phones[0], GERMAN_MOBILE, REFUSED)
    assert loud_seconds(phones[0].recording) > 2, "the sentence was not heard"
    phones[0].forget()
    phones[0].dial("999")
    phones[0].state("CONFIRMED")
    phones[0].hang_up()
    phones[0].ended()
    assert len(locks(switch, account)) == 1

    for _ in range(2):  # what runs each minute
        odoo.call("telecom.spend.lock", [], "_cron_notices")
        odoo.call("mail.mail", [], "process_email_queue")
    sent = sorted((to, mail["Message-Id"]) for _, addresses, mail in mailbox.mails for to in addresses)
    queued = switch.all("select id, email_to, state, failure_reason from mail_mail")
    assert [to for to, _ in sent] == ["customer@lock.example", "provider@lock.example"], f"each once: {sent}, {queued}"
    told = html_of(mailbox.newest("customer@lock.example"))
    assert "Most per day" in told
    assert "0.04" in told

    assert odoo.read("telecom.billing.account", account, "spend_lock_id")[1] == "Most per day"
    odoo.call("telecom.billing.account", [account], "action_spend_unlock")
    point = switch.last_record()
    phones[1].forget()
    phones[1].dial(GERMAN_MOBILE)
    phones[1].state("CONFIRMED")
    time.sleep(1.4)
    phones[1].hang_up()
    phones[1].ended()
    switch.settled(point)
    assert spent(switch, account) == 44_000
    assert odoo.read("telecom.billing.account", account, "spend_lock_id") is False


def test_an_attack_is_stopped_inside_the_days_limit(switch):
    """A stolen password: many short calls to an expensive number."""
    account, phones = limited(switch, "531", max_spend_day=0.02)
    for _ in range(6):
        for phone in phones:
            phone.dial(GERMAN_MOBILE)
        time.sleep(2.5)
        for phone in phones:
            if not any(event.get("state") == "DISCONNECTED" for event in phone.events):
                phone.hang_up()
            phone.ended(seconds=15)
            phone.forget()
    switch.refuses(phones[0], GERMAN_MOBILE, REFUSED)
    assert 0 < spent(switch, account) <= 20_000, "10 s at 0.002, whatever the 5.00 on the account"
    assert [lock["rule"] for lock in locks(switch, account)] == ["day"]
    today = switch.odoo.read("telecom.billing.account", account, "spent_today")
    assert today == pytest.approx(spent(switch, account) / 1e6)
