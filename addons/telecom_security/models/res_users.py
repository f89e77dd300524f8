from contextlib import contextmanager

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request


class ResUsers(models.Model):
    _inherit = "res.users"

    @contextmanager
    def _assert_can_auth(self, user=None):
        """Slow down who guesses passwords of one person from many addresses; Odoo slows down each address."""
        if not request or not user:
            with super()._assert_can_auth(user=user):
                yield
            return
        failures = self.env["telecom.login.failure"]
        # clients that call remotely give the person's id
        login = self.sudo().browse(user).exists().login or str(user) if isinstance(user, int) else str(user)
        failures._refuse_many(login)
        try:
            with super()._assert_can_auth(user=user):
                yield
        except AccessDenied:
            failures._note(login, request.httprequest.remote_addr)
            raise
        failures._forget(login)
