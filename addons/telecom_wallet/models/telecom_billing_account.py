from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import from_micro, to_micro
from odoo.exceptions import UserError
from odoo.modules import module
from odoo.tools import SQL


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    balance = fields.Float(
        digits=(20, 6),
        min_display_digits=4,
        compute="_compute_wallet",
        search="_search_balance",
        help="What the customer has left (negative: owes), in the account's currency.",
    )
    reserved = fields.Float(
        digits=(20, 6),
        min_display_digits=4,
        compute="_compute_wallet",
        search="_search_reserved",
        help="Held by calls that are running now, in the account's currency.",
    )
    headroom = fields.Float(
        digits=(20, 6),
        min_display_digits=4,
        string="Available",
        compute="_compute_wallet",
        search="_search_headroom",
        help="What new calls may use, in the account's currency: balance + credit limit - reserved.",
    )

    @api.depends("credit_limit")
    def _compute_wallet(self):
        query = SQL(
            "SELECT account_id, balance_micro, reserved_micro FROM telecom_wallet WHERE account_id = ANY(%s)", self.ids
        )
        amounts = {row[0]: row[1:] for row in self.env.execute_query(query)}
        for account in self:
            balance_micro, reserved_micro = amounts.get(account._origin.id, (0, 0))
            account.balance, account.reserved = from_micro(balance_micro), from_micro(reserved_micro)
            # the account's own limit: the wallet learns a new one only after the commit
            limit_micro = to_micro(account.credit_limit)
            account.headroom = from_micro(balance_micro + limit_micro - reserved_micro)

    def _search_balance(self, operator, value):
        return self._search_wallet("balance", operator, value)

    def _search_reserved(self, operator, value):
        return self._search_wallet("reserved", operator, value)

    def _search_headroom(self, operator, value):
        return self._search_wallet("headroom", operator, value)

    def _search_wallet(self, name, operator, value):
        # rights on the account itself decide which accounts are found
        return [("id", "in", self.env["telecom.wallet"].sudo()._search([(name, operator, value)]))]

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._open_wallets()
        return accounts

    def write(self, vals):
        done = super().write(vals)
        if "credit_limit" in vals:
            self._sync_credit_limits()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_with_unused_wallet(self):
        """Delete the wallets of accounts that were never used; refuse the others."""
        for account in self:
            query = SQL("SELECT telecom_wallet_discard(%s)", account.id)
            if not self.env.execute_query(query)[0][0]:
                raise UserError(
                    self.env._("Account %s has entries or running calls. Close it instead.", account.number)
                )

    def _open_wallets(self):
        """Give each account its wallet, in the caller's transaction; one that exists stays as it is."""
        self.flush_recordset()
        for account in self:
            query = SQL("SELECT telecom_wallet_open(%s, %s)", account.id, to_micro(account.credit_limit))
            self.env.execute_query(query)

    def _sync_credit_limits(self):
        """Bring the wallets to the accounts' limits once these are committed (see TelecomWallet._call_function)."""
        wallets, account_ids = self.env["telecom.wallet"], self.ids

        def sync():
            wallets._call_function("telecom_wallet_sync_credit_limits", account_ids)

        if module.current_test:
            sync()
        else:
            self.env.cr.postcommit.add(sync)

    def _wallet_post(self, kind, amount, idempotency_key, reference):
        """Post an entry (amount in the account's currency, up to 6 decimals) and return its id.

        It stays when the caller's transaction rolls back; the same key again does nothing and returns the same id.
        """
        self.ensure_one()
        return self.env["telecom.wallet"]._call_function(
            "telecom_wallet_post", self.id, kind, to_micro(amount), idempotency_key, reference, self.env.uid
        )

    def action_topup(self):
        """Open the page that adds money to this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_wallet.action_wallet_topup")
        return {**action, "context": {"default_account_id": self.id}}

    def action_open_entries(self):
        """List the entries of this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_wallet.action_wallet_entry")
        return {**action, "domain": [("account_id", "=", self.id)], "context": {}}
