"""One try of a person at something: what it answers, what it writes; nothing of it stays."""

import json
from contextlib import contextmanager, suppress
from unittest.mock import patch

import psycopg2
from odoo.addons.test_telecom.tests.ways import watching_writes

from .parties import named_in

REFUSED = object()
"""The answer of a try that ended in an exception, whichever: nothing came out."""


@contextmanager
def undone(env):
    """Undo in the database and in the caches whatever happens inside."""
    savepoint = env.cr.savepoint(flush=False)
    try:
        yield savepoint
    finally:
        env.transaction.clear()  # also what was still to be computed: it would fail every later try
        savepoint.close(rollback=True)
        env.transaction.clear()


@contextmanager
def looking(env):
    """Give a function that tries reads: quicker than `try_it`, since all are undone at once at the end."""
    with undone(env) as savepoint:

        def look(act):
            try:
                return act()
            except psycopg2.Error:
                savepoint.rollback()
                return REFUSED
            except Exception:  # noqa: BLE001 - refused in whatever way
                return REFUSED

        yield look


def try_it(env, act):
    """Return what `act` answers, or REFUSED; nothing of it stays."""
    answer, _writes = try_and_watch(env, act)
    return answer


def try_and_watch(env, act):
    """Return (answer, statements that changed something); nothing of it stays and nothing is committed."""
    answer = REFUSED
    commit = patch.object(env.cr, "commit", lambda: None)
    with undone(env), commit, watching_writes(env.cr) as writes, suppress(Exception):
        got = act()
        env.flush_all()
        answer = got
    return answer, writes


def strangers_in(role, answer):
    """Return the parties in an answer that the person must not meet."""
    if answer is REFUSED:
        return set()
    text = answer if isinstance(answer, str) else json.dumps(answer, default=str)
    return named_in(text) & role.strangers
