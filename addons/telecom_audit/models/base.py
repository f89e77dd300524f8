from odoo import api, models

from ..tools import teller
from ..tools.watched import MODELS


class Base(models.AbstractModel):
    """Tells the database who writes, before anything of a watched model reaches it."""

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        self._telecom_tell()
        return super().create(vals_list)

    def write(self, vals):
        self._telecom_tell()  # relations are written at once
        return super().write(vals)

    def unlink(self):
        self._telecom_tell()
        return super().unlink()

    def _write_multi(self, vals_list):
        if self._name in MODELS:
            teller.tell(self.env)  # whoever flushes: who wrote was noted
        return super()._write_multi(vals_list)

    def _telecom_tell(self):
        if self._name in MODELS:
            teller.note(self.env)
            teller.tell(self.env)
