"""The page "Price and Route" from a telephone, an account or a call record, and calls of an account that count now."""

from odoo import api, fields, models
from odoo.tools import SQL


class TelecomPhone(models.Model):
    _inherit = "telecom.phone"

    def action_price_and_route(self):
        """Ask what a call of this telephone costs and how it goes."""
        self.ensure_one()
        defaults = {"default_phone_id": self.id, "default_account_id": self.account_id.id}
        return self.env["telecom.price.and.route"]._open(defaults)


class TelecomBillingAccount(models.Model):
    _inherit = "telecom.billing.account"

    calls_outbound_now = fields.Char(
        string="Calls Out Now",
        compute="_compute_calls_now",
        help="Calls to the outside that run or ring at this moment, of the limit. A reseller's account counts those of"
        " all its customers.",
    )
    calls_inbound_now = fields.Char(
        string="Calls In Now",
        compute="_compute_calls_now",
        help="Calls from the outside that run or ring at this moment, of the limit. A reseller's account counts those"
        " of all its customers.",
    )

    @api.depends("max_calls_outbound", "max_calls_inbound")
    def _compute_calls_now(self):
        names = {f"{way}:account:{account_id}" for account_id in self.ids for way in ("out", "in")}
        self.env.cr.execute(
            SQL("select counted_on, living from switch_v1_call_count where counted_on = any(%s)", list(names))
        )
        living = dict(self.env.cr.fetchall())
        for account in self:
            out, into = (living.get(f"{way}:account:{account._origin.id}", 0) for way in ("out", "in"))
            account.calls_outbound_now = account._calls_of(out, account.max_calls_outbound)
            account.calls_inbound_now = account._calls_of(into, account.max_calls_inbound)

    def _calls_of(self, living, most):
        """Return "3 of 10", or "3" where there is no limit."""
        return str(living) if most is False else self.env._("%(living)s of %(most)s", living=living, most=most)

    def action_price_and_route(self):
        """Ask what a call of this account costs and how it goes."""
        self.ensure_one()
        self.check_access("read")
        return self.env["telecom.price.and.route"]._open({"default_account_id": self.id})


class TelecomCallRecord(models.Model):
    _inherit = "telecom.call.record"

    def action_price_and_route(self):
        """Ask by which steps this call came to its price and route; balances and limits are those of now."""
        self.ensure_one()
        defaults = {
            "default_account_id": self.account_id.id,
            "default_number": self.e164 and f"+{self.e164}" if self.direction == "inbound" else self.dialled,
            "default_called_at": self.started_at,
            "default_seconds": min(self.answered_s, 14_400),
        }
        if self.direction == "inbound":
            defaults |= {"default_way": "inbound", "default_trunk_id": self.trunk_id.id}
        else:
            defaults["default_phone_id"] = self.phone_id.id
        return self.env["telecom.price.and.route"]._open(defaults)
