"""Runs inside `odoo shell`: carries out one ORM call a line for tests/support/odoo.py, each in its own transaction.

A question is JSON: model, method, ids, args, kwargs; or script = path of a Python file to run with `env`.
A value {"text_of": path} is what the file has.
The answer is JSON: result (records become lists of ids), or error.
"""

import json
import os
import socket
from contextlib import suppress
from pathlib import Path

import psycopg2


def plain(result):
    """Records as ids; everything else as it is."""
    return result.ids if hasattr(result, "ids") and hasattr(result, "_name") else result


def with_files(value):
    """What JSON has as an object; a file in place of its name."""
    return Path(value["text_of"]).read_bytes().decode() if set(value) == {"text_of"} else value


def carry_out(env, order):
    if "script" in order:
        exec(compile(Path(order["script"]).read_text(), order["script"], "exec"), {"env": env, "__name__": "__main__"})  # noqa: S102
        return None
    records = env[order["model"]].browse(order["ids"])
    return plain(getattr(records, order["method"])(*order["args"], **order["kwargs"]))


def attempt(env, order):
    try:
        answer = {"result": carry_out(env, order)}
        env.cr.commit()
    except (psycopg2.InterfaceError, psycopg2.OperationalError):
        raise
    except Exception as error:  # noqa: BLE001 the test sees it
        env.cr.rollback()
        env.invalidate_all()
        answer = {"error": f"{type(error).__name__}: {error}"}
    return answer


def serve(env):
    host, _, port = os.environ["BSS_TEST_WORKER"].rpartition(":")
    with socket.create_connection((host, int(port))) as line, line.makefile("rw") as stream:
        for question in stream:
            order = json.loads(question, object_hook=with_files)
            try:
                answer = attempt(env, order)
            except (psycopg2.InterfaceError, psycopg2.OperationalError):  # a story has restarted the server
                with suppress(psycopg2.Error):
                    env.cr.close()
                env = env(cr=env.registry.cursor())
                answer = attempt(env, order)
            stream.write(json.dumps(answer, default=str) + "\n")
            stream.flush()


serve(env)  # noqa: F821 given by the shell
