"""PostgreSQL dies while the scheduler applies a price list: nothing is half done, and it is done afterwards.

Nobody restarts Odoo: its own scheduler goes on.
"""

import base64
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.support.db import Database
from tests.support.odoo import Odoo
from tests.support.until import until
from tests.support.web import WebOdoo

ROWS = 200_000
AWAY_S = 3
"""Longer than the scheduler needs to notice, and to find nobody there when it looks again."""

NOBODY_TAKES_MAILS = 1


@pytest.fixture
def server(cluster):
    yield cluster
    if not cluster.runs:
        cluster.start()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)  # Odoo runs as another user
        yield Path(name)


def rows(dsn, query, *values):
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(query, values or None).fetchall()


def is_writing(dsn):
    """True while a connection is inserting into the deck."""
    active = rows(dsn, "select query from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()")
    return any(query.startswith("insert into telecom_deck_rate") for (query,) in active)


def wake(server_dsn, database):
    """Tell the scheduler that there is work, as every button does: it looks by itself once a minute only."""
    rows(server_dsn, "select pg_notify('cron_trigger', %s)", database)


def test_the_server_killed_under_a_price_list_that_is_being_applied(server, folder):
    port = f"--db_port={server.address[1]}"
    with closing(Database(f"bss_fault_scheduler_{os.getpid()}", own_server=server.dsn)) as database:
        with closing(Odoo(database.name, folder, db_port=server.address[1])) as odoo:
            company = database.value("select company_id from telecom_tenant where parent_id is null")
            carrier = odoo.create("telecom.carrier", name="Cut Off", company_id=company)
            odoo.create("telecom.deck.rate", carrier_id=carrier, prefix="20000001", price=0.5)
            text = "\n".join(["prefix,price", *(f"{20_000_000 + n},0.01" for n in range(ROWS))])
            file = base64.b64encode(text.encode()).decode()
            one = odoo.create("telecom.price.import", carrier_id=carrier, file=file, filename="cut.csv")
            odoo.call("telecom.price.import", [one], "action_verify")
            odoo.call("telecom.price.import", [], "_run_queued")
            odoo.call("telecom.price.import", [one], "action_apply")

        deck = "select count(*) from telecom_deck_rate where carrier_id = %s", carrier
        state = "select state from telecom_price_import where id = %s", one
        web = WebOdoo(database.name, folder, NOBODY_TAKES_MAILS, (port, "--max-cron-threads=1"))
        web.start()
        try:
            wake(server.dsn, database.name)
            until(lambda: is_writing(database.dsn), seconds=60, reason=lambda: f"the job to write: {web.log()[-3000:]}")
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
