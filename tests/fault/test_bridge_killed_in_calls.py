"""The bridge is killed -9 at every stage of a real call; the next one finishes what was begun, once."""

import signal
import time
from contextlib import contextmanager

import pytest

from tests.support.until import until

ANSWERS_AT_ONCE, RINGS_3_S = "02079460000", "02079460003"
GRANT_S = 6  # tests/support/switch.py


@pytest.fixture(autouse=True)
def _serving(switch):
    yield
    switch.bridge.stop()
    switch.bridge.start()


JOURNAL = "telecom_switch_take_journal"
"""The statement that takes a batch of the journal into the ledger: a transaction of its own."""


def blocked(switch, words):
    """Whether a statement of the bridge with these words waits for somebody."""
    query = """select 1 from pg_stat_activity where datname = current_database() and usename = 'bss_bridge'
                  and wait_event_type = 'Lock' and query like %s"""
    return switch.all(query, f"%{words}%")


def end_blocked(switch, words):
    """End the server's processes that wait with such a statement: what they have done is undone."""
    with switch.connect() as other:
        other.execute(
            """select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
                  and usename = 'bss_bridge' and wait_event_type = 'Lock' and query like %s""",
            (f"%{words}%",),
        )


@contextmanager
def wallet_held(switch, account):
    """Nobody else can move this account's money."""
    with switch.connect() as other:
        other.autocommit = False
        other.execute("select 1 from telecom_wallet where account_id = %s for update", (account,))
        yield
        other.rollback()


@contextmanager
def commits_held(switch):
    """A transaction that moves the journal's position waits in its COMMIT."""
    with switch.connect() as other:
        other.execute(
            """create function story_wait() returns trigger language plpgsql as
               $$ begin perform pg_advisory_xact_lock_shared(4711); return null; end $$;
               create constraint trigger story_wait after insert or update on telecom_journal_offset
               deferrable initially deferred for each row execute function story_wait()"""
        )
        other.execute("select pg_advisory_lock(4711)")
        try:
            yield
        finally:
            other.execute("select pg_advisory_unlock(4711)")
            other.execute("drop function story_wait cascade")


def one_charge(switch, point, account, before):
    """The leg of the story: recorded once, paid once by each level."""
    (leg,) = switch.settled(point)
    charges = switch.charges(leg["id"])
    assert [charge["level"] for charge in charges] == [0, 1]
    assert switch.wallet(account) == (before - charges[0]["gross_micro"], 0)
    return leg


def test_killed_before_the_dial_nobody_is_called_and_nothing_stays_set_aside(switch):
    acme, point, carried = switch.account("acme"), switch.last_record(), len(switch.carrier_legs())
    before = switch.wallet(acme)
    phone = switch.phone("101")
    with wallet_held(switch, acme):
        phone.dial(ANSWERS_AT_ONCE)
        until(lambda: blocked(switch, "telecom_switch_reserve"), reason="the reservation to be in work")
        switch.bridge.stop(signal.SIGKILL)
        assert phone.ended()["code"] == 503
    until(switch.reservations, reason="the server to finish what nobody waits for")
    switch.bridge.start()
    until(lambda: not switch.reservations(), seconds=10, reason="the reservation to be given back")
    assert switch.wallet(acme) == before and switch.last_record() == point
    assert len(switch.carrier_legs()) == carried


def test_killed_while_it_rings_the_call_is_answered_and_ends_at_its_grant(switch):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial(RINGS_3_S)
    phone.state("EARLY")
    switch.bridge.stop(signal.SIGKILL)
    phone.state("CONFIRMED", seconds=8)
    phone.ended(seconds=GRANT_S + 4)
    switch.bridge.start()
    leg = one_charge(switch, point, acme, before)
    assert leg["answered_s"] == GRANT_S


def test_killed_in_mid_call_the_next_bridge_extends_the_call_and_charges_it(switch):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial(ANSWERS_AT_ONCE)
    phone.state("CONFIRMED")
    time.sleep(1)
    switch.bridge.stop(signal.SIGKILL)
    switch.bridge.start()
    until(lambda: switch.reservations()[0]["granted_s"] > GRANT_S, seconds=8, reason="an extension")
    time.sleep(GRANT_S)
    phone.hang_up()
    phone.ended()
    leg = one_charge(switch, point, acme, before)
    assert leg["answered_s"] > GRANT_S


def test_killed_while_it_settles_and_the_server_had_not_committed(switch):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial(ANSWERS_AT_ONCE)
    phone.state("CONFIRMED")
    until(lambda: switch.all("select from telecom_leg_open"), reason="the answer to be read")
    with wallet_held(switch, acme):
        phone.hang_up()
        until(lambda: blocked(switch, JOURNAL), reason="the settlement to be in work")
        switch.bridge.stop(signal.SIGKILL)
        end_blocked(switch, JOURNAL)
    until(lambda: not blocked(switch, JOURNAL))
    time.sleep(0.5)
    assert switch.last_record() == point, "a transaction that nobody commits"
    switch.bridge.start()
    one_charge(switch, point, acme, before)


def test_killed_while_it_settles_and_the_server_commits(switch):
    acme, point = switch.account("acme"), switch.last_record()
    before = switch.wallet(acme)[0]
    phone = switch.phone("101")
    phone.dial(ANSWERS_AT_ONCE)
    phone.state("CONFIRMED")
    until(lambda: switch.all("select from telecom_leg_open"), reason="the answer to be read")
    with commits_held(switch):
        phone.hang_up()
        until(lambda: blocked(switch, JOURNAL), reason="the commit to be in work")
        switch.bridge.stop(signal.SIGKILL)
        assert switch.last_record() == point
    until(lambda: switch.last_record() > point, reason="the server to commit what it was told to")
    switch.bridge.start()
    one_charge(switch, point, acme, before)
