from odoo.addons.auth_signup.controllers.main import AuthSignupHome
from odoo.exceptions import UserError
from odoo.http import request, route
from odoo.tools import single_email_re


class AuthSignup(AuthSignupHome):
    """Open sign-up tells nobody who has a log-in: whatever the address, it answers alike and writes to the address."""

    @route()
    def web_auth_signup(self, *args, **kw):
        qcontext = self.get_auth_signup_qcontext()
        is_open = qcontext.get("signup_enabled") and not qcontext.get("token") and not qcontext.get("error")
        if not is_open or request.httprequest.method != "POST":
            return super().web_auth_signup(*args, **kw)
        try:
            request.env["res.users"].sudo()._telecom_open_signup(*self._telecom_asked(qcontext))
            qcontext["message"] = request.env._(
                "We have sent a message to this address. Follow the link in it to finish, within six days."
            )
        except UserError as error:
            qcontext["error"] = error.args[0]
        return request.render("auth_signup.signup", qcontext)

    def get_auth_signup_qcontext(self):
        """Forget whose page it is said to be: Odoo would answer with the log-in of whoever has this address."""
        qcontext = super().get_auth_signup_qcontext()
        qcontext.pop("signup_email", None)
        if qcontext.get("token") and not qcontext.get("invalid_token"):
            told = request.env["res.partner"].sudo()._signup_retrieve_info(qcontext["token"]) or {}
            qcontext["login"] = told.get("login") or qcontext.get("login")  # not another one: it could be somebody's
        return qcontext

    def _telecom_asked(self, qcontext):
        """Return (name, address) of who signs up. Raises UserError for what is no name or no address."""
        name, address = ((qcontext.get(field) or "").strip() for field in ("name", "login"))
        if not name or not single_email_re.fullmatch(address):
            raise UserError(request.env._("Give your name, and an e-mail address at which we can reach you."))
        return name[:100], address
