from odoo import api, fields, models
from odoo.fields import Domain

from .telecom_call_record import DIRECTIONS


class TelecomCallCharge(models.Model):
    """What one provider charged to one of its customers for one leg: the view of a single level. Written by SQL."""

    _name = "telecom.call.charge"
    _inherit = "telecom.reasons.mixin"
    _description = "Call Charge"
    _auto = False
    _table = "telecom_call_charge_view"
    _rec_name = "e164"
    _order = "started_at desc, id desc"
    _depends = {"telecom.billing.account": ["partner_id"]}

    record_id = fields.Many2one(
        "telecom.call.record", string="Call Record", readonly=True, groups="telecom_base.group_staff"
    )
    leg_uniqueid = fields.Char(string="Leg", readonly=True, groups="telecom_base.group_staff")
    direction = fields.Selection(DIRECTIONS, readonly=True)
    started_at = fields.Datetime(string="Started", readonly=True)
    answered_at = fields.Datetime(string="Answered", readonly=True)
    level = fields.Integer(
        readonly=True,
        aggregator=None,
        groups="telecom_base.group_staff",
        help="0: the customer who called; 1 and more: the resellers above.",
    )
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", string="Provider", readonly=True)
    customer_company_id = fields.Many2one("res.company", string="Reseller's Company", readonly=True)
    from_number = fields.Char(string="From", readonly=True)
    dialled = fields.Char(readonly=True, help="As it was dialled.")
    e164 = fields.Char(string="To", readonly=True, help="International form, country code first.")
    destination_id = fields.Many2one("telecom.destination", readonly=True)
    answered_s = fields.Integer(string="Duration (s)", readonly=True, help="Whole seconds from answer to hang-up.")
    billed_s = fields.Integer(
        string="Billed (s)", readonly=True, help="Seconds charged, after the increments of the price list."
    )
    plan_id = fields.Many2one("telecom.rate.plan", string="Rate Plan", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    net = fields.Float(digits=(20, 6), min_display_digits=6, readonly=True, help="Without tax.")
    tax = fields.Float(digits=(20, 6), min_display_digits=6, readonly=True)
    tax_detail = fields.Text(string="Taxes", readonly=True, help="Each tax with what it took of this call.")
    gross = fields.Float(
        string="Charged", digits=(20, 6), min_display_digits=6, readonly=True, help="Taken from the balance, with tax."
    )
    plan_amount = fields.Char(
        string="In the Plan's Currency",
        readonly=True,
        help="When the plan is in another currency than the account: what the call came to before it was converted.",
    )
    kind = fields.Selection(
        [("charge", "Charge"), ("refund", "Refund"), ("corrected", "Charged Anew")],
        readonly=True,
        help="A re-rated call has all three: what it cost, that given back, what it costs.",
    )
    entry_id = fields.Many2one("telecom.wallet.entry", string="Wallet Entry", readonly=True)

    @api.model
    def _reasons(self):
        """A reseller sees what it sold and what it bought (rule_call_charge_company); each has an index by time."""
        companies = self.env.companies.ids
        people = ("telecom_base.group_reseller_support", "telecom_base.group_reseller_accountant")
        if len(companies) > 1 or not any(self.env.user.has_group(group) for group in people):
            return []
        return [Domain(name, "in", companies) for name in ("company_id", "customer_company_id")]
