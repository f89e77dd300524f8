from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    allowance_bucket_ids = fields.One2many("telecom.allowance.bucket", "account_id", string="Included Minutes")
    included_left = fields.Float(
        string="Included Minutes Left",
        compute="_compute_included_left",
        help="Minutes and seconds that new calls may use now, of all included minutes and blocks of the account.",
    )

    def _compute_included_left(self):
        query = SQL(
            """SELECT account_id, sum(free) FROM telecom_allowance_bucket_view
                WHERE account_id = ANY(%s) AND state IN ('good', 'rolled') GROUP BY account_id""",
            self.ids,
        )
        left = dict(self.env.execute_query(query))
        for account in self:
            account.included_left = left.get(account._origin.id, 0.0)

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        if any(account.rate_plan_id or account.inbound_rate_plan_id for account in accounts):
            self.env["telecom.allowance"]._open_months()
        return accounts

    @api.ondelete(at_uninstall=False)
    def _unlink_without_minutes(self):
        """Refuse accounts that were given minutes: what they used stays on record."""
        query = SQL("SELECT account_id FROM telecom_allowance_bucket WHERE account_id = ANY(%s) LIMIT 1", self.ids)
        for (account_id,) in self.env.execute_query(query):
            number = self.browse(account_id).number
            raise UserError(self.env._("Account %s has had included minutes. Close it instead.", number))

    def write(self, vals):
        done = super().write(vals)
        if {"rate_plan_id", "inbound_rate_plan_id"} & vals.keys():
            self.env["telecom.allowance"]._open_months()
        return done

    def action_give_minutes(self):
        """Open the page that gives this account a block of minutes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_allowance.action_allowance_give")
        return {**action, "context": {"default_account_id": self.id}}

    def action_open_included(self):
        """List the included minutes of this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_allowance.action_allowance_bucket")
        return {**action, "domain": [("account_id", "=", self.id)], "context": {}}
