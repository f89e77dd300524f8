"""PostgreSQL dies while the scheduler applies a price list: nothing is half done, and it is done afterwards.

Nobody restarts Odoo: its own scheduler goes on.
"""

import os
import signal
import time
from contextlib import closing

import psycopg
import pytest

from tests.support.big_price_list import ROWS, BigPriceList, is_writing
from tests.support.db import Database
from tests.support.odoo import Odoo
from tests.support.until import until
from tests.support.web import WebOdoo

AWAY_S = 3
"""Longer than the scheduler needs to notice, and to find nobody there when it looks again."""

NOBODY_TAKES_MAILS = 1


@pytest.fixture
def server(cluster):
    yield cluster
    if not cluster.runs:
        cluster.start()


def rows(dsn, query, *values):
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(query, values or None).fetchall()


def wake(server_dsn, database):
    """Tell the scheduler that there is work, as every button does: it looks by itself once a minute only."""
    rows(server_dsn, "select pg_notify('cron_trigger', %s)", database)


def test_the_server_killed_under_a_price_list_that_is_being_applied(server, folder):
    port = f"--db_port={server.address[1]}"
    with closing(Database(f"bss_fault_scheduler_{os.getpid()}", own_server=server.dsn)) as database:
        with closing(Odoo(database.name, folder, db_port=server.address[1])) as odoo:
            price_list = BigPriceList.upload(database, odoo, "Cut Off")
            one = price_list.one
            odoo.call("telecom.price.import", [one], "action_verify")
            odoo.call("telecom.price.import", [], "_run_queued")
            odoo.call("telecom.price.import", [one], "action_apply")

        deck = "select count(*) from telecom_deck_rate where carrier_id = %s", price_list.carrier
        state = "select state from telecom_price_import where id = %s", one
        web = WebOdoo(database.name, folder, NOBODY_TAKES_MAILS, (port, "--max-cron-threads=1"))
        web.start()
        try:
            wake(server.dsn, database.name)
            until(lambda: is_writing(database), seconds=60, reason=lambda: f"the job to write: {web.log()[-3000:]}")
            server.stop(signal.SIGKILL)
            time.sleep(AWAY_S)
            server.start()
            assert (rows(database.dsn, *state), rows(database.dsn, *deck)) == ([("applying",)], [(1,)])

            def is_applied():
                wake(server.dsn, database.name)
                return rows(database.dsn, *state) == [("applied",)]

            until(is_applied, seconds=60, reason=lambda: f"the list to be applied: {web.log()[-3000:]}")
            assert rows(database.dsn, *deck) == [(ROWS + 1,)]
        finally:
            web.stop()
