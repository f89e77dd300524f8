from odoo import fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS, from_micro
from odoo.addons.telecom_base.tools.roles import PRICES_AND_OUTSIDE
from odoo.tools import SQL

from telecom_switch_bridge.core.rating import answered_seconds

from .telecom_live_call import charge_micro, meter_for


class TelecomLiveCharge(models.Model):
    """A call in progress as one account pays for it: what its provider and the customer may see, not who carries it."""

    _name = "telecom.live.charge"
    _description = "Call in Progress of an Account"
    _table = "telecom_live_charge_page"
    _auto = False
    _log_access = False
    _order = "authorised_at desc, id desc"
    _rec_name = "to_number"
    _depends = {"telecom.billing.account": ["partner_id", "company_id", "customer_company_id", "currency_id"]}

    state = fields.Selection([("ringing", "Ringing"), ("answered", "Answered")], readonly=True)
    direction = fields.Selection(
        [("outbound", "Outbound"), ("inbound", "Inbound"), ("internal", "Internal"), ("emergency", "Emergency")],
        readonly=True,
    )
    authorised_at = fields.Datetime(string="Started", readonly=True, help="When the switch let the call start.")
    answered_at = fields.Datetime(string="Answered", readonly=True)
    from_number = fields.Char(string="From", readonly=True)
    to_number = fields.Char(string="To", readonly=True, help="International form; an extension as it was dialled.")
    destination_id = fields.Many2one("telecom.destination", readonly=True)
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", string="Provider", readonly=True)
    customer_company_id = fields.Many2one("res.company", string="Reseller's Company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    seconds = fields.Integer(string="Duration (s)", compute="_compute_charge", help="Whole seconds since the answer.")
    charge = fields.Float(
        digits=DIGITS,
        min_display_digits=4,
        compute="_compute_charge",
        groups=PRICES_AND_OUTSIDE,
        help="What the account has to pay for the call so far, tax included.",
    )

    def _compute_charge(self):
        self.env.cr.execute(
            SQL(
                """select id, answered_tz, granted_s, customer, customer_covered_s, greatest(0,
                          extract(epoch from clock_timestamp() - answered_tz) * 1000000)::bigint as elapsed_us
                     from telecom_live_charge_page where answered_tz is not null and id = any(%s)""",
                list(self.ids),
            )
        )
        answered = {row["id"]: row for row in self.env.cr.dictfetchall()}
        for call in self:
            terms = answered.get(call.id)
            call.seconds = answered_seconds(terms["elapsed_us"]) if terms else 0
            call.charge = from_micro(charge_micro(meter_for(terms), call.seconds)) if terms else 0
