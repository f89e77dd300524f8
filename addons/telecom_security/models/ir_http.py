import re
import time

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from ..tools.key_scopes import SCOPES

BEARER = re.compile(r"bearer\s+(.+)$", re.IGNORECASE)
BEGAN = "telecom_began"  # key of the session: when its person logged in (Unix time)
HSTS = "max-age=31536000"  # a year; without subdomains, which may be other people's
COOKIE_PARTS = ("Secure", "SameSite=Lax")
POLICY_HEADER = "Content-Security-Policy"
PARAMETER = "telecom_security.content_security_policy"
# Odoo compiles its templates in the browser and puts scripts into pages (unsafe-eval, unsafe-inline); a payment
# provider's or video's frame may be anywhere, our own pages in a foreign frame nowhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob: https:; font-src 'self' data:; media-src 'self' data: blob:;"
    " connect-src 'self' ws: wss: data: blob:; worker-src 'self' blob:; frame-src 'self' blob: https:;"
    " frame-ancestors 'self'; object-src 'none'; base-uri 'self'; form-action 'self' https:"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(self), microphone=(self)",
}


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_bearer(cls):
        """Take keys with a scope too: they open one route only (`_pre_dispatch`), and there what the scope allows."""
        found = BEARER.match(request.httprequest.headers.get("Authorization", ""))
        scope, uid = request.env["res.users.apikeys"]._telecom_scope_of(found[1]) if found else (None, None)
        if not scope:
            return super()._auth_method_bearer()
        if request.env.uid and request.env.uid != uid:
            raise AccessDenied(request.env._("The API key is not of the person who is logged in."))
        request.update_env(user=uid)
        request.session.can_save = False  # a key never becomes a session
        request.telecom_key_scope = scope
        return cls._auth_method_user()

    @classmethod
    def _pre_dispatch(cls, rule, args):
        done = super()._pre_dispatch(rule, args)
        if scope := getattr(request, "telecom_key_scope", None):
            keys = request.env["res.users.apikeys"]
            keys._telecom_refuse_beyond(scope, args.get("__model__"), args.get("__method__"))
            if SCOPES[scope].only_reads:
                request.env.cr.execute("SET TRANSACTION READ ONLY")  # whatever a method would do, nothing is written
        return done

    @classmethod
    def _post_dispatch(cls, response):
        done = super()._post_dispatch(response)
        cls._telecom_secure(response)
        return done

    @classmethod
    def _handle_error(cls, exception):
        """Error pages get the headers too."""
        answer = super()._handle_error(exception)
        if isinstance(answer, HTTPException):
            answer = answer.get_response(request.httprequest.environ)
        cls._telecom_secure(answer)
        return answer

    @classmethod
    def _must_check_identity(cls):
        """End a session by its age since the log-in: Odoo's own count starts anew every three hours of use."""
        session = request.session
        began = session.setdefault(BEGAN, session.get("create_time", time.time()))
        for timeout_s, mfa in request.env(user=session.uid).user._get_lock_timeouts()["lock_timeout"]:
            if began + timeout_s <= time.time():
                return {"logout": True, "mfa": mfa}
        return super()._must_check_identity()

    @classmethod
    def _telecom_secure(cls, response):
        """Add what is not there yet; a page gets a whole policy, unless it has one (the log-in page has a part)."""
        if not isinstance(response, Response):
            return
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.httprequest.scheme == "https":
            if request.httprequest.host.split(":")[0] != "localhost":  # a developer's other programs have that name too
                response.headers.setdefault("Strict-Transport-Security", HSTS)
            cls._telecom_secure_cookies(response)
        if response.mimetype == "text/html" and "default-src" not in response.headers.get(POLICY_HEADER, ""):
            response.headers[POLICY_HEADER] = cls._telecom_policy()

    @classmethod
    def _telecom_secure_cookies(cls, response):
        """Cookies that were set over TLS never travel without it, and not with what other sites send."""
        cookies = response.headers.getlist("Set-Cookie")
        response.headers.remove("Set-Cookie")
        for cookie in cookies:
            there = {part.split("=")[0].strip().lower() for part in cookie.split(";")[1:]}
            missing = [part for part in COOKIE_PARTS if part.split("=")[0].lower() not in there]
            response.headers.add("Set-Cookie", "; ".join([cookie, *missing]))

    @classmethod
    def _telecom_policy(cls):
        """Return the policy of pages; the parameter replaces it whole, for example to let in a provider's script."""
        return request.env["ir.config_parameter"].sudo().get_param(PARAMETER) or POLICY
