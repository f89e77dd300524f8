from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools.customer import customer_figures, customer_now
from ..tools.owner import owner_figures, owner_now
from ..tools.period import PERIODS, Period
from ..tools.reseller import reseller_figures, reseller_now

KINDS = (  # the first that a person is decides what it sees
    ("telecom_base.group_staff", owner_figures, owner_now),
    ("telecom_base.group_reseller_support", reseller_figures, reseller_now),
    ("telecom_base.group_reseller_accountant", reseller_figures, reseller_now),
    ("telecom_base.group_customer_user", customer_figures, customer_now),
)


class TelecomDashboard(models.AbstractModel):
    """Figures of the dashboards. Nothing is stored, and nothing is read with raised rights: the record rules of calls,
    charges, balances and trunks decide what is counted, and field groups which amounts there are."""

    _name = "telecom.dashboard"
    _description = "Dashboard"

    @api.model
    def figures(self, days):
        """Return charts and tables of the last `days` days (7, 30 or 90), as the page draws them (tools/shapes.py)."""
        if days not in PERIODS:
            raise UserError(self.env._("A dashboard shows the last 7, 30 or 90 days, not %s.", days))
        period = Period.of(self.env, days)
        return {"days": days, **self._kind()[0](self.env(context={**self.env.context, "tz": period.tz}), period)}

    @api.model
    def now(self):
        """Return the tiles of this moment."""
        return self._kind()[1](self.env)

    @api.model
    def _kind(self):
        for group, figures, now in KINDS:
            if self.env.user.has_group(group):
                return figures, now
        raise AccessError(self.env._("There is no dashboard for you: you are neither staff nor a customer."))
