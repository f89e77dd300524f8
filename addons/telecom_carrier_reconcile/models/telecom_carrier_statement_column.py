from odoo import fields, models

from ..tools.columns import MEANINGS


class TelecomCarrierStatementColumn(models.Model):
    """A column of an uploaded file and what it means."""

    _name = "telecom.carrier.statement.column"
    _description = "Column of a Carrier's Record File"
    _order = "statement_id, place"
    _rec_name = "header"

    statement_id = fields.Many2one("telecom.carrier.statement", required=True, ondelete="cascade", index=True)
    place = fields.Integer(string="#", required=True, help="Counted from 0.")
    header = fields.Char(required=True, readonly=True)
    sample = fields.Char(readonly=True, help="The first values in the file.")
    meaning = fields.Selection(MEANINGS, required=True, default="ignore")
