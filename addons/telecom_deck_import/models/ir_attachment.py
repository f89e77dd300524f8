from odoo import api, models

UNSEARCHED = "telecom_unsearched"


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        """Leave price lists out of the text search: a big one would be in the database a second time."""
        if self.env.context.get(UNSEARCHED):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)
