from odoo import models

from ..tools import teller


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _generate(self, scope, name, expiration_date):
        teller.note(self.env)
        teller.tell(self.env)
        return super()._generate(scope, name, expiration_date)
