"""PostgreSQL is away: telephones stay registered, calls that cost nothing go on, and nothing is lost."""

import time

import pytest

from tests.support.silence import charged_calls_stop_and_others_go_on
from tests.support.until import until


@pytest.fixture
def away(switch):
    """Shuts the database for bridge and node; `back()` opens it. The test's own connection stays."""
    server = switch.server()
    name = switch.database

    def back():
        server.execute(f'alter database "{name}" with allow_connections true')

    def leave():
        server.execute(f'alter database "{name}" with allow_connections false')
        server.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and usename in (%s, %s)",
            (name, "bss_bridge", "bss_asterisk"),
        )

    yield leave, back
    back()
    server.close()
    until(switch.bridge.healthy, seconds=20, reason="the bridge to be healthy again")


def test_a_call_that_runs_goes_on_and_is_charged_when_the_database_is_back(switch, away):
    leave, back = away
    acme = switch.account("acme")
    before, point = switch.wallet(acme)[0], switch.last_record()
    phone = switch.phone("101")
    phone.dial("02079460000")
    phone.state("CONFIRMED")

    leave()
    time.sleep(1.4)
    phone.hang_up()
    phone.ended()
    back()

    (leg,) = until(
        lambda: switch.all("select * from telecom_call_record where id > %s", point), seconds=20, reason="settlement"
    )
    assert leg["answered_s"] == 2
    assert switch.charges(leg["id"])[0]["gross_micro"] == 13_300
    assert switch.wallet(acme)[0] == before - 13_300


def test_new_calls_that_cost_are_refused_in_words_and_others_go_on(switch, away):
    leave, _ = away
    caller, called = switch.phone("101"), switch.phone("102", answer="486")
    leave()
    charged_calls_stop_and_others_go_on(switch, caller, called, patience_s=15)


def test_a_telephone_registers_while_the_database_is_away(switch, away):
    leave, _ = away
    switch.phone("101").close()
    leave()
    switch.phone("101")
