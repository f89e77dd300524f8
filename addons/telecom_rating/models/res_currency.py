from odoo import models
from odoo.tools import SQL

from telecom_switch_bridge.core.currency import factor_between
from telecom_switch_bridge.core.money import FACTOR_ONE


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _telecom_factor_e8(self, other, at):
        """Return units of another currency for one of this (8 decimals) at an instant; 0: a rate is missing.

        By the owner's rates, of the day in UTC, as calls are charged (`switch_v1_currency_rate`).
        """
        self.ensure_one()
        if self == other:
            return FACTOR_ONE
        rates = [one._telecom_rate_e12(at) for one in (self, other)]
        return factor_between(*rates) if all(rates) else 0

    def _telecom_rate_e12(self, at):
        """Return what one unit of the owner's currency is in this one (12 decimals); None when nobody has said."""
        owner_sudo = self.env["telecom.tenant"].sudo().search([("parent_id", "=", False)]).company_id
        self.env["res.currency.rate"].flush_model()
        self.env.cr.execute(
            SQL(
                """select round(rate::numeric * 1000000000000)::bigint from res_currency_rate
                    where currency_id = %s and (company_id = %s or company_id is null) and name <= %s and rate > 0
                    order by name desc limit 1""",
                self.id,
                owner_sudo.id,
                at.date(),
            )
        )
        found = self.env.cr.fetchone()
        if found:
            return found[0]
        return 10**12 if self == owner_sudo.currency_id else None
