"""The ways by which a client reads a model or calls its rows."""

import inspect
from contextlib import contextmanager, suppress
from unittest.mock import patch

from odoo.exceptions import AccessError


@contextmanager
def watching_writes(cr):
    """Collect the statements that change something."""
    writes = []
    execute = type(cr).execute

    def watched(query, *args, **kwargs):
        text = str(getattr(query, "code", query)).lstrip().lower()
        if text.startswith(("insert", "update", "delete")) or "nextval" in text:
            writes.append(text)
        return execute(cr, query, *args, **kwargs)

    with patch.object(cr, "execute", watched):
        yield writes


def own_methods(model_class):
    """Names of public methods that can be called without arguments, besides those of every model."""
    base = (
        set(dir(model_class.pool["telecom.numbering.plan"])) if "telecom.numbering.plan" in model_class.pool else set()
    )
    for name in dir(model_class):
        function = getattr(model_class, name, None)
        if name.startswith("_") or name in base or not inspect.isfunction(function):
            continue
        parameters = list(inspect.signature(function).parameters.values())[1:]
        if all(p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
            yield name


def read_every_way(model):
    """Yield (way, result) of every way that a client has to read a model; what is refused is left out."""
    names = [
        name
        for name, field in model._fields.items()
        if field.type != "binary" and model._has_field_access(field, "read")
    ]
    relational = [name for name in names if model._fields[name].relational]
    ways = {
        "name_search": lambda: model.name_search("", limit=1000),
        "display_name": lambda: model.search([]).mapped("display_name"),
    }
    for name in names:
        ways[f"search_read {name}"] = lambda name=name: model.search_read([], [name])
    for name in relational:
        ways[f"web_search_read {name}"] = lambda name=name: model.web_search_read(
            [], {name: {"fields": {"display_name": {}}}}
        )
        if model._fields[name].type == "many2one" and model._fields[name].store:
            ways[f"group by {name}"] = lambda name=name: model.formatted_read_group([], [name], ["__count"])
    for way, read in ways.items():
        with suppress(AccessError):
            yield way, read()
