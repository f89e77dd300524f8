from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _telecom_invite(self):
        """Mail people the invitation to choose a password, in their company's name; it names their log-in.

        The mail waits in the queue: who adds a customer neither waits for a mail server nor fails when it is away.
        """
        self.partner_id.signup_prepare(signup_type="signup")
        template = self.env.ref("auth_signup.portal_set_password_email")
        for user in self:
            values = {
                "email_to": user.email,
                "auto_delete": True,
                "recipient_ids": [],
                "message_type": "user_notification",
            }
            template.send_mail(user.id, email_values=values)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()  # the cron is nobody's in particular
