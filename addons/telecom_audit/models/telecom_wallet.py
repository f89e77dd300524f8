from odoo import models

from ..tools import teller


class TelecomWallet(models.Model):
    _inherit = "telecom.wallet"

    def _before_function(self, cr):
        env = self.env(cr=cr)
        teller.note(env)
        teller.tell(env)
        return super()._before_function(cr)
