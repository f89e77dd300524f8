from odoo import fields, models

from ..tools.columns import MEANINGS


class TelecomPriceImportColumn(models.Model):
    """A column of an uploaded price list and what it means."""

    _name = "telecom.price.import.column"
    _description = "Column of a Price List"
    _order = "import_id, place"
    _rec_name = "header"

    import_id = fields.Many2one("telecom.price.import", required=True, ondelete="cascade", index=True)
    place = fields.Integer(string="#", required=True, help="Counted from 0.")
    header = fields.Char(required=True, readonly=True)
    sample = fields.Char(readonly=True, help="The first values in the file.")
    meaning = fields.Selection(MEANINGS, required=True, default="ignore")
