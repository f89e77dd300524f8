from odoo import api, models
from odoo.exceptions import AccessDenied
from odoo.fields import Domain


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _check_credentials(self, *, scope, key):
        """A key of another brand's person is none at this host, like one that does not exist."""
        uid = super()._check_credentials(scope=scope, key=key)
        return uid if uid and self.env["res.users"].browse(uid)._telecom_at_home() else None


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_login_domain(self, login):
        return super()._get_login_domain(login) & self._telecom_home_domain()

    @api.model
    def _get_email_domain(self, email):
        return super()._get_email_domain(email) & self._telecom_home_domain()

    @api.model
    def _telecom_home_domain(self):
        """Return whom the visited host lets in: its brand's people; the owner's, also the staff. Others are unknown."""
        brand = self.env["telecom.brand"]._telecom_visited()
        if not brand:
            return Domain.TRUE
        own = Domain("company_id", "=", brand.company_id.id)
        staff = Domain("share", "=", False)
        return own | staff if brand._telecom_is_owners() else own & ~staff

    def _telecom_at_home(self):
        """Return whether the visited host is one at which this person may be."""
        domain = self._telecom_home_domain()
        return domain.is_true() or bool(self.sudo().search_count(domain & Domain("id", "in", self.ids), limit=1))

    @api.model
    def _check_uid_passwd(self, uid, passwd):
        """Remote calls, too, are those of the visited host's people; Odoo remembers who gave a right password."""
        if not self.browse(uid)._telecom_at_home():
            raise AccessDenied()
        return super()._check_uid_passwd(uid, passwd)

    def authenticate(self, credential, user_agent_env):
        """Odoo takes the host at which an administrator logs in for everybody's address: not a brand's."""
        if user_agent_env and self.env["telecom.brand"]._telecom_visited():
            user_agent_env = {name: value for name, value in user_agent_env.items() if name != "base_location"}
        return super().authenticate(credential, user_agent_env)
