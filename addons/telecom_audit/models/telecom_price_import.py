from odoo import api, models
from odoo.exceptions import UserError

from ..tools import teller


class TelecomPriceImport(models.Model):
    """A price list's lines hold the old and new prices; the trail has one line for all of them, which leads here."""

    _inherit = "telecom.price.import"

    def _apply(self):
        with teller.importing(self.env, self.id):
            return super()._apply()

    def _roll_back(self):
        with teller.importing(self.env, self.id):
            return super()._roll_back()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_trail(self):
        """What was once in force stays to be read."""
        if self.filtered("applied_at"):
            raise UserError(
                self.env._("This price list was in force. It stays, since the audit trail refers to its prices.")
            )
