import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=10)
"""Who signs up again within this time gets no second message, so that nobody fills another's letter box."""
FORGOTTEN_AFTER = timedelta(days=7)
"""The link holds six days (Odoo's auth_signup.signup.validity.hours); who never followed it is forgotten."""
NEWCOMER = "open"  # res.partner.telecom_signup: came by open sign-up and has not followed the link yet


class ResPartner(models.Model):
    _inherit = "res.partner"

    telecom_signup = fields.Selection(
        [(NEWCOMER, "Has Not Answered Yet")],
        string="Open Sign-up",
        copy=False,
        groups="base.group_erp_manager",
        help="Made by the page Sign up; deleted after a week if the link in the message is not followed.",
    )

    @api.autovacuum
    def _telecom_forget_newcomers(self):
        """Delete who signed up and never answered."""
        old = [("create_date", "<", fields.Datetime.now() - FORGOTTEN_AFTER), ("user_ids", "=", False)]
        self.sudo().search([("telecom_signup", "=", NEWCOMER), *old], limit=1000).unlink()


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _telecom_open_signup(self, name, address):
        """Write to an address that signs up: a link to finish, or, if it has a log-in, one to a new password.

        Nothing that the visitor sees depends on which of them it is.
        """
        if self.with_context(active_test=False).search_count(self._get_login_domain(address), limit=1):
            self.reset_password(address)
            return
        company = self.env.company
        newcomers = self.env["res.partner"]
        own = [("telecom_signup", "=", NEWCOMER), ("email", "=ilike", address), ("company_id", "=", company.id)]
        waiting = newcomers.search([*own, ("user_ids", "=", False)], limit=1)
        if waiting and waiting.write_date > fields.Datetime.now() - AGAIN_AFTER:
            return
        values = {"name": name, "email": address, "company_id": company.id, "telecom_signup": NEWCOMER}
        partner = waiting or newcomers.create(values)
        partner.write({"name": name, "signup_type": "signup"})
        self._telecom_mail_signup(partner)

    def _telecom_mail_signup(self, partner):
        template = self.env.ref("telecom_isolation.mail_template_open_signup")
        try:
            with self.env.cr.savepoint():
                template.send_mail(partner.id, force_send=True)  # as to those who have a log-in: it takes as long
        except UserError as error:
            _logger.warning("action=open_signup_failed partner=%s error=%s", partner.id, error)

    @api.model
    def _signup_create_user(self, values):
        """Who followed the link is no newcomer any more."""
        user = super()._signup_create_user(values)
        user.partner_id.sudo().telecom_signup = False
        return user
