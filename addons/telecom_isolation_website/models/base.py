from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def _can_return_content(self, field_name=None, access_token=None):
        """Withhold the picture of a published record of another company: Odoo serves it to everybody."""
        if not super()._can_return_content(field_name, access_token):
            return False
        return self._name == "ir.attachment" or self._telecom_is_of(self.env.companies)
