from odoo import api, fields, models
from odoo.addons.telecom_base.tools.amounts import as_typed
from odoo.addons.telecom_base.tools.roles import PRICES_AND_RESELLERS
from odoo.exceptions import ValidationError

from ..tools.week import draw_week, hours_tariff

MOST_SHOWN = 12  # rates of which the page shows the prices by time


class TelecomRatePlan(models.Model):
    """Hours by which prices of the plan differ."""

    _inherit = "telecom.rate.plan"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    band_set_id = fields.Many2one(
        "telecom.band.set",
        string="Hours",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', '=', company_id)]",
        help="Peak, off-peak, weekend, holiday: by which hours prices may differ, in the plan's time zone. A rate costs"
        " the same at all times until it gets prices by time.",
    )
    week = fields.Html(
        compute="_compute_week",
        sanitize=False,  # own template
        string="Who Pays What When",
        groups=PRICES_AND_RESELLERS,
    )

    @api.depends("band_set_id.hours", "timezone", "rate_ids.band_price_ids", "rate_ids.price")
    def _compute_week(self):
        for plan in self:
            hours = plan.band_set_id._band_hours()
            if not hours:
                plan.week = False
                continue
            picture = draw_week(self.env, hours_tariff(hours, plan.timezone or "UTC"))
            plan.week = picture + self.env["ir.qweb"]._render("telecom_rating.prices_by_time", plan._prices_by_time())

    def _prices_by_time(self):
        """Return the first rates with prices by time: name, standard price, price in each band (None: standard)."""
        bands = self.band_set_id.band_ids
        timed = self.rate_ids.filtered(lambda rate: rate.band_price_ids and rate.in_force)
        rows = []
        for rate in timed[:MOST_SHOWN]:
            prices = {one.band_id: as_typed(one.price) for one in rate.band_price_ids}
            rows.append((rate.display_name, as_typed(rate.price), [prices.get(band) for band in bands]))
        return {"bands": bands.mapped("name"), "rows": rows, "more": len(timed) - len(rows)}

    @api.constrains("band_set_id", "company_id")
    def _check_band_set(self):
        for plan in self:
            if plan.band_set_id and plan.band_set_id.company_id != plan.company_id:
                raise ValidationError(
                    self.env._("The hours of plan %s must be a band set of the same provider.", plan.name)
                )
