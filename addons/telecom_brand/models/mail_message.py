import re

from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _get_message_id(self, values):
        """Odoo signs with the name of the machine, which all tenants share: sign with no name at all."""
        return re.sub(r"@[^>]*>", "@mail.invalid>", super()._get_message_id(values))


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _replace_local_links(self, html, base_url=None):
        return super()._replace_local_links(html, base_url=base_url or self.env.context.get("telecom_brand_url"))
