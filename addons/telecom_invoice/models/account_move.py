from decimal import Decimal

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import to_micro
from odoo.addons.telecom_base.tools.sql import sql_text
from odoo.exceptions import UserError

COPIED = {"copy": False, "readonly": True}


class AccountMove(models.Model):
    """Documents of calls: what they say is what was charged, and stays so."""

    _inherit = "account.move"

    telecom_account_id = fields.Many2one(
        "telecom.billing.account",
        string="Billing Account",
        ondelete="restrict",
        index="btree_not_null",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Its calls are what this document is for.",
        **COPIED,
    )
    telecom_billing_run_id = fields.Many2one(
        "telecom.billing.run",
        string="Billing Run",
        ondelete="restrict",
        index="btree_not_null",
        groups="telecom_base.group_accountant,telecom_base.group_auditor",
        **COPIED,
    )
    telecom_rerate_run_id = fields.Many2one(
        "telecom.rerate.run",
        string="Re-rating",
        ondelete="restrict",
        index="btree_not_null",
        groups="telecom_base.group_accountant,telecom_base.group_auditor",
        help="It changed calls that were invoiced before: this document is the difference.",
        **COPIED,
    )
    telecom_call_count = fields.Integer(
        string="Calls", groups="account.group_account_readonly,account.group_account_invoice", **COPIED
    )
    telecom_total = fields.Monetary(
        string="Total of Calls",
        groups="account.group_account_readonly,account.group_account_invoice",
        help="With tax, as it was made.",
        **COPIED,
    )

    def _post(self, soft=True):
        of_calls_sudo = self.sudo().filtered("telecom_account_id")
        of_calls_sudo._telecom_refuse_changed()
        posted = super()._post(soft)
        (posted.sudo() & of_calls_sudo)._telecom_post_rounding()
        return posted

    def _compute_show_reset_to_draft_button(self):
        super()._compute_show_reset_to_draft_button()
        self.sudo().filtered("telecom_account_id").show_reset_to_draft_button = False

    def button_draft(self):
        self._telecom_refuse_taking_back()
        return super().button_draft()

    def button_cancel(self):
        self._telecom_refuse_taking_back()
        return super().button_cancel()

    def action_switch_move_type(self):
        self._telecom_refuse_taking_back()
        return super().action_switch_move_type()

    def unlink(self):
        keys = [move._telecom_rounding_key() for move in self.sudo().filtered("telecom_account_id")]
        done = super().unlink()
        for key in keys:
            self._telecom_take_back_rounding(key)
        return done

    def _telecom_refuse_taking_back(self):
        if of_calls_sudo := self.sudo().filtered("telecom_account_id"):
            raise UserError(
                self.env._(
                    "%s is for calls that were charged, and says what the wallets say. Delete it while it is a draft:"
                    " its calls can be invoiced again. Once it is posted, correct the prices and re-rate the calls"
                    " (Telecom > Calls > Re-rating): that makes a credit note.",
                    of_calls_sudo[0].display_name,
                )
            )

    def _telecom_refuse_changed(self):
        """Raise UserError when the lines of calls do not come to what they were made as."""
        for move in self:
            others = move.invoice_line_ids.filtered(lambda line: not line.telecom_call_count)
            total = move.amount_total - sum(others.mapped("price_total"))
            allowed = move.currency_id.rounding * (1.5 if others else 0.5)  # Odoo rounds taxes of all lines together
            if abs(total - move.telecom_total) > allowed:
                raise UserError(
                    self.env._(
                        "%(move)s: its calls come to %(total)s, but were charged as %(made)s. Delete it and make it"
                        " again; lines that are for something else may be added.",
                        move=move.display_name,
                        total=move.currency_id.format(total),
                        made=move.currency_id.format(move.telecom_total),
                    )
                )

    def _telecom_check_charges(self):
        """Raise UserError when Odoo makes something else of the calls than was charged, but for roundings.

        Taxes are rounded once here and once a call there, so they may differ by more; they are the same taxes
        (telecom.invoice.maker), and the difference is posted (charging.md rule 3).
        """
        self.ensure_one()
        net_micro = self._telecom_charged_micro()[0]
        untaxed_micro = self._telecom_sign() * to_micro(self.currency_id.round(self.amount_untaxed))
        roundings = sum(1 + len(line.tax_ids) for line in self.invoice_line_ids)
        if abs(untaxed_micro - net_micro) > roundings * to_micro(self.currency_id.rounding):
            raise UserError(
                self.env._(
                    "The calls of %(account)s were charged as %(net)s without tax, but Odoo makes %(untaxed)s of them."
                    " Look at the taxes of the account: are they included in its prices?",
                    account=self.telecom_account_id.display_name,
                    net=self._telecom_amount(net_micro, 6),
                    untaxed=self._telecom_amount(untaxed_micro, 6),
                )
            )

    def _telecom_sign(self):
        return -1 if self.move_type == "out_refund" else 1

    def _telecom_charged_micro(self):
        """Return what the document's calls were charged: net and gross (1/1,000,000 unit)."""
        self.env.cr.execute(
            """select coalesce(sum(c.net_micro), 0)::bigint, coalesce(sum(c.gross_micro), 0)::bigint
                 from telecom_invoiced_charge invoiced
                 join telecom_call_charge c on c.id = invoiced.charge_id and c.started_at = invoiced.started_at
                where invoiced.move_id = %s""",
            [self.id],
        )
        return self.env.cr.fetchone()

    def _telecom_post_rounding(self):
        """Post what documents and charges differ by to the wallets: both are equal to the last unit."""
        for move in self:
            owed_micro = move._telecom_sign() * to_micro(move.currency_id.round(move.telecom_total))
            difference_micro = move._telecom_charged_micro()[1] - owed_micro
            if difference_micro:
                self.env["telecom.wallet"]._call_function(
                    "telecom_wallet_post",
                    move.telecom_account_id.id,
                    "adjustment",
                    difference_micro,
                    move._telecom_rounding_key(),
                    self.env._("Rounding of %s", move.name),
                    self.env.uid,
                )

    def _telecom_rounding_key(self):
        return f"invoice:{self.id}:rounding"

    @api.model
    def _telecom_take_back_rounding(self, key):
        """A draft went. If posting it failed half-way, its rounding is in the wallet already: reverse it.

        In this transaction, unlike other entries: a draft that stays after all must keep its rounding.
        """
        self.env.cr.execute(
            """select telecom_wallet_reverse(id, %s, %s, %s) from telecom_wallet_entry where idempotency_key = %s""",
            [f"{key}:reversed", self.env._("Not invoiced"), self.env.uid, key],
        )
        if self.env.cr.rowcount:
            self.env["telecom.wallet"]._forget_amounts()

    def action_open_telecom_charges(self):
        """Open the calls that the document is for."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_call.action_call_charge")
        return {**action, "domain": [("move_id", "=", self.id)], "context": {}, "display_name": self.display_name}

    @api.model
    def _telecom_amount(self, micro, decimals):
        """Return an exact amount with so many decimals."""
        return f"{Decimal(micro) / 1_000_000:.{decimals}f}"

    @api.model
    def _telecom_decimals(self, micros, currency):
        """Return how many decimals show all these amounts as they are: the currency's and more."""
        finest = next(one for one in range(7) if not any(micro % 10 ** (6 - one) for micro in micros))
        return max(currency.decimal_places, finest)

    @api.model
    def _telecom_clock(self, seconds):
        """Return a duration in seconds as hours, minutes and seconds."""
        minutes, rest = divmod(abs(seconds), 60)
        return f"{'-' if seconds < 0 else ''}{minutes // 60}:{minutes % 60:02d}:{rest:02d}"

    def _telecom_summary(self):
        """Return what the document's calls were: a dict for each direction and destination, for the printed page."""
        self.ensure_one()
        if not self.sudo().telecom_account_id:
            return []
        self.env.cr.execute(sql_text("telecom_invoice", "summary.sql"), {"move": self.id})
        return self.env.cr.dictfetchall()
