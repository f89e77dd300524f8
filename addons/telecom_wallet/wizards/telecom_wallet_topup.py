import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError


class TelecomWalletTopup(models.TransientModel):
    """Adds money to an account, or corrects its balance, by hand."""

    _name = "telecom.wallet.topup"
    _description = "Top-up"
    _inherit = "telecom.amount.mixin"

    account_id = fields.Many2one("telecom.billing.account", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="account_id.currency_id")
    balance = fields.Float(related="account_id.balance", string="Balance Now", min_display_digits=4)
    kind = fields.Selection(
        [("topup", "Top-up"), ("adjustment", "Adjustment"), ("refund", "Refund"), ("opening", "Opening Balance")],
        required=True,
        default="topup",
        help="Top-up: money that the customer paid. Adjustment: a correction, negative takes away. Refund: given back"
        " for a complaint. Opening balance: carried over from another system.",
    )
    amount = fields.Float(
        digits=(20, 6),
        min_display_digits=4,
        required=True,
        help="In the account's currency. Negative takes away; a top-up is always positive.",
    )
    new_balance = fields.Float(
        digits=(20, 6), min_display_digits=4, compute="_compute_new_balance", string="Balance After"
    )
    reference = fields.Char(required=True, help="Shown to the customer, for example the number of the bank transfer.")
    idempotency_key = fields.Char(
        required=True,
        readonly=True,
        default=lambda self: f"manual:{uuid.uuid4()}",
        help="Made once for this page, so that a second click posts nothing twice.",
    )

    @api.depends("amount", "account_id")
    def _compute_new_balance(self):
        for topup in self:
            topup.new_balance = topup.account_id.balance + topup.amount

    def action_post(self):
        """Post the entry; a second click posts nothing."""
        self.ensure_one()
        self.account_id.check_access("write")
        if not self.amount or (self.kind == "topup" and self.amount < 0):
            raise UserError(self.env._("Give an amount above zero; to take money away, choose Adjustment."))
        if self.kind == "topup" and self.account_id.state == "closed":
            raise UserError(self.env._("Account %s is closed. Top up an open account.", self.account_id.number))
        self.account_id._wallet_post(self.kind, self.amount, self.idempotency_key, self.reference)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
