from odoo import fields, models


class TelecomPriceImportProblem(models.Model):
    """A line of an uploaded price list that cannot be used."""

    _name = "telecom.price.import.problem"
    _description = "Bad Line of a Price List"
    _order = "import_id, line, id"
    _rec_name = "reason"

    import_id = fields.Many2one("telecom.price.import", required=True, ondelete="cascade", index=True)
    line = fields.Integer(required=True)
    reason = fields.Char(required=True)
