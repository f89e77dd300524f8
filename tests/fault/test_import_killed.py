"""The server dies while a big price list is being applied: nothing is half done, and the next start does it."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress

import pytest

from tests.support import db as db_support
from tests.support.big_price_list import ROWS, BigPriceList, is_writing
from tests.support.db import Database
from tests.support.odoo import Odoo, OdooError
from tests.support.until import until


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    if not db_support.is_there():
        pytest.skip("BSS_TEST_DSN and BSS_TEST_TEMPLATE name no database: ./bss test fault makes one")
    with closing(Database(f"bss_fault_import_{os.getpid()}")) as one:
        yield one


def press(database, folder, one, button, *, kill_when=None):
    """Press a button, then let a server of its own do the job; `kill_when()` says at what moment the server dies."""
    odoo = Odoo(database.name, folder)
    try:
        if button:
            odoo.call("telecom.price.import", [one], button)
        job = threading.Thread(target=run_job, args=(odoo, kill_when is not None))
        job.start()
        if kill_when:
            until(kill_when, seconds=60, reason="the job to be in the middle")
            os.kill(odoo.pid, signal.SIGKILL)
        job.join(120)
    finally:
        with suppress(OSError):  # the other end is dead
            odoo.close()


def run_job(odoo, may_die):
    with suppress(OdooError, OSError) if may_die else nullcontext():
        odoo.call("telecom.price.import", [], "_run_queued")


def deck(database, carrier):
    query = (
        "select count(*), sum(hashtextextended(deck::text, 0)) as sum from telecom_deck_rate deck where carrier_id = %s"
    )
    return database.one(query, carrier)


def state(database, one):
    return database.value("select state from telecom_price_import where id = %s", one)


def test_killed_in_the_middle_of_applying_it_is_done_after_the_restart(database, folder):
    with closing(Odoo(database.name, folder)) as odoo:
        price_list = BigPriceList.upload(database, odoo, "Killed")
        carrier, one = price_list.carrier, price_list.one
    press(database, folder, one, "action_verify")
    assert state(database, one) == "verified"
    before = deck(database, carrier)

    press(database, folder, one, "action_apply", kill_when=lambda: is_writing(database))
    until(lambda: not is_writing(database), seconds=30, reason="PostgreSQL to notice that nobody is there")
    assert (state(database, one), deck(database, carrier)) == ("applying", before)

    press(database, folder, one, None)
    assert state(database, one) == "applied"
    assert database.value("select count(*) from telecom_deck_rate where carrier_id = %s", carrier) == ROWS + 1
