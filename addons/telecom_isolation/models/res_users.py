import logging

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._telecom_own_partners()
        return users

    def _telecom_own_partners(self):
        """Let the contacts of a reseller's people belong to its company."""
        for user_sudo in self.sudo():  # whoever makes users need not have rights on contacts
            if not user_sudo.partner_id.company_id and user_sudo.company_id._telecom_is_reseller():
                user_sudo.partner_id.company_id = user_sudo.company_id

    def reset_password(self, login):
        """Mail every log-in of this name or address; the same answer when there is none, which Odoo tells everybody."""
        users = self.search(self._get_login_domain(login)) | self.search(self._get_email_domain(login))
        users = users.filtered("email")
        _logger.info("action=reset_password login=%r users=%s", login, users.ids)
        try:
            with self.env.cr.savepoint():
                return users.action_reset_password() if users else None
        except UserError as error:  # the mail server is away: told to the log, since only who exists would be told
            _logger.warning("action=reset_password_failed login=%r error=%s", login, error)
            return None
