from odoo import fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS

AMOUNT = {"digits": DIGITS, "min_display_digits": 6, "readonly": True}


class TelecomRerateSum(models.Model):
    """What a re-rating changes for one account."""

    _name = "telecom.rerate.sum"
    _description = "Re-rating of an Account"
    _auto = False
    _table = "telecom_rerate_sum_view"
    _log_access = False
    _order = "run_id desc, account_id"
    _rec_name = "account_id"
    _depends = {"telecom.billing.account": ["partner_id", "currency_id"]}

    run_id = fields.Many2one("telecom.rerate.run", string="Re-rating", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    provider_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    calls = fields.Integer(readonly=True, help="Calls that cost this account something else than they did.")
    old_gross = fields.Float(string="Charged", help="Is given back.", **AMOUNT)
    gross = fields.Float(string="Anew", help="Is charged in its place.", **AMOUNT)
    net_difference = fields.Float(**AMOUNT)
    tax_difference = fields.Float(**AMOUNT)
    difference = fields.Float(help="What the account pays more; less where it is negative. With tax.", **AMOUNT)


class TelecomRerateLine(models.Model):
    """What a re-rating changes in one charge of a call. A page over `telecom_call_correction`."""

    _name = "telecom.rerate.line"
    _description = "Re-rated Charge"
    _auto = False
    _table = "telecom_rerate_line_view"
    _log_access = False
    _order = "started_at, record_id, level"
    _rec_name = "e164"
    _depends = {"telecom.billing.account": ["partner_id"]}

    run_id = fields.Many2one("telecom.rerate.run", string="Re-rating", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    record_id = fields.Many2one("telecom.call.record", string="Call Record", readonly=True)
    started_at = fields.Datetime(string="Started", readonly=True)
    level = fields.Integer(
        readonly=True, aggregator=None, help="0: the customer who called; 1 and more: the resellers."
    )
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    provider_id = fields.Many2one("res.company", readonly=True)
    direction = fields.Selection([("outbound", "Outbound"), ("inbound", "Inbound")], readonly=True)
    e164 = fields.Char(string="To", readonly=True)
    destination_id = fields.Many2one("telecom.destination", readonly=True)
    answered_s = fields.Integer(string="Duration (s)", readonly=True)
    included_s = fields.Integer(
        string="Included (s)", readonly=True, help="Included seconds that the call has used: they stay used."
    )
    old_billed_s = fields.Integer(string="Billed (s)", readonly=True)
    billed_s = fields.Integer(string="Billed Anew (s)", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    old_gross = fields.Float(string="Charged", **AMOUNT)
    gross = fields.Float(string="Anew", **AMOUNT)
    net_difference = fields.Float(**AMOUNT)
    tax_difference = fields.Float(**AMOUNT)
    difference = fields.Float(help="What the account pays more; less where it is negative. With tax.", **AMOUNT)
