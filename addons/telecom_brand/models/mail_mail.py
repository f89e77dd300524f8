from odoo import models, tools


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Let each brand's e-mails come from its sender; the mail server is chosen by it, too."""
        for mail in self:
            if (brand := mail._telecom_brand()) and mail.email_from != (sender := brand._telecom_sender()):
                mail.email_from = sender
        return super().send(auto_commit, raise_exception, post_send_callback)

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Send in the name and look of the brand that the e-mail is about."""
        mails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        brand = self._telecom_brand()
        return [{**mail, **brand._telecom_mail(mail)} for mail in mails] if brand else mails

    def _prepare_outgoing_body(self):
        """Links without a host lead to the brand's."""
        if brand := self._telecom_brand().filtered("url"):
            self = self.with_context(telecom_brand_url=brand.url)  # noqa: PLW0642 - Odoo's way to hand on a context
        return super()._prepare_outgoing_body()

    def _telecom_brand(self):
        """Return the brand in whose name to write: of the record, else of who gets it, else of the visited host.

        The author comes last: the staff writes in the name of whoever it is about.
        """
        self.ensure_one()
        brands = self.env["telecom.brand"]
        for company in (self._telecom_record_company, self._telecom_receiver_company):
            if found := company():
                return brands._telecom_of_company(found)
        return brands._telecom_visited() or brands._telecom_of_company(self.sudo().author_id._telecom_company())

    def _telecom_record_company(self):
        if not (self.model and self.res_id and self.model in self.env):
            return self.env["res.company"]
        record_sudo = self.env[self.model].sudo().browse(self.res_id).exists()
        if record_sudo and self.model == "res.company":
            return record_sudo
        return record_sudo._telecom_company()

    def _telecom_receiver_company(self):
        """Return the one company that all who get it belong to."""
        partners_sudo = self.sudo().recipient_ids
        if addresses := tools.mail.email_normalize_all(self.email_to):
            users_sudo = self.env["res.users"].sudo().search([("email_normalized", "in", addresses)])
            partners_sudo |= users_sudo.partner_id
        companies = self.env["res.company"].union(*(partner._telecom_company() for partner in partners_sudo))
        return companies if len(companies) == 1 else self.env["res.company"]
