from odoo import api, models
from odoo.addons.base.models.res_users import INDEX_SIZE
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.key_scopes import SCOPES

ASKED = "telecom_key_scope"  # in the context: the scope of the key that is about to be made


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _generate(self, scope, name, expiration_date):
        """Give the key the scope that was chosen on the page; what the context says can only narrow it."""
        asked = self.env.context.get(ASKED)
        if scope is None and asked in SCOPES:
            scope = asked
        return super()._generate(scope, name, expiration_date)

    @api.model
    def _telecom_scope_of(self, key):
        """Return (scope, user id) of a key with one of our scopes that is valid now; (None, None) of any other."""
        index = SQL.identifier("index")
        query = SQL("SELECT DISTINCT scope FROM %s WHERE %s = %s", SQL.identifier(self._table), index, key[:INDEX_SIZE])
        for (scope,) in self.env.execute_query(query):
            if scope in SCOPES and (uid := self._check_credentials(scope=scope, key=key)):
                return scope, uid
        return None, None

    @api.model
    def _telecom_refuse_beyond(self, name, model, method):
        """Raise AccessError when a key of the scope `name` may not call this."""
        if model is None or not SCOPES[name].allows(model, method):
            raise AccessError(
                self.env._(
                    "This API key may not do that (%(model)s.%(method)s). Its scope is: %(scope)s. Make a key with the"
                    " right scope under Preferences, Account Security.",
                    model=model or "-",
                    method=method or "-",
                    scope=SCOPES[name].label,
                )
            )
