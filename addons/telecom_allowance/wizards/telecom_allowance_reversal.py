from odoo import fields, models


class TelecomAllowanceReversal(models.TransientModel):
    """Takes an entry of included minutes back by posting its opposite."""

    _name = "telecom.allowance.reversal"
    _description = "Reversal of an Entry of Included Minutes"

    entry_id = fields.Many2one("telecom.allowance.entry", required=True, ondelete="cascade")
    account_id = fields.Many2one(related="entry_id.account_id")
    minutes = fields.Float(related="entry_id.minutes")
    reference = fields.Char(string="Reason", required=True, help="Shown to the customer beside the reversal.")

    def action_reverse(self):
        """Post the reversal; an entry is reversed once only."""
        self.ensure_one()
        self.entry_id.account_id.check_access("write")
        self.entry_id._reverse(self.reference)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
