from odoo import api, models
from odoo.exceptions import AccessError

CREDIT_FIELDS = ("mode", "credit_limit")


class TelecomBillingAccount(models.Model):
    """How much a customer may owe: of the owner's staff the accountant and the administrator decide it."""

    _inherit = "telecom.billing.account"

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        if accounts.filtered("credit_limit"):
            accounts._refuse_credit()
        return accounts

    def write(self, vals):
        changed = [name for name in CREDIT_FIELDS if any(name in vals and one[name] != vals[name] for one in self)]
        if changed:
            self._refuse_credit()
        return super().write(vals)

    def _refuse_credit(self):
        """Raise AccessError for staff that may open accounts, but not lend money; people outside have own rules."""
        user = self.env.user
        if self.env.su or not user._is_internal() or user.has_group("telecom_base.group_accountant"):
            return
        raise AccessError(
            self.env._("Only accountants and administrators decide how an account is paid and how much it may owe.")
        )
