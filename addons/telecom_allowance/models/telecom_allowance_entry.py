from odoo import fields, models
from odoo.exceptions import UserError

KINDS = [("given", "Given"), ("used", "Used"), ("expired", "Expired"), ("reversal", "Reversal")]


class TelecomAllowanceEntry(models.Model):
    """One movement of included minutes. Entries are never changed or deleted: a wrong one is reversed."""

    _name = "telecom.allowance.entry"
    _description = "Entry of Included Minutes"
    _auto = False
    _table = "telecom_allowance_entry_view"
    _rec_name = "reference"
    _order = "id desc"
    _depends = {"telecom.billing.account": ["company_id", "partner_id", "customer_company_id"]}

    bucket_id = fields.Many2one("telecom.allowance.bucket", string="Included Minutes", readonly=True)
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    company_id = fields.Many2one("res.company", string="Provider", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_company_id = fields.Many2one("res.company", string="Reseller's Company", readonly=True)
    posted_at = fields.Datetime(string="Posted", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    minutes = fields.Float(readonly=True, help="Minutes and seconds; what calls used is negative.")
    left_after = fields.Float(string="Then Left", readonly=True, aggregator=None)
    reference = fields.Char(readonly=True, help="The number that was called, or why.")
    reverses_id = fields.Many2one("telecom.allowance.entry", readonly=True)
    user_id = fields.Many2one("res.users", string="Posted by", readonly=True, groups="telecom_base.group_staff")

    def action_reverse(self):
        """Ask for the reason, then post the opposite of this entry."""
        self.ensure_one()
        if self.kind == "reversal":
            raise UserError(self.env._("A reversal cannot be reversed. Give the right minutes anew."))
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_allowance.action_allowance_reversal")
        return {**action, "context": {"default_entry_id": self.id}}

    def _reverse(self, reference):
        """Post the opposite of this entry, once, and return the new entry's id; again: the same id."""
        self.ensure_one()
        wallet = self.env["telecom.wallet"]
        try:
            return wallet._call_function("telecom_allowance_reverse", self.id, reference, self.env.uid)
        finally:
            self.env["telecom.allowance.bucket"]._forget()
