from odoo import api, fields, models
from odoo.exceptions import ValidationError

from telecom_switch_bridge.core.rating import TariffError

from ..tools.plan_prices import BandHours
from ..tools.week import draw_week, hours_tariff

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_TIMES = 63  # as core.tariff.MAX_BANDS, less one for all other times


class TelecomBandSet(models.Model):
    """Hours by which prices differ, as a list of bands. Where several hold at once, the first of the list decides."""

    _name = "telecom.band.set"
    _description = "Band Set"
    _order = "company_id, name"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Provider",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    band_ids = fields.One2many("telecom.band", "set_id", string="Bands", copy=True)
    plan_ids = fields.One2many("telecom.rate.plan", "band_set_id", string="Rate Plans")
    plan_count = fields.Integer(compute="_compute_plan_count", string="Number of Plans")
    hours = fields.Json(compute="_compute_hours", help="All times as plain values, those that decide first in front.")
    week = fields.Html(
        compute="_compute_week", sanitize=False, string="This Week", help="Hours are those of each plan's time zone."
    )

    _name_unique = models.Constraint("UNIQUE (company_id, name)", "This provider has a band set of this name already.")

    @api.depends("plan_ids")
    def _compute_plan_count(self):
        for band_set in self:
            band_set.plan_count = len(band_set.plan_ids)

    @api.depends(
        "band_ids.name",
        "band_ids.sequence",
        *(f"band_ids.time_ids.{name}" for name in ("kind", *DAYS, "calendar_id", "from_hour", "to_hour")),
        "band_ids.time_ids.calendar_id.holiday_ids.date",
        "band_ids.time_ids.calendar_id.holiday_ids.every_year",
    )
    def _compute_hours(self):
        """The first of the list is the heaviest, as switch_v1_rate numbers them."""
        for band_set in self:
            times = band_set._times()
            band_set.hours = [[*time._hours(), len(times) - place] for place, time in enumerate(times)]

    @api.depends("hours")
    def _compute_week(self):
        for band_set in self:
            hours = band_set._band_hours()
            try:
                band_set.week = draw_week(self.env, hours_tariff(hours, "UTC")) if hours else False
            except TariffError:  # in words when it is saved
                band_set.week = False

    def write(self, vals):
        if "company_id" in vals and any(band_set.company_id.id != vals["company_id"] for band_set in self):
            raise ValidationError(
                self.env._("A band set stays with its provider. Make a new one in the other company.")
            )
        return super().write(vals)

    def action_open_plans(self):
        """Open the plans whose prices differ by these hours."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_rating.action_rate_plan")
        return {**action, "domain": [("band_set_id", "=", self.id)], "context": {"default_band_set_id": self.id}}

    def _times(self):
        """Return all times, those that decide first in front."""
        return self.band_ids.sorted(_in_order).time_ids.sorted(lambda time: (*_in_order(time.band_id), _key(time)))

    def _band_hours(self):
        """Return all times, the heaviest in front."""
        return [BandHours.of(values) for values in self.hours or []]

    def _check_times(self):
        """Raise ValidationError when there are more times than the switch prices."""
        for band_set in self:
            if (count := len(band_set.band_ids.time_ids)) > MAX_TIMES:
                raise ValidationError(
                    self.env._(
                        "%(bands)s has %(count)s times; at most %(most)s can be priced. Put weekdays together.",
                        bands=band_set.name,
                        count=count,
                        most=MAX_TIMES,
                    )
                )


class TelecomBand(models.Model):
    """Some hours of the week, or holidays, that have a price of their own: off-peak, weekend, holiday."""

    _name = "telecom.band"
    _description = "Band"
    _order = "set_id, sequence, id"

    name = fields.Char(required=True)
    set_id = fields.Many2one("telecom.band.set", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="set_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10, help="Where two bands hold at once, the one that stands first decides.")
    time_ids = fields.One2many("telecom.band.time", "band_id", string="Times", copy=True)
    times = fields.Char(string="When", compute="_compute_times", help="When the band holds.")

    _name_unique = models.Constraint("UNIQUE (set_id, name)", "This band set has a band of this name already.")

    @api.depends("time_ids.display_name")
    def _compute_times(self):
        for band in self:
            band.times = "; ".join(band.time_ids.mapped("display_name"))

    def write(self, vals):
        if "set_id" in vals and any(band.set_id.id != vals["set_id"] for band in self):
            raise ValidationError(self.env._("A band stays in its band set. Make a new one in the other set."))
        return super().write(vals)


def _in_order(band):
    return (band.sequence, _key(band))


def _key(record):
    return record._origin.id or 1 << 31  # a new one comes last
