import uuid
from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS, to_micro
from odoo.exceptions import UserError


class TelecomAllowanceGive(models.TransientModel):
    """Gives an account a block of minutes and takes its price from the balance: both or neither."""

    _name = "telecom.allowance.give"
    _description = "Give a Block of Minutes"

    account_id = fields.Many2one("telecom.billing.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id")
    allowance_id = fields.Many2one("telecom.allowance", string="Block", required=True, ondelete="cascade")
    minutes = fields.Integer(related="allowance_id.minutes")
    currency_id = fields.Many2one(related="account_id.currency_id")
    headroom = fields.Float(related="account_id.headroom", min_display_digits=2)
    price = fields.Float(
        digits=DIGITS,
        min_display_digits=2,
        compute="_compute_price",
        store=True,
        readonly=False,
        help="Taken from the balance, tax included. 0: a present.",
    )
    reference = fields.Char(required=True, help="Shown to the customer beside the minutes and the charge.")
    idempotency_key = fields.Char(
        required=True,
        readonly=True,
        default=lambda self: f"block:{uuid.uuid4()}",
        help="Made once for this page, so that a second click gives nothing twice.",
    )

    @api.depends("allowance_id", "account_id")
    def _compute_price(self):
        for give in self:
            block, currency = give.allowance_id, give.account_id.currency_id
            give.price = block.price if block.currency_id == currency else 0.0  # in another one a person has to say

    def action_give(self):
        """Give the block; a second click gives nothing more."""
        self.ensure_one()
        account, allowance = self.account_id, self.allowance_id
        account.check_access("write")
        allowance.check_access("read")
        self._check(account, allowance)
        days = timedelta(days=allowance.valid_days)
        valid_to = self.env.cr.now().replace(tzinfo=UTC) + days if days else None
        try:
            self.env["telecom.wallet"]._call_function(
                "telecom_allowance_give",
                account.id,
                allowance.id,
                allowance.minutes * 60,
                valid_to,
                self.idempotency_key,
                to_micro(self.price),
                self.reference,
                self.env.uid,
            )
        finally:
            self.env["telecom.allowance.bucket"]._forget()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check(self, account, allowance):
        if allowance.kind != "block" or allowance.company_id != account.company_id:
            raise UserError(
                self.env._(
                    "%(block)s is no block of the provider of account %(number)s. Choose one of its blocks.",
                    block=allowance.name,
                    number=account.number,
                )
            )
        if account.state == "closed":
            raise UserError(self.env._("Account %s is closed. Give minutes to an open account.", account.number))
        if self.price < 0:
            raise UserError(self.env._("A price is zero or more."))
