"""Who changes something, told to PostgreSQL for the current transaction: triggers know rows, but nobody's name."""

import json
from contextlib import contextmanager

from odoo.api import SUPERUSER_ID
from odoo.http import request
from odoo.tools import SQL

USER, IMPORT = "telecom_audit.user", "telecom_audit.import"
API_PATHS = ("/json/", "/xmlrpc/", "/jsonrpc")


def note(env) -> None:
    """Remember who writes: values may reach the database later, with the transaction's last ones.

    The superuser stands for whom he works: he takes nobody's place.
    """
    noted = env.cr.precommit.data
    if USER not in noted:
        env.cr.precommit.add(_nothing)  # a queue without functions would not forget what was noted
        noted[USER] = env.uid
    elif env.uid != SUPERUSER_ID:
        noted[USER] = env.uid


@contextmanager
def importing(env, import_id):
    """Say of what is written inside that it comes from a price list."""
    note(env)
    env.cr.precommit.data[IMPORT] = import_id
    tell(env)
    try:
        yield
    finally:
        env.cr.precommit.data.pop(IMPORT, None)


def tell(env) -> None:
    """Say in this transaction who changes, by which door, from which address, by which price list."""
    noted = env.cr.precommit.data
    user = noted.get(USER) or env.uid
    if user == SUPERUSER_ID and request and request.session.uid:
        user = request.session.uid
    told = {
        "user": user,
        "door": _door(env),
        "address": request.httprequest.remote_addr if request else None,
        "import": noted.get(IMPORT),
    }
    text = json.dumps({name: value for name, value in told.items() if value})
    env.cr.execute(SQL("SELECT set_config('bss.teller', %s, true)", text))


def _door(env) -> str:
    if request:
        return "api" if request.httprequest.path.startswith(API_PATHS) else "web"
    return "job" if env.context.get("cron_id") else "server"


def _nothing() -> None:
    """Keep the queue."""
