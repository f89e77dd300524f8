"""Addresses of every route of the routing map, filled with strangers' ids."""

import re

ARGUMENT = re.compile(r"<(?:([^:<>]+):)?(\w+)>")
MODEL_OF = {
    "account_id": "telecom.billing.account",
    "attachment_id": "ir.attachment",
    "channel_id": "discuss.channel",
    "company_id": "res.company",
    "docids": "account.move",
    "guest_id": "mail.guest",
    "id": "res.partner",
    "invoice_id": "account.move",
    "member_id": "discuss.channel.member",
    "message_id": "mail.message",
    "partner_id": "res.partner",
    "payment_method_id": "payment.token",
    "pm_id": "payment.token",
    "product_id": "product.product",
    "product_template_id": "product.template",
    "record_id": "res.partner",
    "res_id": "res.partner",
    "rec_id": "res.partner",
    "thread_id": "res.partner",
    "token_id": "payment.token",
    "transaction_id": "payment.transaction",
    "tx_id": "payment.transaction",
    "user_id": "res.users",
    "view_id": "ir.ui.view",
    "website_id": "website",
}
"""What the numbers in a route, or in what is posted to it, are ids of, by the name of the argument."""
VALUES = {
    "converter": "html",
    "field": "avatar_128",
    "field_name": "name",
    "filename": "probe.png",
    "fname": "probe",
    "height": "64",
    "lang": "en",
    "model": "res.partner",
    "model_name": "res.partner",
    "page": "1",
    "reportname": "account.report_invoice",
    "res_model": "res.partner",
    "slug": "probe",
    "subpath": "",
    "thread_model": "res.partner",
    "unique": "1",
    "width": "64",
}
"""Other arguments."""
SKIPPED = {
    "/web/session/logout": "would end the session",
    "/web/session/destroy": "would end the session",
    "/odoo/logout": "would end the session",
    "/websocket": "is looked at in the surface bus",
    "/bus/websocket_worker_bundle": "is a script",
    "/web/database": "is closed by configuration (list_db)",
    "/web/tests": "is for Odoo's developers and is the same for everybody",
    "/web/bundle": "is a script",
    "/web/assets": "is a script",
    "/web/health": "names nobody",
    "/website/force": "changes the website visited",
    "/web/become": "is for the administrator, who sees all tenants",
}
"""Beginnings of routes that are not tried, and why."""


def skipped(url):
    """Tell why a route is not tried; an empty text when it is."""
    return next((reason for start, reason in SKIPPED.items() if url.startswith(start)), "")


def fill(url, ids):
    """Return the address with strangers' ids, and the arguments that nothing is known about.

    `ids`: a function that gives the id of a stranger's row of a model, 0 when there is none.
    """
    unknown = []

    def value(found):
        converter, name = found.group(1) or "", found.group(2)
        if match := re.match(r"model\(['\"]([\w.]+)['\"]", converter):
            return str(ids(match.group(1)))
        if name in VALUES:
            return VALUES[name]
        if name in MODEL_OF:
            return str(ids(MODEL_OF[name]))
        unknown.append(name)
        return "1"

    return ARGUMENT.sub(value, url), unknown


def posted(names, ids):
    """Return arguments of a JSON route by their names, filled with strangers' ids."""
    known = {name: VALUES[name] for name in names if name in VALUES}
    known.update({name: ids(MODEL_OF[name]) for name in names if name in MODEL_OF})
    return known
