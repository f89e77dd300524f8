from odoo import models
from odoo.exceptions import AccessError


class MailThread(models.AbstractModel):
    """Messages that a client sends by a row that it may write."""

    _inherit = "mail.thread"

    def message_post(self, **kwargs):
        self._telecom_check_message(kwargs.get("partner_ids"))
        return super().message_post(**kwargs)

    def message_notify(self, **kwargs):
        self._telecom_check_message(kwargs.get("partner_ids"))
        return super().message_notify(**kwargs)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        self._telecom_check_people(partner_ids)
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def _telecom_check_message(self, partner_ids):
        """Raise AccessError for share users, who could mail anybody in any name; pages and actions post as su."""
        if self.env.user.share and not self.env.su:
            raise AccessError(self.env._("Messages cannot be sent this way. Use the page of the record."))
        self._telecom_check_people(partner_ids)

    def _telecom_check_people(self, partner_ids):
        """Raise AccessError for people whom the user cannot see: Odoo would write to them, or let them follow."""
        if partner_ids and self._telecom_fenced():
            self.env["res.partner"].browse(partner_ids).exists().check_access("read")
