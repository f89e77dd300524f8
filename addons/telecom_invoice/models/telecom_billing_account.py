from odoo import fields, models


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    invoice_from = fields.Datetime(
        string="Invoiced From",
        copy=False,
        tracking=True,
        groups="telecom_base.group_accountant,telecom_base.group_auditor",
        help="Calls of before were paid when they were made, so no billing run takes them. Empty: all are invoiced."
        " Set when a prepaid account becomes postpaid.",
    )
    telecom_move_ids = fields.One2many(
        "account.move",
        "telecom_account_id",
        string="Invoices of Calls",
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    def write(self, vals):
        begin = self.filtered(lambda account: account.mode == "prepaid") if vals.get("mode") == "postpaid" else self[:0]
        done = super().write(vals)
        if begin and "invoice_from" not in vals:
            begin.sudo().write({"invoice_from": fields.Datetime.now()})
        return done

    def action_open_invoices(self):
        """Open the documents of this account's calls."""
        self.ensure_one()
        self.env["account.move"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        return {**action, "domain": [("telecom_account_id", "=", self.id)], "context": {"create": False}}
