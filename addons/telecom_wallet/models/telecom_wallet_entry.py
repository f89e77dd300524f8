from odoo import fields, models
from odoo.exceptions import UserError

KINDS = [
    ("topup", "Top-up"),
    ("charge", "Charge"),
    ("adjustment", "Adjustment"),
    ("reversal", "Reversal"),
    ("refund", "Refund"),
    ("opening", "Opening Balance"),
]


class TelecomWalletEntry(models.Model):
    """One movement of a wallet. Entries are never changed or deleted: a wrong one is reversed."""

    _name = "telecom.wallet.entry"
    _description = "Wallet Entry"
    _auto = False
    _table = "telecom_wallet_entry_view"
    _rec_name = "reference"
    _order = "id desc"
    _depends = {"telecom.billing.account": ["company_id", "partner_id", "customer_company_id", "currency_id"]}

    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    company_id = fields.Many2one("res.company", string="Provider", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_company_id = fields.Many2one("res.company", string="Reseller's Company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    posted_at = fields.Datetime(string="Posted", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    amount = fields.Float(
        digits=(20, 6), min_display_digits=6, readonly=True, help="In the account's currency; a charge is negative."
    )
    balance_after = fields.Float(
        string="New Balance", digits=(20, 6), min_display_digits=6, readonly=True, aggregator=None
    )
    idempotency_key = fields.Char(
        string="Key", readonly=True, help="Makes sure that nothing is posted twice.", groups="telecom_base.group_staff"
    )
    reference = fields.Char(readonly=True)
    reverses_id = fields.Many2one("telecom.wallet.entry", readonly=True)
    user_id = fields.Many2one("res.users", string="Posted by", readonly=True, groups="telecom_base.group_staff")

    def action_reverse(self):
        """Ask for the reason, then post the opposite of this entry."""
        self.ensure_one()
        if self.kind == "reversal":
            raise UserError(self.env._("A reversal cannot be reversed. Post the right amount anew."))
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_wallet.action_wallet_reversal")
        return {**action, "context": {"default_entry_id": self.id}}

    def _reverse(self, reference):
        """Post the opposite of this entry, once, and return the new entry's id; again: the same id."""
        self.ensure_one()
        return self.env["telecom.wallet"]._call_function(
            "telecom_wallet_reverse", self.id, f"reversal:{self.id}", reference, self.env.uid
        )
