from odoo import fields, models


class TelecomWalletReversal(models.TransientModel):
    """Takes a wallet entry back by posting its opposite."""

    _name = "telecom.wallet.reversal"
    _description = "Reversal of a Wallet Entry"

    entry_id = fields.Many2one("telecom.wallet.entry", required=True, ondelete="cascade")
    account_id = fields.Many2one(related="entry_id.account_id")
    amount = fields.Float(related="entry_id.amount", min_display_digits=6)
    reference = fields.Char(string="Reason", required=True, help="Shown to the customer beside the reversal.")

    def action_reverse(self):
        """Post the reversal; an entry is reversed once only."""
        self.ensure_one()
        self.entry_id.account_id.check_access("write")
        self.entry_id._reverse(self.reference)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
