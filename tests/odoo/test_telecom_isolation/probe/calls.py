"""Public methods without arguments on strangers' rows, and reports of them."""

import inspect
from functools import partial

from .attempt import REFUSED, strangers_in, try_and_watch, try_it
from .reads import models_of

ROWS_ASKED = 8  # rows of a model whose pictures are asked for


def public_methods(model_class, of_all):
    """Names of public methods that a client can call without arguments, besides those that every model has."""
    for name in dir(model_class):
        function = inspect.getattr_static(model_class, name, None)
        if name.startswith("_") or name in of_all or not inspect.isfunction(function):
            continue
        if getattr(getattr(model_class, name), "_api_private", False):
            continue
        parameters = list(inspect.signature(function).parameters.values())[1:]
        if all(p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
            yield name


def probe_calls(env, role, rows, table, only=None):
    """Call every public method of every model (or those named) on a stranger's row; none tells or writes anything."""
    of_all = set(dir(env.registry["ir.http"]))  # an abstract model without methods of records
    for model in models_of(env, only):
        ids = rows.of_strangers(role, model._name)
        for row in _asked(model, ids):
            for name in public_methods(type(model), of_all):
                answer, writes = try_and_watch(env, getattr(row, name))
                told = strangers_in(role, answer)
                leak = f"{model._name}.{name} " + (f"names {sorted(told)}" if told else f"writes {writes[:1]}")
                table.note("call a method by id", role, leak if told or (writes and answer is not REFUSED) else None)


def _asked(model, ids):
    """The newest of strangers' rows; of contacts also one with a log-in."""
    rows = model.sudo().browse(sorted(ids, reverse=True))
    with_log_in = rows.filtered("user_ids")[:1] if model._name == "res.partner" else rows[:0]
    return (rows[:1] | with_log_in).sudo(False)


def probe_reports(env, role, rows, table):
    """Print every report of a stranger's row."""
    reports = env["ir.actions.report"].sudo().search([("report_type", "in", ("qweb-pdf", "qweb-html", "qweb-text"))])
    for report in reports:
        ids = rows.of_strangers(role, report.model) if report.model in env else ()
        if ids:
            told = strangers_in(role, try_it(env, partial(_print, env, report.report_name, max(ids))))
            table.note("report by id", role, f"{report.report_name} names {sorted(told)}" if told else None)


def _print(env, name, row_id):
    return str(env["ir.actions.report"]._render_qweb_html(name, [row_id])[0])


def probe_pictures(env, role, rows, table, only=None):
    """Ask for every picture and file of strangers' rows, as the routes /web/image and /web/content do."""
    for model in models_of(env, only):
        names = [name for name, field in model._fields.items() if field.type == "binary" and field.attachment]
        ids = rows.of_strangers(role, model._name)
        for row_id in sorted(ids)[-ROWS_ASKED:] if names or model._name == "ir.attachment" else ():
            for name in names[-1:] or ["raw"]:
                found = try_it(env, partial(env["ir.binary"]._find_record, None, model._name, row_id, None, name))
                leak = found is not REFUSED and bool(found.sudo()[name])
                table.note("picture or file by id", role, f"{model._name}({row_id}).{name}" if leak else None)
