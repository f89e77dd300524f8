from odoo import models

from ..tools import teller


class TelecomWallet(models.Model):
    _inherit = "telecom.wallet"

    def _before_function(self, cr):
        teller.tell(self.env(cr=cr))
        return super()._before_function(cr)
