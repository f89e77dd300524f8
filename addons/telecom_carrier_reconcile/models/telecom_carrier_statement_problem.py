from odoo import fields, models


class TelecomCarrierStatementProblem(models.Model):
    """A line of an uploaded file that cannot be read."""

    _name = "telecom.carrier.statement.problem"
    _description = "Unreadable Line of a Carrier's Record File"
    _order = "statement_id, line"
    _rec_name = "reason"

    statement_id = fields.Many2one("telecom.carrier.statement", required=True, ondelete="cascade", index=True)
    line = fields.Integer(required=True, help="Line of the file; the header is usually line 1.")
    reason = fields.Char(required=True)
