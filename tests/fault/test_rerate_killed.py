"""The server dies while a re-rating is being posted: nothing is half done, and the next start does it, once."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress

import pytest

from tests.support import db as db_support
from tests.support.db import Database
from tests.support.demo_rows import Demo
from tests.support.odoo import Odoo, OdooError
from tests.support.until import until

CALLS, SECONDS = 60_000, 60
OLD_MICRO, NEW_MICRO = 30_000, 50_000

FILL = """
    with record as (
        insert into telecom_call_record (leg_uniqueid, direction, started_at, answered_at, ended_at, account_id,
               company_id, dialled, e164, disposition, answered_s, terms)
        select 'killed-' || n, 'outbound', '2026-03-02 12:00Z', '2026-03-02 12:00Z', '2026-03-02 12:01Z', %(account)s,
               %(owner)s, '02079460000', '442079460000', 'answered', %(seconds)s, '{}'
          from generate_series(1, %(calls)s) n
        returning *
    )
    insert into telecom_call_charge (record_id, leg_uniqueid, direction, started_at, answered_at, level, account_id,
           company_id, dialled, e164, answered_s, billed_s, currency, net_micro, tax_micro, gross_micro, terms)
    select id, leg_uniqueid, direction, started_at, answered_at, 0, account_id, company_id, dialled, e164, answered_s,
           answered_s, 'EUR', %(old)s, 0, %(old)s, '{}' from record"""

NO_STATISTICS = "alter table {} set (autovacuum_enabled = off)"
"""As on a busy day, when the calls came since the last ANALYZE: the planner believes that there are none."""


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    if not db_support.is_there():
        pytest.skip("BSS_TEST_DSN and BSS_TEST_TEMPLATE name no database: ./bss test fault makes one")
    with closing(Database(f"bss_fault_rerate_{os.getpid()}")) as database:
        yield Demo(database)


def press(database, folder, run, button, *, kill_when=None):
    """Press a button, then let a server of its own do the job; `kill_when()` says at what moment the server dies."""
    odoo = Odoo(database.name, folder)
    try:
        if button:
            odoo.call("telecom.rerate.run", [run], button)
        job = threading.Thread(target=run_job, args=(odoo, kill_when is not None))
        job.start()
        if kill_when:
            until(kill_when, seconds=60, reason="the job to be in the middle")
            os.kill(odoo.pid, signal.SIGKILL)
        job.join()
    finally:
        with suppress(OSError):  # the other end is dead
            odoo.close()


def run_job(odoo, may_die):
    with suppress(OdooError, OSError) if may_die else nullcontext():
        odoo.call("telecom.rerate.run", [], "_run_queued")


def posting(database):
    """True while a connection is posting corrections."""
    query = "select query from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()"
    return any(row["query"].lower().startswith("select telecom_call_correct(") for row in database.all(query))


def books(database, account):
    return database.one(
        """select balance_micro,
                  (select count(*) from telecom_call_charge where account_id = %s) as charges,
                  (select count(*) from telecom_wallet_entry where account_id = %s) as entries
             from telecom_wallet where account_id = %s""",
        *[account] * 3,
    )


def test_killed_in_the_middle_of_posting_it_is_done_once_after_the_restart(demo, folder):
    database, account = demo.db, demo.school
    values = {"account": account, "owner": demo.owner, "calls": CALLS, "seconds": SECONDS, "old": OLD_MICRO}
    with closing(db_support.psycopg.connect(database.dsn)) as connection:
        for table in ("telecom_call_record_default", "telecom_call_charge_default"):
            connection.execute(NO_STATISTICS.format(table))
        connection.execute(FILL, values)
        connection.commit()
    rate = database.value("select id from telecom_rate where plan_id = %s", demo.direct)
    with closing(Odoo(database.name, folder)) as odoo:
        odoo.write("telecom.rate", rate, price=0.05)
        run = odoo.create(
            "telecom.rerate.run", name="Killed", company_id=demo.owner, date_from="2026-03-02 00:00:00",
            date_to="2026-03-03 00:00:00",
        )  # fmt: skip

    def state():
        return database.value("select state from telecom_rerate_run where id = %s", run)

    press(database, folder, run, "action_preview")
    assert state() == "previewed"
    before = books(database, account)

    press(database, folder, run, "action_apply", kill_when=lambda: posting(database))
    until(lambda: not posting(database), seconds=60, reason="PostgreSQL to notice that nobody is there")
    assert (state(), books(database, account)) == ("applying", before)

    press(database, folder, run, None)
    assert state() == "applied"
    assert books(database, account) == {
        "balance_micro": before["balance_micro"] - CALLS * (NEW_MICRO - OLD_MICRO),
        "charges": 3 * CALLS,
        "entries": before["entries"] + 2,
    }

    press(database, folder, run, "action_undo")
    assert state() == "undone"
    assert books(database, account) == {
        "balance_micro": before["balance_micro"],
        "charges": 5 * CALLS,
        "entries": before["entries"] + 4,
    }
