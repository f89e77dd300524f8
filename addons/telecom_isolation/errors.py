"""What an error tells people who are not the owner's staff: what is said to users, else its name and what to do.

Odoo sends the traceback of every error with it: file names, values, sometimes rows of others. The log has it all the
same; who reports an error names its reference.
"""

import functools
import logging
import uuid

from odoo import http
from odoo.addons.rpc.controllers import xmlrpc
from odoo.exceptions import AccessDenied, RedirectWarning, UserError
from odoo.tools.translate import LazyTranslate
from werkzeug.exceptions import HTTPException

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

SAID = (UserError, AccessDenied, RedirectWarning, HTTPException, http.SessionExpiredException)
"""Errors whose text is written for users; the text of others (SQL, Python) is about our insides."""

REMEDY = _lt("Something went wrong on our side. Try again; if it happens again, tell your provider the reference %s.")

serialize_all = http.serialize_exception


def is_staff():
    """Return whether who asks is of the owner's staff, who may read tracebacks."""
    try:
        return http.request.env.user._is_internal()
    except Exception:  # noqa: BLE001 - nobody has logged in, or the error left no usable transaction
        return False


def remedy(exception):
    """Return what to tell about an error of ours, with a reference that the log names beside the error."""
    reference = uuid.uuid4().hex[:8]
    _logger.warning("action=error_hidden reference=%s error=%r", reference, exception)
    return str(REMEDY) % reference


def serialize_exception(exception, *, message=None, arguments=None):
    """Take the place of `odoo.http.serialize_exception`: without the insides unless the staff asks."""
    if is_staff():
        return serialize_all(exception, message=message, arguments=arguments)
    if isinstance(exception, SAID):
        return {**serialize_all(exception, message=message, arguments=arguments), "debug": ""}
    told = remedy(exception)
    return {**serialize_all(exception, message=told, arguments=(told,)), "context": {}, "debug": ""}


def without_insides(fault_of):
    """Wrap an answer of XML-RPC to errors: who asked is not known any more, so nobody gets a traceback."""

    @functools.wraps(fault_of)
    def fault(exception):
        return fault_of(exception if isinstance(exception, SAID) else UserError(remedy(exception)))

    return fault


def hide_insides():
    """Have Odoo use the functions above in every answer that it makes of an error."""
    http.serialize_exception = serialize_exception
    for name in ("xmlrpc_handle_exception_int", "xmlrpc_handle_exception_string"):
        setattr(xmlrpc, name, without_insides(getattr(xmlrpc, name)))
