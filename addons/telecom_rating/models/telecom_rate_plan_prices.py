from dataclasses import replace

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import to_micro

from telecom_switch_bridge.core.price_walk import PlanLevel, PlanTerms, RateBook
from telecom_switch_bridge.core.rating import Rounding


class TelecomRatePlan(models.Model):
    """The plan as plain values, for the price walk that live calls take too."""

    _inherit = "telecom.rate.plan"

    def _chain_sudo(self, at=None):
        """Return the plans by which a call of this plan's customers is charged, the owner's first, this one last.

        `at`: the instant of the call (naive UTC), now if not given; resellers may have other plans at other times.

        Above it stands, level by level, the plan of the same direction of the tenant's account at its provider; an
        empty plan in the list means that such an account has none: outbound calls are refused, inbound ones are free
        for that tenant.
        """
        self.ensure_one()
        plan_sudo = self.sudo()  # the provider's prices decide, also when the user may not see them
        at = at or fields.Datetime.now()
        chain = [plan_sudo]
        tenant_sudo = self._tenant_sudo()
        while tenant_sudo.parent_id:
            chain.insert(0, tenant_sudo.account_id._plan_at(self.direction, at))
            tenant_sudo = tenant_sudo.parent_id
        return chain

    @api.model
    def _price_levels(self, chain_sudo, at, destinations=None):
        """Return plans of a chain, the owner's first, as the price walk takes them at an instant (aware).

        A plan that marks up prices of another currency stands on them at the owner's rate of the day; without such a
        rate it has no price.
        """
        levels, above = [], None
        for plan_sudo in chain_sudo:
            level = plan_sudo._price_level(destinations)
            if level and above and level.terms.marks_up:
                factor_e8 = above.currency_id._telecom_factor_e8(plan_sudo.currency_id, at)
                level = replace(level, factor_e8=factor_e8) if factor_e8 else None
            levels.append(level)
            above = plan_sudo
        return levels

    def _price_level(self, destinations=None):
        """Return this plan with its rates, as the price walk takes it; None when there is no plan.

        `destinations`: only rates of these destinations and of their groups; None: all.
        """
        if not self:
            return None
        self.ensure_one()
        domain = [("plan_id", "=", self.id)]
        if destinations is not None:
            places = ["|", ("destination_id", "in", destinations.ids), ("group_id", "in", destinations.group_id.ids)]
            domain += places
        rates = self.env["telecom.rate"].search(domain)
        return PlanLevel(self._terms(), RateBook(rate._terms() for rate in rates))

    def _terms(self):
        """Return what holds for all prices of the plan, as plain values."""
        rounding = Rounding(self.rounding_method, self.rounding_decimals) if self.rounding_method else None
        return PlanTerms(
            timezone=self.timezone,
            marks_up=self.base == "parent",
            default_method=self.default_method,
            default_percent_micro=to_micro(self.default_percent),
            default_absolute_micro=to_micro(self.default_absolute),
            rounding=rounding,
        )

    def _source(self):
        """Return where a price without a rate of its own comes from, in words."""
        if self.default_method == "percent":
            return self.env._("default: provider's price + %s %%", f"{self.default_percent:g}")
        return self.env._("default: provider's price + %s per minute", f"{self.default_absolute:g}")
