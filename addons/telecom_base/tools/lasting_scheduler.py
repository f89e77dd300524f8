"""Odoo's scheduler outlives a restart of PostgreSQL.

With workers = 0 the scheduled actions run in threads of the server. Such a thread ends when PostgreSQL cannot be
reached (odoo/service/server.py, `cron_thread`), and nobody begins another: pages work again as soon as the database is
back, while imports wait, records get no new month and nobody is reminded, until somebody restarts Odoo. Worker
processes (workers > 0) are begun again by Odoo itself.
"""

import functools
import logging
import time

from odoo.service.server import ThreadedServer

_logger = logging.getLogger(__name__)

RETRY_S = 2


def keep_scheduler():
    """Let the threads of the scheduler go on when the database is back. Called when the addon is loaded, before they
    begin (`post_load`); again does nothing."""
    if not hasattr(ThreadedServer.cron_thread, "__wrapped__"):
        ThreadedServer.cron_thread = lasting(ThreadedServer.cron_thread)


def lasting(cron_thread):
    """Return `cron_thread(server, number)` begun again whenever an error ends it, as a database that is away does."""

    @functools.wraps(cron_thread)
    def last(server, number):
        while True:
            try:
                return cron_thread(server, number)
            except Exception as error:  # noqa: BLE001  nobody else begins it again, whatever it was
                _logger.warning("action=scheduler_waits number=%s error=%s", number, error)
            time.sleep(RETRY_S)

    return last
