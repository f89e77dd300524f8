"""Flaws that a route or a field of ours may have: what `test_surfaces.py` looks for, apart so that it can be tried."""

import re

NO_ACCESS = "."
SECRET_NAME = re.compile(r"password|passwd|secret|digest|token|api_key|(^|_)pin(_|$)")


def route_flaws(routing, parameters=()):
    """Return what is wrong with a route: a page that writes without a CSRF token, or one open to nobody's session."""
    flaws = []
    if routing.get("type") == "http" and routing.get("csrf") is False:
        flaws.append("takes a POST without a CSRF token")
    if routing.get("auth") == "none":
        flaws.append("asks for no session")
    if routing.get("cors"):
        flaws.append("lets other sites call it")
    return flaws


def our_routes(env):
    """Yield (path, routing) of every route that our addons define or override."""
    for rule in env["ir.http"].routing_map().iter_rules():
        function = getattr(rule.endpoint, "func", rule.endpoint)
        module = getattr(function, "__module__", "") or ""
        if module.startswith("odoo.addons.telecom_"):
            yield rule.rule, rule.endpoint.routing


def secret_fields(model):
    """Return the fields of a model whose names say that they hold a secret."""
    return [
        field
        for field in model._fields.values()
        if field.type in ("char", "text", "json", "binary") and SECRET_NAME.search(field.name)
    ]


def field_flaws(field):
    """Return what is wrong with a field that holds a secret: stored and readable, copied, or tracked in the log."""
    flaws = []
    if field.store and field.groups != NO_ACCESS:
        flaws.append("stored and readable")
    if field.copy and field.store:
        flaws.append("copied with the row")
    if getattr(field, "tracking", None):
        flaws.append("its values are in the log of the row")
    return flaws
